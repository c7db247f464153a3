import type {Message} from '../core/message.ts';

/** What is said about a database that starts, or fails to. */
export const startUpMessages: readonly Message[] = [];
