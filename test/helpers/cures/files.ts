import type {Cure} from './cure.ts';

export const fileCures: Cure[] = [];
