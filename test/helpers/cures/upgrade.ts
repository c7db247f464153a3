import type {Cure} from './cure.ts';

export const upgradeCures: Cure[] = [
	{fault: 'version-mismatch-newer', fix: 'upgrade-major', killOnDemand: 2},
	{fault: 'data-dir-emptied', fix: 'restore-backup', outOfSight: 'pgdata', killOnDemand: 1},
	{fault: 'data-dir-emptied-pgdata', fix: 'data-dir-emptied', outOfSight: 'pgdata'},
	{fault: 'corruption-wal-kept', fix: 'restore-backup', outOfSight: 'kept', killOnDemand: 1},
];
