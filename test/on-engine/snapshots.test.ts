import {execFileSync, spawn} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli, program, type Run} from '../helpers/cli.ts';
import {type Patient, withPatient} from '../helpers/lab.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();

const copiesOf = (project: string): string[] =>
	docker('volume', 'ls', '--quiet', '--filter', `label=compose-medic.source=${project}_pgdata`)
		.split('\n')
		.filter(name => name !== '');

const running = (project: string): string[] =>
	docker('ps', '--filter', `label=com.docker.compose.project=${project}`, '--format', '{{.Names}}').split('\n').sort();

/** Starts a snapshot and ends the program the hard way as soon as its copy is there. */
async function killedSnapshot({project, env}: Patient): Promise<void> {
	const child = spawn(process.execPath, [program, 'snapshot', '--yes', '--project', project], {
		env: {...process.env, ...env},
		stdio: 'ignore',
	});
	const ended = new Promise(done => child.on('close', (_code, signal) => done(signal)));
	while (copiesOf(project).length === 0 && child.exitCode === null) await sleep(20);
	child.kill('SIGKILL');
	expect(await ended).toBe('SIGKILL');
}

test('a snapshot is proven, listed and forgotten; one that is killed leaves nothing behind', async () => {
	await withPatient('healthy-generic', 'snapshots', async patient => {
		const {project, env} = patient;
		const run = (...words: string[]): Promise<Run> => cli([...words, '--project', project], {env});
		const json = async (...words: string[]) => JSON.parse((await run(...words, '--json')).stdout);
		const rows = await sentinelChecksum(patient);
		const before = running(project);

		await killedSnapshot(patient);
		expect(copiesOf(project)).toHaveLength(1);
		// What an unfinished run has made may be needed: it is not forgotten.
		const [unfinished = ''] = copiesOf(project);
		const early = await run('forget', unfinished, '--confirm', unfinished);
		expect(early.code, early.stderr).toBe(5);
		expect(early.stderr).toContain('is not finished');
		const back = await run('undo', '--yes');
		expect(back.code, back.stdout + back.stderr).toBe(0);
		expect(copiesOf(project)).toEqual([]);
		expect(running(project)).toEqual(before);
		expect(await sentinelChecksum(patient)).toBe(rows);

		const taken = await json('snapshot', '--yes');
		expect(taken).toMatchObject({
			outcome: 'proven',
			exitCode: 0,
			undo: null,
			snapshot: {reached: 'proven', state: 'shut down'},
		});
		const {volume, bytes} = taken.snapshot;
		expect(copiesOf(project)).toEqual([volume]);
		expect(bytes).toBeGreaterThan(10_000_000);
		expect(running(project)).toEqual(before);
		expect(await sentinelChecksum(patient)).toBe(rows);

		const list = await json('undo', '--list');
		const listed = list.journals.find(({id}: {id: string}) => id === taken.journal);
		expect(listed).toMatchObject({fix: 'take-snapshot', state: 'applied', forgottenAt: null});
		expect(listed.kept).toContainEqual(
			expect.objectContaining({kind: 'volume', name: volume, source: `${project}_pgdata`, proven: true}),
		);
		expect(list.keptBytes).toBeGreaterThan(10_000_000);
		expect((await run('undo', '--list', '--lang', 'zh')).stdout).toMatch(/已验证/);

		// A finished snapshot is nothing to take back, and it goes only by its exact name.
		expect((await run('undo', taken.journal, '--yes')).code).toBe(2);
		expect((await run('forget', taken.journal)).code).toBe(5);
		expect((await run('forget', volume, '--confirm', `${volume}x`)).code).toBe(5);
		expect((await run('forget', `${project}_pgdata`, '--confirm', `${project}_pgdata`)).code).toBe(5);
		expect(copiesOf(project)).toEqual([volume]);
		const gone = await json('forget', taken.journal, '--confirm', volume);
		expect(gone).toMatchObject({journal: taken.journal, volume, files: true});
		expect(copiesOf(project)).toEqual([]);
		const after = await json('undo', '--list');
		expect(after.journals.at(-1)).toMatchObject({id: taken.journal, kept: []});
		expect(after.journals.at(-1).forgottenAt).not.toBeNull();
		expect(await sentinelChecksum(patient)).toBe(rows);
	});
});
