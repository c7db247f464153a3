import type {Cure} from './cure.ts';

export const roomCures: Cure[] = [
	{fault: 'disk-full-run-logs', fix: 'free-disk-space', settings: ['--set', 'older-than=90d'], killOnDemand: 1},
];
