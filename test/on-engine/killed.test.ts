import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {rolldown} from 'rolldown';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {shared} from '../../rolldown.config.ts';
import {readMarker} from '../../source/lab/folder.ts';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli} from '../helpers/cli.ts';
import type {Cure} from '../helpers/cures/cure.ts';
import {cures} from '../helpers/cures/index.ts';
import {rowsWhileIll, settingsOf} from '../helpers/heal.ts';
import {type Patient, withPatient} from '../helpers/lab.ts';

let program = '';

beforeAll(async () => {
	program = join(await mkdtemp(join(tmpdir(), 'compose-medic-killed-')), 'program.mjs');
	const bundle = await rolldown({...shared, input: 'test/helpers/fix-until-killed.ts', logLevel: 'silent'});
	await bundle.write({file: program, format: 'esm', codeSplitting: false});
}, 60_000);

afterAll(() => rm(join(program, '..'), {recursive: true, force: true}));

type End = {killed: boolean; entries: number; outcome: string; stderr: string};

/** Asynchronous, so that the other deployments are worked on meanwhile. */
async function run({project, env}: Patient, cure: Cure, stdin: string | undefined, killAt: number): Promise<End> {
	const words = [program, project, cure.fix, String(killAt), JSON.stringify(settingsOf(cure, stdin))];
	const child = spawn(process.execPath, words, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'pipe']});
	const [stdout, stderr, [, signal]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
	]);
	const end =
		signal === 'SIGKILL' ? {entries: killAt, outcome: ''} : JSON.parse(stdout || '{"entries":0,"outcome":"failed"}');
	return {killed: signal === 'SIGKILL', stderr, ...end};
}

async function diagnosed(patient: Patient): Promise<string[]> {
	const {stdout} = await cli(['diagnose', '--project', patient.project, '--json'], {env: patient.env});
	return JSON.parse(stdout).diagnoses.map(({id}: {id: string}) => id);
}

const cases: (Cure & {kill: number})[] = [
	{fault: 'stale-volume-password-named', fix: 'change-password', kill: 2},
	{fault: 'stale-volume-password-named', fix: 'reset-volume', kill: 3, emptiesDatabase: true},
	{fault: 'stale-volume-password', fix: 'reset-volume', kill: 2, emptiesDatabase: true},
	...cures.flatMap(cure => {
		const kill = cure.kill ?? (process.env.KILLS === 'all' ? cure.killOnDemand : undefined);
		return kill === undefined ? [] : [{...cure, kill}];
	}),
];

const shards = cases.flatMap(one =>
	Array.from({length: one.kill}, (_, part) => ({
		...one,
		part,
		name: `${one.fix} on ${one.fault}, part ${part + 1} of ${one.kill}`,
	})),
);

// One deployment serves many kills: each round ends in the state in which it began, which is what is proved.
describe.concurrent('killed by SIGKILL after every journal entry, nothing is lost', () => {
	test.each(shards.map(one => [one.name, one] as const))(
		'%s',
		async (_name, cure) => {
			const {fault, part, kill} = cure;
			await withPatient(fault, `killed-${cure.fix}-${part}`, async patient => {
				const rows = await rowsWhileIll(patient, cure);
				const ill = await diagnosed(patient);
				const {secrets = {}} = (await readMarker(patient.directory)) ?? {};
				for (let killAt = 1 + part; ; killAt += kill) {
					const first = await run(patient, cure, cure.stdin?.(secrets), killAt);
					if (!first.killed) {
						// Past its last entry it comes to its end, proven.
						expect(first.outcome, first.stderr).toBe('proven');
						expect(first.entries).toBeLessThan(killAt);
					}
					// Every second kill is gone on with before it is taken back; both must lead somewhere good.
					const goesOn = first.killed && killAt % 2 === 0;
					if (goesOn) {
						const resumed = await cli(['undo', '--resume', '--project', patient.project, '--yes', '--json'], {
							env: patient.env,
						});
						// The last entry closes the journal: nothing is left to go on with.
						if (resumed.code !== 2) {
							expect(resumed.code, `entry ${killAt}: ${resumed.stdout} ${resumed.stderr}`).toBe(0);
							expect(await diagnosed(patient)).toEqual([]);
							if (!cure.emptiesDatabase) expect(await sentinelChecksum(patient)).toBe(rows);
						}
					}
					const undone = await cli(['undo', '--project', patient.project, '--yes', '--json'], {env: patient.env});
					expect(undone.code, `entry ${killAt}: ${undone.stdout} ${undone.stderr}`).toBe(0);
					expect(await rowsWhileIll(patient, cure), `entry ${killAt}`).toBe(rows);
					if (!first.killed) break;
				}
				expect((await diagnosed(patient))[0]).toBe(ill[0]);
			});
		},
		900_000,
	);
});
