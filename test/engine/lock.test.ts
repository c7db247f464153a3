import {spawn} from 'node:child_process';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {acquireLock, type Holder, processes} from '../../source/engine/lock.ts';
import {withFolder} from '../helpers/cli.ts';

const holder = async (change: Partial<Holder>): Promise<Holder> => ({
	pid: process.pid,
	host: hostname(),
	boot: await processes.boot(),
	started: await processes.started(process.pid),
	at: '2026-01-01T00:00:00.000Z',
	what: 'fix change-password',
	token: 'other',
	...change,
});

const leave = async (folder: string, change: Partial<Holder>): Promise<void> =>
	writeFile(join(folder, 'lock'), `${JSON.stringify(await holder(change))}\n`);

const deadPid = (): Promise<number> =>
	new Promise(resolve => {
		const child = spawn(process.execPath, ['-e', '0']);
		child.on('exit', () => resolve(child.pid ?? 0));
	});

test('one at a time, and the other is named', async () => {
	await withFolder(async folder => {
		const lock = await acquireLock(folder, 'fix change-password');
		await expect(acquireLock(folder, 'undo')).rejects.toMatchObject({
			code: 'locked',
			exitCode: 11,
			why: {en: expect.stringContaining(`process ${process.pid}`)},
		});
		await lock.release();
		expect(await readdir(folder)).toEqual([]);
		const next = await acquireLock(folder, 'undo');
		expect(next.tookOver).toBeNull();
		await next.release();
	});
});

test('a process that is gone, a reused number, an earlier boot: taken over with the reason', async () => {
	const changes = [{pid: await deadPid()}, {started: '1'}, {boot: 'earlier'}];
	for (const change of changes)
		await withFolder(async folder => {
			await leave(folder, change);
			const lock = await acquireLock(folder, 'undo');
			expect(lock.tookOver?.en).toContain('fix change-password');
			expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8')).pid).toBe(process.pid);
			await lock.release();
			expect(await readdir(folder)).toEqual([]);
		});
});

test('what can not be looked at is not stolen', async () => {
	for (const change of [{host: 'elsewhere', pid: await deadPid()}, {host: 'elsewhere', boot: 'other'}, {}])
		await withFolder(async folder => {
			await leave(folder, change);
			await expect(acquireLock(folder, 'undo')).rejects.toMatchObject({code: 'locked'});
			expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8')).token).toBe('other');
		});
	await withFolder(async folder => {
		await writeFile(join(folder, 'lock'), 'garbage');
		await expect(acquireLock(folder, 'undo')).rejects.toMatchObject({code: 'locked'});
	});
});

test('of many that find a dead lock, one gets it', async () => {
	await withFolder(async folder => {
		await leave(folder, {pid: await deadPid()});
		const all = await Promise.allSettled(Array.from({length: 8}, () => acquireLock(folder, 'undo')));
		const got = all.filter(one => one.status === 'fulfilled');
		expect(got.length).toBe(1);
		await got[0]?.value.release();
		expect(await readdir(folder)).toEqual([]);
	});
});
