import type {Cure} from './cure.ts';

export const roomCures: Cure[] = [];
