import type {Message} from '../core/message.ts';

/** What is said about the engine. */
export const engineMessages: readonly Message[] = [];
