import {spawnSync} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {bigJoin, bigSort} from '../../../source/lab/faults/parts/strain.ts';
import type {Cure} from './cure.ts';

/** Asks the shop's database for more than it has, as soon as it answers: the query fails, and its log says why. */
const asks = (sql: string) => async (project: string) => {
	const psql = (text: string) =>
		spawnSync(
			'docker',
			['exec', '-i', `${project}-db-1`, 'psql', '-v', 'ON_ERROR_STOP=1', '-U', 'shop', '-d', 'shopdb'],
			{
				input: text,
				encoding: 'utf8',
			},
		);
	// One that can't connect yet fails as well, and nobody has asked for anything then.
	for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500))
		if (psql('select 1').status === 0 && psql(sql).status !== 0) return;
};

// The SIGKILL matrix wants a fault that is still there after the undo: an edited Compose file and an edited settings file have one each.
export const limitCures: Cure[] = [
	{fault: 'oom-killed-child', fix: 'raise-memory-limit', happensAgain: asks(bigSort)},
	{fault: 'oom-killed-child', fix: 'lower-memory-use', happensAgain: asks(bigSort)},
	{fault: 'version-mismatch-newer', fix: 'pin-image-version'},
	{fault: 'config-invalid', fix: 'repair-config'},
	{fault: 'config-invalid-altered', fix: 'repair-config', killOnDemand: 1},
	{fault: 'socket-missing', fix: 'repair-config'},
	{fault: 'read-only-filesystem', fix: 'allow-writing', killOnDemand: 1},
	{fault: 'read-only-filesystem-root', fix: 'allow-writing'},
	{fault: 'shm-too-small', fix: 'set-shm-size', happensAgain: asks(bigJoin)},
	{fault: 'port-already-allocated', fix: 'change-published-port'},
	{fault: 'exposed-to-internet', fix: 'close-exposed-port'},
];
