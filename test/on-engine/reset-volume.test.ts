import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli, type Run} from '../helpers/cli.ts';
import {withPatient} from '../helpers/lab.ts';

const cases = [
	{volume: 'bind mount', fault: 'stale-volume-password'},
	{volume: 'named volume', fault: 'stale-volume-password-named'},
	{volume: 'anonymous volume', fault: 'stale-volume-password-anonymous'},
	{volume: 'external volume', fault: 'stale-volume-password-external'},
];

describe.concurrent('reset-volume starts over with an empty directory, and undo puts the old data back', () => {
	test.each(cases)('$volume', async ({fault}) => {
		await withPatient(fault, 'reset', async patient => {
			const {project, env} = patient;
			const run = (...words: string[]): Promise<Run> => cli([...words, '--project', project, '--json'], {env});
			const environment = (): Promise<string> => readFile(join(patient.directory, '.env'), 'latin1');
			const rows = await sentinelChecksum(patient);
			const before = await environment();

			const plan = await run('fix', 'reset-volume', '--plan');
			expect(plan.code, plan.stderr).toBe(0);
			const {confirm} = JSON.parse(plan.stdout);
			// Consent to a plan is not consent to moving data, and neither is a name that is almost right.
			expect((await run('fix', 'reset-volume', '--yes')).code).toBe(5);
			expect((await run('fix', 'reset-volume', '--yes', '--confirm', `${confirm.name}x`)).code).toBe(5);
			expect(await sentinelChecksum(patient)).toBe(rows);

			const fixed = await run('fix', 'reset-volume', '--yes', '--confirm', confirm.name);
			expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
			await expect(sentinelChecksum(patient)).rejects.toThrow(/relation "sentinel" does not exist/);
			expect(JSON.parse((await run('diagnose')).stdout).diagnoses).toEqual([]);

			const undone = await run('undo', '--yes');
			expect(undone.code, undone.stdout + undone.stderr).toBe(0);
			expect(await sentinelChecksum(patient)).toBe(rows);
			expect(await environment()).toBe(before);
			const again = JSON.parse((await run('diagnose')).stdout).diagnoses;
			expect(again.map(({id}: {id: string}) => id)).toEqual(['stale-volume-password']);
		});
	});
});
