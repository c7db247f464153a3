import type {Cure} from './cure.ts';

export const sessionCures: Cure[] = [];
