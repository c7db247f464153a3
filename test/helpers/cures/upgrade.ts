import type {Cure} from './cure.ts';

export const upgradeCures: Cure[] = [
	{fault: 'version-mismatch-newer', fix: 'upgrade-major', kill: 2},
	{fault: 'pg18-mount-layout', fix: 'upgrade-major'},
];
