import type {Message} from '../core/message.ts';

/** What is said about memory, disks and shared memory running out. */
export const resourcesMessages: readonly Message[] = [];
