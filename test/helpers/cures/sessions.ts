import type {Cure} from './cure.ts';

export const sessionCures: Cure[] = [{fault: 'too-many-connections-altered', fix: 'raise-max-connections', kill: 1}];
