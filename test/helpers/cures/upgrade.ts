import type {Cure} from './cure.ts';

export const upgradeCures: Cure[] = [];
