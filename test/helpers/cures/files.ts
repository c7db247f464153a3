import type {Cure} from './cure.ts';

export const fileCures: Cure[] = [
	{fault: 'stale-pid-lock', fix: 'remove-stale-pid', kill: 1},
	{fault: 'stale-pid-lock-taken', fix: 'stale-pid-lock'},
	{fault: 'data-dir-mode', fix: 'fix-mode', killOnDemand: 1},
	{fault: 'data-dir-permission', fix: 'fix-ownership', settings: ['--set', 'follow=user']},
	{fault: 'data-dir-permission-refused', fix: 'fix-ownership', killOnDemand: 1},
	{fault: 'data-dir-permission-folder', fix: 'move-to-named-volume', killOnDemand: 2},
];
