import type {Message} from '../core/message.ts';

/** What is said about redis, nginx and the applications. */
export const servicesMessages: readonly Message[] = [];
