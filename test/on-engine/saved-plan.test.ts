import {execFileSync} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli, type Run} from '../helpers/cli.ts';
import {leaks, withPatient} from '../helpers/lab.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

test('a saved plan is applied as it was shown, and refused once the world has moved or somebody has edited it', async () => {
	await withPatient('stale-volume-password-named', 'saved-plan', async patient => {
		const {project, env, state} = patient;
		const run = (...words: string[]): Promise<Run> => cli([...words, '--json'], {env});
		const rows = await sentinelChecksum(patient);
		const file = `${state}/plan.json`;
		const save = async (): Promise<Record<string, unknown>> => {
			const made = await run('fix', 'change-password', '--plan', '--project', project);
			expect(made.code, made.stderr).toBe(0);
			expect(leaks(made.stdout, patient.secrets)).toEqual([]);
			await writeFile(file, made.stdout);
			return JSON.parse(made.stdout);
		};
		const plan = await save();

		// Without consent nothing happens, and the deployment needs no naming again.
		expect((await run('fix', '--apply', file)).code).toBe(5);
		const elsewhere = await run('fix', '--apply', file, '--yes', '--project', 'another');
		expect(elsewhere.code).toBe(2);

		const edited = {...plan, steps: [...(plan['steps'] as unknown[])].reverse()};
		await writeFile(file, JSON.stringify(edited));
		const tampered = await run('fix', '--apply', file, '--yes');
		expect(tampered.code, tampered.stdout).toBe(5);
		expect(JSON.parse(tampered.stdout).error.code).toBe('plan-stale');

		await save();
		docker(
			'compose',
			'--project-name',
			project,
			'--project-directory',
			patient.directory,
			'up',
			'--detach',
			'--force-recreate',
			'--no-deps',
			'db',
		);
		while (docker('inspect', '--format', '{{.State.Health.Status}}', `${project}-db-1`).trim() !== 'healthy')
			await new Promise(resolve => setTimeout(resolve, 300));
		const late = await run('fix', '--apply', file, '--yes');
		expect(late.code, late.stdout).toBe(5);
		expect(JSON.parse(late.stdout).error).toMatchObject({code: 'plan-stale'});
		expect(late.stdout).toContain('container of `db`');

		await save();
		const applied = await run('fix', '--apply', file, '--yes');
		expect(applied.code, applied.stdout + applied.stderr).toBe(0);
		expect(await sentinelChecksum(patient)).toBe(rows);
		// What was cured is not cured a second time.
		expect((await run('fix', '--apply', file, '--yes')).code).toBe(5);
		expect(leaks(await readFile(file, 'utf8'), patient.secrets)).toEqual([]);
	});
});
