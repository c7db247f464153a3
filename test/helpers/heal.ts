import {execFileSync} from 'node:child_process';
import {readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect} from 'vitest';
import {readMarker} from '../../source/lab/folder.ts';
import {sentinelChecksum, sentinelIn} from '../../source/lab/sentinel.ts';
import {cli} from './cli.ts';
import type {Cure} from './cures/cure.ts';
import {leaks, type Patient} from './lab.ts';
import {treat} from './treat.ts';

/** Row count and checksum that the lab's sentinel has: the same in every deployment. */
const planted = '1000 9d8d0c4fd8532ab746d46dd9260e52c4';

/** Every file under a folder but the private ones that undo needs. */
async function journals(folder: string): Promise<string> {
	const names = await readdir(folder, {recursive: true}).catch(() => []);
	const texts = await Promise.all(
		names
			.filter(name => name.endsWith('.jsonl') || name.endsWith('lock'))
			.map(name => readFile(join(folder, name), 'utf8').catch(() => '')),
	);
	return texts.join('\n');
}

const serverLog = (project: string): string => {
	const names = execFileSync(
		'docker',
		['ps', '-a', '--filter', `label=com.docker.compose.project=${project}`, '--format', '{{.Names}}'],
		{encoding: 'utf8'},
	)
		.trim()
		.split('\n');
	return names
		.map(name =>
			execFileSync('docker', ['logs', name], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26}),
		)
		.join('\n');
};

async function configuration(patient: Patient): Promise<Record<string, string>> {
	const names = (await readdir(patient.directory)).filter(name => /^\.env|\.ya?ml$/.test(name));
	return Object.fromEntries(
		await Promise.all(names.sort().map(async name => [name, await readFile(join(patient.directory, name), 'latin1')])),
	);
}

const ids = async (patient: Patient): Promise<string[]> => {
	const run = await cli(['diagnose', '--project', patient.project, '--json'], {env: patient.env});
	return JSON.parse(run.stdout).diagnoses.map(({id}: {id: string}) => id);
};

/** The rows while the deployment is as ill as it was. */
export const rowsWhileIll = (patient: Patient, {outOfSight}: Cure): Promise<string> =>
	outOfSight === undefined ? sentinelChecksum(patient) : sentinelIn(patient, `${patient.project}_${outOfSight}`);

/** `--set` words of a cure as the engine takes them. Secrets among them came through standard input, in order. */
export function settingsOf(cure: Cure, stdin: string | undefined): Record<string, string> {
	const lines = (stdin ?? '').split('\n');
	const pairs = (cure.settings ?? []).filter(word => word !== '--set').map(word => word.split(/=(.*)/s));
	return Object.fromEntries(
		pairs.map(([key = '', value = '']) => [key, value === '-' ? (lines.shift() ?? '') : value] as const),
	);
}

/** The world as somebody else has changed it since the plan was made: a file was edited, or a container is another one. */
async function move(plan: {assumes: Record<string, string>}, path: string): Promise<() => Promise<void>> {
	const file = Object.keys(plan.assumes)
		.find(key => key.startsWith('file:'))
		?.slice('file:'.length);
	if (file === undefined) {
		const [key = ''] = Object.keys(plan.assumes);
		await writeFile(path, JSON.stringify({...plan, assumes: {...plan.assumes, [key]: 'another'}}));
		return async () => {};
	}
	const content = await readFile(file);
	await writeFile(file, Buffer.concat([content, Buffer.from('\n# edited\n')]));
	return () => writeFile(file, content);
}

const same = async (patient: Patient, before: string[]): Promise<void> => {
	let now = await ids(patient);
	// A service that was just put back has not failed again yet.
	for (const end = Date.now() + 30_000; now.join() !== before.join() && Date.now() < end; now = await ids(patient))
		await sleep(1500);
	expect(now).toEqual(before);
};

