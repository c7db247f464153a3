import {readFile} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import {faults} from '../../source/lab/faults/index.ts';
import {cli} from '../helpers/cli.ts';
import {cures} from '../helpers/cures/index.ts';
import {heal} from '../helpers/heal.ts';
import {leaks, withPatient} from '../helpers/lab.ts';

/** Where no live probe can prove it: the stored password of a stopped server is read from a file, and a write-ahead log may know better. */
const unproven = new Set([
	'stale-volume-password-stopped',
	// redis' own words at its start, and the application's own words: no probe can open the one or judge the other.
	'redis-aof-corrupt',
	'app-service-failing',
]);

/** Diagnoses of a system that works today. */
const warnings = new Set([
	'exposed-to-internet',
	'healthcheck-noise',
	'collation-mismatch',
	'slot-retains-wal',
	'wraparound-near',
]);

// A cure and its way back take longer than the look before them.
const minutes = 60_000;

describe.concurrent('every lab fault on the real engine is named, and cured where there is a cure, with the rows kept and taken back', () => {
	test.each(faults.map(fault => [fault.id, fault] as const))(
		'%s',
		async (id, fault) => {
			await withPatient(id, 'diagnose', async patient => {
				const record = `${patient.state}/record.json`;
				const live = await cli(['diagnose', '--project', patient.project, '--json', '--record', record], {
					env: patient.env,
				});
				const report = JSON.parse(live.stdout);
				const found: {id: string; service: string | null; certainty: string}[] = report.diagnoses;
				const shown = JSON.stringify({
					found: found.map(({id, service, certainty}) => ({id, service, certainty})),
					symptoms: report.symptoms.map((s: {id: string}) => s.id),
					unexplained: report.unexplained,
					unknown: report.unknown,
				});

				const expected = fault.expects.map(({id}) => id);
				// Two causes that have nothing to do with each other have no order of their own.
				if (fault.kind === 'double') expect(found.map(({id}) => id).sort(), shown).toEqual(expected.sort());
				else
					expect(
						found.map(({id}) => id),
						shown,
					).toEqual(expected);
				if (fault.kind !== 'double' && fault.expects[0]?.service)
					expect(found[0]?.service, shown).toBe(fault.expects[0]?.service);
				if (found[0] && !unproven.has(id)) expect(found[0].certainty, shown).toBe('certain');
				if (fault.kind === 'healthy' || fault.kind === 'trap') expect(live.code, shown).toBe(0);
				else if (fault.expects.length === 0) expect(live.code, shown).toBe(4);
				else if (found.every(({id}) => warnings.has(id))) expect(live.code, shown).toBe(4);
				else expect(live.code, shown).toBe(3);
				if (fault.kind !== 'healthy' && fault.kind !== 'trap' && fault.expects.length > 0)
					// That somebody stopped the server is a fact of its own.
					expect(
						report.unexplained.filter(
							(symptom: string) => !(id === 'stale-volume-password-stopped' && symptom === 'db:exited'),
						),
						shown,
					).toEqual([]);

				const replayed = await cli(['replay', record, '--json'], {
					env: {...patient.env, DOCKER_HOST: 'unix:///nonexistent.sock'},
				});
				expect(JSON.stringify(JSON.parse(replayed.stdout).diagnoses)).toBe(JSON.stringify(report.diagnoses));
				expect(replayed.code).toBe(live.code);

				const plain = await cli(['replay', record, '--plain', '--lang', 'zh'], {
					env: {...patient.env, DOCKER_HOST: 'unix:///nonexistent.sock'},
				});
				expect(plain.code).toBe(live.code);
				const everything = [
					live.stdout,
					live.stderr,
					await readFile(record, 'utf8'),
					replayed.stdout,
					plain.stdout,
					plain.stderr,
				].join('\n');
				expect(leaks(everything, patient.secrets)).toEqual([]);

				for (const cure of cures) if (cure.fault === id) await heal(patient, cure);
			});
		},
		10 * minutes,
	);
});
