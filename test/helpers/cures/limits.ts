import type {Cure} from './cure.ts';

export const limitCures: Cure[] = [{fault: 'oom-killed-child', fix: 'raise-memory-limit', kill: 1}];
