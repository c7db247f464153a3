import {execFileSync} from 'node:child_process';
import {lstat, mkdir, readFile, symlink, truncate, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {manifestScript, summarise} from '../../source/core/manifest.ts';
import type {Text} from '../../source/core/say.ts';
import {copyMeter, copyScript} from '../../source/steps/parts/copy-files.ts';
import {withFolder} from '../helpers/cli.ts';

const long = new Date('2026-01-01T00:00:00Z');

async function write(root: string, files: Record<string, string>): Promise<void> {
	for (const [name, text] of Object.entries(files)) {
		await mkdir(join(root, name, '..'), {recursive: true});
		await writeFile(join(root, name), text);
		await utimes(join(root, name), long, long);
	}
}

const copy = (from: string, to: string): string =>
	execFileSync('sh', ['-c', `set -eu\n${copyScript}`, 'sh', from, to], {encoding: 'utf8'});

const digest = (folder: string): string =>
	summarise(execFileSync('sh', ['-c', manifestScript, 'sh', folder], {encoding: 'utf8'})).digest;

const source = {
	PG_VERSION: '15\n',
	'base/1/100': 'x'.repeat(9000),
	'base/1/a file': 'blanks',
	'global/pg_control': 'c',
};

async function withSource(use: (from: string, to: string) => Promise<void>): Promise<void> {
	await withFolder(async folder => {
		const [from, to] = [join(folder, 'from'), join(folder, 'to')];
		await mkdir(to);
		await write(from, source);
		await symlink('base', join(from, 'link'));
		await use(from, to);
	});
}

test('everything is copied, and how much there is is told', () =>
	withSource(async (from, to) => {
		expect(copy(from, to)).toMatch(/^total \d+$/m);
		expect(digest(to)).toBe(digest(from));
	}));

test('a copy that was broken off goes on: what is whole stays, what is not is made anew', () =>
	withSource(async (from, to) => {
		copy(from, to);
		const whole = (await lstat(join(to, 'base/1/100'))).ino;
		// Cut short, of another time, and never there: as a kill leaves them.
		await truncate(join(to, 'base/1/a file'), 2);
		await utimes(join(to, 'PG_VERSION'), new Date(), new Date());
		await writeFile(join(to, 'global/pg_control'), 'd');
		await write(to, {'base/1/stranger': 'from elsewhere'});
		copy(from, to);
		expect(digest(to)).toBe(digest(from));
		expect((await lstat(join(to, 'base/1/100'))).ino).toBe(whole);
		expect(await readFile(join(to, 'global/pg_control'), 'utf8')).toBe('c');
	}));

test('a folder that does not belong there makes it start over', () =>
	withSource(async (from, to) => {
		await write(to, {'base/2/1': 'y'});
		copy(from, to);
		expect(digest(to)).toBe(digest(from));
	}));

test('progress is told in bytes, and never beyond the end', () => {
	const told: [Text, number | undefined, number | undefined][] = [];
	let now = 0;
	const line = copyMeter(
		(...report) => void told.push([report[0], report[1], report[2]]),
		() => now,
	);
	line('at 5');
	line('total 2048');
	now = 75_000;
	line('at 1024');
	line('at 9999');
	line('something else');
	expect(told.map(([says, ...numbers]) => [says.en, ...numbers])).toEqual([
		['Copied 0 B of 2 MiB in 0 s', 0, 2 ** 21],
		['Copied 1 MiB of 2 MiB in 1 min 15 s', 2 ** 20, 2 ** 21],
		['Copied 2 MiB of 2 MiB in 1 min 15 s', 2 ** 21, 2 ** 21],
	]);
});
