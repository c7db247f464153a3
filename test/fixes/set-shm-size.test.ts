import {expect, test} from 'vitest';
import type {Changes} from '../../source/diagnoses/samples.ts';
import {setShmSize} from '../../source/fixes/set-shm-size.ts';
import {changedLines, findingOf, planned, project, refusedFor} from '../helpers/planning.ts';

const mib = 1024 ** 2;
const found = findingOf({database: 'db', service: 'db', wanted: 16 * mib, now: 2 * mib});
const bare = project('  db:\n    image: x\n');
const db = (change: NonNullable<Changes['services']>[string] = {}): Changes => ({
	...bare,
	services: {db: {shmSize: 2 * mib, ...change}},
});

test('it is set, or raised where it stands', () => {
	expect(changedLines(planned(setShmSize, db(), found))).toEqual(['+    shm_size: 256m']);
	const there = {...db(), ...project("  db: {image: x, shm_size: '2m'}\n")};
	expect(changedLines(planned(setShmSize, there, found, {size: '1g'}))).toEqual([
		"-  db: {image: x, shm_size: '2m'}",
		"+  db: {image: x, shm_size: '1g'}",
	]);
});

test('it refuses where the size would count for nothing, or kill the container', () => {
	refusedFor(planned(setShmSize, db({ipcMode: 'host'}), found), /shared memory of others/);
	refusedFor(planned(setShmSize, db({memoryLimit: 300 * mib}), found), /more than half/);
	refusedFor(planned(setShmSize, db(), found, {size: '7g'}), /has 4 GiB left/);
	refusedFor(planned(setShmSize, db(), found, {size: '1m'}), /already/);
	const mounted = {type: 'tmpfs', name: '', source: '', destination: '/dev/shm', writable: true};
	refusedFor(planned(setShmSize, db({mounts: [mounted]}), found), /mounted at `\/dev\/shm`/);
	expect(planned(setShmSize, db(), found, {size: 'x'}).kind).toBe('asks');
});
