import {spawnSync} from 'node:child_process';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rolldown} from 'rolldown';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {listJournals, unfinished} from '../../source/engine/undo.ts';
import {withFolder} from '../helpers/cli.ts';
import {newPassword, paperDone, paperFiles} from '../helpers/paper-world.ts';

let program = '';

// Some sixty processes are started: one bundle of a second saves each of them several.
beforeAll(async () => {
	program = join(await mkdtemp(join(tmpdir(), 'compose-medic-killed-')), 'program.mjs');
	const bundle = await rolldown({
		input: 'test/engine/apply-until-killed.ts',
		platform: 'node',
		external: ['cpu-features', 'pg-native', /\.node$/],
		logLevel: 'silent',
	});
	await bundle.write({file: program, format: 'esm', codeSplitting: false});
}, 60_000);

afterAll(() => rm(join(program, '..'), {recursive: true, force: true}));

const run = (
	what: string,
	folder: string,
	state: string,
	killAt: number,
): {killed: boolean; outcome: string; stderr: string} => {
	const {signal, stdout, stderr} = spawnSync(process.execPath, [program, what, folder, state, String(killAt)], {
		encoding: 'utf8',
	});
	return {killed: signal === 'SIGKILL', outcome: stdout, stderr};
};

const read = async (folder: string): Promise<Record<string, string>> =>
	Object.fromEntries(
		await Promise.all(Object.keys(paperFiles).map(async name => [name, await readFile(join(folder, name), 'utf8')])),
	);

const deployment = async (state: string): Promise<string> => {
	const [name = ''] = await readdir(join(state, 'deployments'));
	return join(state, 'deployments', name);
};

// opened, three times before and applied, one check of the fix, one of the tree, closed
const entriesOfAll = 10;

test.each(Array.from({length: entriesOfAll}, (_, index) => index + 1))(
	'killed after entry %i, it can go on or be taken back',
	async killAt => {
		for (const then of ['resume', 'undo'] as const)
			await withFolder(async folder => {
				for (const [name, text] of Object.entries(paperFiles)) await writeFile(join(folder, name), text);
				const state = join(folder, 'state');
				const first = run('apply', folder, state, killAt);
				expect(first.killed, first.stderr).toBe(true);
				const journals = await deployment(state);
				const isOpen = killAt < entriesOfAll;
				expect((await unfinished(journals)) !== null).toBe(isOpen);
				if (isOpen) {
					const second = run('apply', folder, state, 0);
					expect(second.stderr).toContain('An earlier fix was broken off');
				}
				if (then === 'resume' && !isOpen) return;
				// Taken back or gone on with is killed as well, once, and then repeated.
				const third = run(then, folder, state, 1 + (killAt % 3));
				const again = third.killed ? run(then, folder, state, 0) : third;
				const over = then === 'resume' ? 'proven' : 'undone';
				if (third.killed && again.outcome === '') expect(again.stderr).toMatch(/no fix of this deployment|is not open/);
				else expect(again.outcome, again.stderr).toBe(over);
				expect(await read(folder)).toEqual(then === 'resume' ? paperDone : paperFiles);
				expect(await unfinished(journals)).toBeNull();
				expect((await listJournals(journals)).length).toBe(1);
				const text = (
					await Promise.all(
						(
							await readdir(journals)
						)
							.filter(name => name.endsWith('.jsonl'))
							.map(name => readFile(join(journals, name), 'utf8')),
					)
				).join('');
				expect(text).not.toContain(newPassword);
			});
	},
	60_000,
);
