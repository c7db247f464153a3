import {execFileSync} from 'node:child_process';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli, type Run} from '../helpers/cli.ts';
import {type Patient, withPatient} from '../helpers/lab.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/** What the journals of this state folder say so far. */
async function journals(state: string): Promise<string> {
	const names = await readdir(state, {recursive: true}).catch(() => []);
	const texts = names.filter(name => name.endsWith('.jsonl')).map(name => readFile(join(state, name), 'utf8'));
	return (await Promise.all(texts)).join('\n');
}

/** Waits until so many steps have noted what undo needs: the next thing that happens is their change. Fails with what the fix said when it ends before. */
async function stepsNoted({state}: Patient, count: number, fixing: Promise<Run>): Promise<void> {
	let ended: Run | null = null;
	void fixing.then(run => (ended = run));
	while ((await journals(state)).split('"kind":"before"').length <= count) {
		if (ended) throw new Error(`the fix has ended: ${JSON.stringify(ended)}`);
		await sleep(20);
	}
}

/** What is found, and what could not be looked at: on a crowded machine a deadline may pass. */
async function diagnosed(patient: Patient): Promise<string[]> {
	const {stdout} = await cli(['diagnose', '--project', patient.project, '--json'], {env: patient.env});
	const {diagnoses, unknown} = JSON.parse(stdout);
	return [
		...diagnoses.map(({id}: {id: string}) => id),
		...unknown.map(({probe, why}: {probe: string; why: string}) => `${probe}: ${why}`),
	];
}

describe.concurrent('what happens to the world in the middle of a fix loses nothing', () => {
	test('somebody removes the container that is worked on', async () => {
		await withPatient('stale-volume-password-named', 'removed', async patient => {
			const rows = await sentinelChecksum(patient);
			const where = ['--project', patient.project, '--yes', '--json'];
			const fixing = cli(['fix', 'change-password', ...where], {env: patient.env});
			await stepsNoted(patient, 1, fixing);
			docker('rm', '--force', `${patient.project}-db-1`);
			const broken = await fixing;
			expect([6, 7], broken.stdout + broken.stderr).toContain(broken.code);
			expect(broken.stdout).toMatch(/no container|removed|gone|not running|does not run/i);
			docker(
				'compose',
				'--project-directory',
				patient.directory,
				'--project-name',
				patient.project,
				'up',
				'-d',
				'--wait',
				'db',
			);
			if (broken.code === 7) {
				const undone = await cli(['undo', ...where], {env: patient.env});
				expect(undone.code, undone.stdout + undone.stderr).toBe(0);
			}
			expect((await diagnosed(patient))[0]).toBe('stale-volume-password');
			expect(await sentinelChecksum(patient)).toBe(rows);
			// And now it can be cured.
			const fixed = await cli(['fix', 'change-password', ...where], {env: patient.env});
			expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
			expect(await sentinelChecksum(patient)).toBe(rows);
		});
	});
});
