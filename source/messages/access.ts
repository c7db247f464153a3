import type {Message} from '../core/message.ts';

/** What is said about logins. */
export const accessMessages: readonly Message[] = [];
