import type {Message} from '../core/message.ts';

/** What is said about Compose and the project’s files. */
export const projectMessages: readonly Message[] = [];
