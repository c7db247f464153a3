import type {Message} from '../core/message.ts';

/** What is said about names, routes and ports. */
export const networkMessages: readonly Message[] = [];
