import {execFileSync} from 'node:child_process';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect} from 'vitest';
import {readMarker} from '../../source/lab/folder.ts';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli} from './cli.ts';
import type {Cure} from './cures/cure.ts';
import {leaks, type Patient} from './lab.ts';

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
		.map(name => execFileSync('docker', ['logs', name], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}))
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

/** Applies a fix, looks that it healed and kept the rows, takes it back, and looks that everything is as it was. */
export async function heal(patient: Patient, cure: Cure): Promise<void> {
	const before = await ids(patient);
	expect(before.length).toBeGreaterThan(0);
	const files = await configuration(patient);
	const secrets = (await readMarker(patient.directory))?.secrets ?? {};
	cure.prepare?.(patient.project);

	const words = ['fix', cure.fix, '--project', patient.project, '--yes', '--json', ...(cure.settings ?? [])];
	const fixing = cli(words, {env: patient.env, stdin: cure.stdin?.(secrets)});
	if (cure.meanwhile) {
		// Its journal tells that it has been planned and waits.
		const noted = await journals(patient.state);
		let over = false;
		void fixing.then(() => (over = true));
		while (!over && (await journals(patient.state)) === noted) await sleep(200);
		await sleep(2000);
		cure.meanwhile(patient.project);
	}
	const fixed = await fixing;
	expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
	expect(await sentinelChecksum(patient)).toBe(planted);
	// For a few seconds a service that came back can't be told from one that is about to crash again.
	const look = () => cli(['diagnose', '--project', patient.project, '--json'], {env: patient.env});
	let healed = await look();
	for (const end = Date.now() + 20_000; healed.code === 4 && Date.now() < end; healed = await look()) await sleep(2000);
	expect(healed.code, healed.stdout).toBe(0);

	const undone = await cli(['undo', '--project', patient.project, '--yes', '--json'], {env: patient.env});
	if (!cure.nothingToUndo) {
		expect(undone.code, undone.stdout + undone.stderr).toBe(0);
		expect(await configuration(patient)).toEqual(files);
		expect(await ids(patient)).toEqual(before);
	}
	expect(await sentinelChecksum(patient)).toBe(planted);

	const everything = [
		fixed.stdout,
		fixed.stderr,
		undone.stdout,
		undone.stderr,
		await journals(patient.state),
		serverLog(patient.project),
	].join('\n');
	expect(leaks(everything, patient.secrets)).toEqual([]);
	for (const name of (await readdir(patient.state, {recursive: true})).filter(name => name.includes('deployments/')))
		expect((await stat(join(patient.state, name))).mode & 0o077).toBe(0);
}
