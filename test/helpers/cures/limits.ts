import type {Cure} from './cure.ts';

export const limitCures: Cure[] = [];
