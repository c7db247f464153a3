import type {Message} from '../core/message.ts';

/** What is said about what is in the database. */
export const dataMessages: readonly Message[] = [];