/**
 * Applies a fix, looks that it healed and kept the rows, takes it back, and looks that everything is as it was. Before that: a plan
 * for a world that has moved is refused, and one whose last change is followed by a failure is rolled back.
 */
export async function heal(patient: Patient, cure: Cure): Promise<void> {
	const before = await ids(patient);
	expect(before.length).toBeGreaterThan(0);
	const files = await configuration(patient);
	const secrets = (await readMarker(patient.directory))?.secrets ?? {};
	cure.prepare?.(patient.project);
	const stdin = cure.stdin?.(secrets);
	const outputs: string[] = [];
	const run = async (...words: string[]) => {
		const done = await cli([...words, '--project', patient.project], {env: patient.env, stdin});
		outputs.push(done.stdout, done.stderr);
		return done;
	};
	const rowsAreThere = async () => expect(await sentinelChecksum(patient)).toBe(planted);
	const rowsAreKept = async () => expect(await rowsWhileIll(patient, cure)).toBe(planted);

	const planned = await run('fix', cure.fix, '--plan', '--json', ...(cure.settings ?? []));
	expect(planned.code, planned.stdout + planned.stderr).toBe(0);
	const plan = JSON.parse(planned.stdout);
	const path = join(patient.state, 'plan.json');
	await writeFile(path, planned.stdout);
	const confirm: string[] = plan.confirm ? ['--confirm', plan.confirm.name] : [];
	const moveBack = await move(plan, path);
	const moved = await run('fix', '--apply', path, '--yes', ...confirm, '--json', ...(cure.settings ?? []));
	await moveBack();
	expect(moved.code, moved.stdout + moved.stderr).toBe(5);
	expect(await configuration(patient)).toEqual(files);

	const settings = settingsOf(cure, stdin);
	if (!cure.nothingToUndo) {
		const broken = await treat(patient, cure.fix, {settings, breaks: true});
		expect(broken.end, broken.told).toMatchObject({type: 'finished', outcome: 'rolled-back', exitCode: 6});
		expect(broken.told).toContain('refused on purpose');
		outputs.push(broken.told);
		expect(await configuration(patient)).toEqual(files);
		await cure.happensAgain?.(patient.project);
		await same(patient, before);
		await rowsAreKept();
	}

	const meanwhile = () => cure.meanwhile && setTimeout(() => cure.meanwhile?.(patient.project), 2000);
	const fixed = await treat(patient, cure.fix, {settings, breaks: false, onBegin: meanwhile});
	expect(fixed.end, fixed.told).toMatchObject({type: 'finished', outcome: 'proven', exitCode: 0});
	outputs.push(fixed.told);
	if (!cure.emptiesDatabase) await rowsAreThere();
	// For a few seconds a service that came back can't be told from one that is about to crash again.
	const look = () => cli(['diagnose', '--project', patient.project, '--json'], {env: patient.env});
	let healed = await look();
	for (const end = Date.now() + 20_000; healed.code === 4 && Date.now() < end; healed = await look()) await sleep(2000);
	expect(healed.code, healed.stdout).toBe(0);

	const cured = await configuration(patient);
	const again = await run('fix', cure.fix, '--yes', '--json', ...(cure.settings ?? []));
	expect(again.code, again.stdout + again.stderr).toBe(2);
	expect(await configuration(patient)).toEqual(cured);

	const undone = await run('undo', '--yes', '--json');
	if (!cure.nothingToUndo) {
		expect(undone.code, undone.stdout + undone.stderr).toBe(0);
		expect(await configuration(patient)).toEqual(files);
		await cure.happensAgain?.(patient.project);
		await same(patient, before);
	}
	await rowsAreKept();

	const everything = [...outputs, await journals(patient.state), serverLog(patient.project)].join('\n');
	expect(leaks(everything, patient.secrets)).toEqual([]);
	for (const name of (await readdir(patient.state, {recursive: true})).filter(name => name.includes('deployments/')))
		expect((await stat(join(patient.state, name))).mode & 0o077).toBe(0);
}
