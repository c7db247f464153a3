import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {cli} from '../helpers/cli.ts';
import {failingProxy, type Misbehaviour} from '../helpers/failing-proxy.ts';
import {type Patient, withPatient} from '../helpers/lab.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/** Nobody waits longer at night; a walk that hangs would never end by itself. */
const patience = 60_000;

type Report = {
	diagnoses: {id: string; service: string | null}[];
	symptoms: {id: string}[];
	unexplained: string[];
	unknown: {probe: string; why: string}[];
};

async function look(patient: Patient, host?: string): Promise<{code: number; report: Report; shown: string}> {
	const run = await cli(['diagnose', '--project', patient.project, '--json'], {
		env: {...patient.env, ...(host ? {DOCKER_HOST: host} : {})},
		timeout: patience,
	});
	const shown = `code ${run.code} signal ${run.signal}\n${run.stdout}\n${run.stderr}`;
	expect(run.signal, `it hangs: ${shown}`).toBeNull();
	// 1 is an error of our own, and a stack trace is nobody's answer.
	expect([0, 3, 4, 10], shown).toContain(run.code);
	expect(run.stderr, shown).not.toMatch(/\n\s+at .+:\d+:\d+/);
	return {code: run.code ?? -1, report: JSON.parse(run.stdout), shown};
}

test('a database with its disk full is looked at without a crash', async () => {
	await withPatient('disk-full', 'hard', async patient => {
		// The last byte too: now nothing inside the container can write a single line.
		docker('exec', `${patient.project}-db-1`, 'sh', '-c', 'cat /dev/zero >"$PGDATA/rest" 2>/dev/null; true');
		const {code, report, shown} = await look(patient);
		expect(
			report.diagnoses.map(({id}) => id),
			shown,
		).toEqual(['disk-full']);
		expect(code).toBe(3);
	});
});

test('a database with a read-only root is looked at, whether it works or not', async () => {
	for (const [fault, expected] of [
		['read-only-filesystem-root', ['read-only-filesystem']],
		['healthy-read-only-root', []],
	] as const)
		await withPatient(fault, 'hard', async patient => {
			const {report, shown} = await look(patient);
			expect(
				report.diagnoses.map(({id}) => id),
				shown,
			).toEqual(expected);
		});
});

test('a paused database, and a paused deployment, are told as such', async () => {
	await withPatient('healthy-generic', 'paused', async patient => {
		const containers = ['db', 'app', 'worker'].map(service => `${patient.project}-${service}-1`);
		docker('pause', containers[0] ?? '');
		try {
			const {code, report, shown} = await look(patient);
			expect(
				report.symptoms.map(({id}) => id),
				shown,
			).toContain('db:paused');
			expect([3, 4], shown).toContain(code);
			for (const other of containers.slice(1)) docker('pause', other);
			const all = await look(patient);
			expect(all.report.symptoms.map(({id}) => id).sort(), all.shown).toEqual([
				'app:paused',
				'db:paused',
				'worker:paused',
			]);
		} finally {
			docker(
				'unpause',
				...containers.filter(name => docker('inspect', '-f', '{{.State.Paused}}', name).trim() === 'true'),
			);
		}
	});
});

const inspect = /^GET \/containers\/[0-9a-f]{64}\/json/;
const cases: (Misbehaviour & {says: string; code?: number})[] = [
	{says: 'answers a third of a second late', to: /./, how: 'slow', after: 300, code: 3},
	{says: 'breaks off the list of containers', to: /^GET \/containers\/json/, how: 'drop', after: 150},
	{says: 'breaks off every inspection', to: inspect, how: 'drop', after: 400},
	{says: 'breaks off every log', to: /^GET \/containers\/\w+\/logs/, how: 'drop', after: 300},
	{says: 'breaks off every file', to: /^GET \/containers\/\w+\/archive/, how: 'drop', after: 200},
	{says: 'breaks off before it answers about files', to: /^GET \/containers\/\w+\/archive/, how: 'drop', after: 0},
	{says: 'breaks off every command', to: /^POST \/exec\/\w+\/start/, how: 'drop', after: 120},
	{says: 'never answers a command', to: /^POST \/exec\/\w+\/start/, how: 'silent'},
	{says: 'never answers about logs', to: /^GET \/containers\/\w+\/logs/, how: 'silent'},
	{says: 'never answers an inspection', to: inspect, how: 'silent'},
	{says: 'never answers a helper', to: /^POST \/containers\/create/, how: 'silent'},
	{says: 'is no engine at all', to: /./, how: 'garbage', code: 10},
];

/** Faults whose looks need everything that an engine can be asked: inspection, logs, files, commands and a helper. */
const patient = 'double-shared-memory-and-host';
const atOnce = 3;

async function lookUnder({says, code, ...behaviour}: (typeof cases)[number], sick: Patient, known: readonly string[]) {
	const proxy = await failingProxy(`${sick.state}/${says.replaceAll(' ', '-')}.sock`, behaviour);
	try {
		const {code: got, report, shown} = await look(sick, proxy.host);
		expect(proxy.hits(), `${says}: nothing was asked of it`).toBeGreaterThan(0);
		// What is said under duress must still be true.
		const found = report.diagnoses.map(({id}) => id);
		expect(
			found.filter(id => id !== 'docker-unreachable' && !known.includes(id)),
			`${says}: ${shown}`,
		).toEqual([]);
		// Whoever does not find what is there has to say what was not seen.
		if (known.some(id => !found.includes(id)) && got !== 10)
			expect(report.unknown.length, `${says}: ${shown}`).toBeGreaterThan(0);
		if (code !== undefined) expect(got, `${says}: ${shown}`).toBe(code);
	} finally {
		await proxy.close();
	}
}

test('an engine that is slow, breaks off or falls silent gives facts or honest unknowns', async () => {
	await withPatient(patient, 'hard', async sick => {
		const calm = await look(sick);
		const known = calm.report.diagnoses.map(({id}) => id);
		expect(known.toSorted(), calm.shown).toEqual(['host-not-resolvable', 'shm-too-small']);
		const waiting = [...cases];
		const failures: string[] = [];
		const work = async (): Promise<void> => {
			for (let next = waiting.shift(); next; next = waiting.shift())
				await lookUnder(next, sick, known).catch((error: Error) => failures.push(error.message));
		};
		await Promise.all(Array.from({length: atOnce}, work));
		expect(failures).toEqual([]);
	});
}, 600_000);
