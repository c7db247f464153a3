import {execFileSync, spawnSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {readMarker} from '../../source/lab/folder.ts';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli} from '../helpers/cli.ts';
import {leaks, type Patient, withPatient} from '../helpers/lab.ts';
import {watchingProcesses} from '../helpers/process-list.ts';

type Case = {route: string; fault: string; chosen: boolean; knowsOld?: boolean};

const cases: Case[] = [
	{route: 'socket', fault: 'stale-volume-password-named', chosen: true},
	{route: 'tcp', fault: 'stale-volume-password-socket-scram', chosen: true, knowsOld: true},
	{route: 'socket-line', fault: 'stale-volume-password-socket-scram', chosen: true},
	{route: 'private-server', fault: 'stale-volume-password-stopped', chosen: true},
	{route: 'private-server', fault: 'stale-volume-password-named', chosen: false},
	{route: 'single-user', fault: 'stale-volume-password-named', chosen: false},
];

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

const container = (project: string): string =>
	docker('ps', '-a', '--filter', `label=com.docker.compose.project=${project}`, '--format', '{{.Names}}')
		.split('\n')
		.find(name => /-db(_postgres)?-\d+$/.test(name)) ?? '';

/** Helpers that were left behind: those that mount what the server mounts, or are named after it. */
function helpersOn(project: string): string[] {
	const [server] = JSON.parse(docker('inspect', container(project)));
	const own = server.Mounts.map(({Source}: {Source: string}) => Source);
	const ids = docker('ps', '-aq', '--filter', 'label=compose-medic.helper').split('\n').filter(Boolean);
	return ids.filter(id => {
		// Another test's helper may end between the two questions.
		const seen = spawnSync('docker', ['inspect', id], {encoding: 'utf8'});
		const [helper] = seen.status === 0 ? JSON.parse(seen.stdout) : [];
		return (
			helper &&
			(helper.Name.includes(server.Id.slice(0, 12)) ||
				helper.Mounts.some(({Source}: {Source: string}) => own.includes(Source)))
		);
	});
}

/** Everything about pg_hba.conf that an opened socket could leave changed. */
const rules = (project: string): string => {
	const archive = docker(
		'exec',
		container(project),
		'sh',
		'-c',
		'cd "$PGDATA" && sha256sum pg_hba.conf && stat -c "%a %u %g" pg_hba.conf && ls -a | grep medic || :',
	);
	return archive;
};

describe.concurrent('change-password by each route', () => {
	test.each(
		cases.map(one => ({name: `${one.route}${one.chosen ? ', chosen by itself' : ', asked for'} (${one.fault})`, one})),
	)('$name', async ({one}) => {
		await withPatient(one.fault, `route-${one.route}${one.chosen ? '' : '-asked'}`, async (patient: Patient) => {
			const secrets = (await readMarker(patient.directory))?.secrets ?? {};
			const env = {...patient.env, ...(one.knowsOld ? {COMPOSE_MEDIC_PASSWORD: secrets['database'] ?? ''} : {})};
			const stopped = one.fault.endsWith('-stopped');
			const rows = stopped ? null : await sentinelChecksum(patient);
			const before = stopped ? null : rules(patient.project);
			const since = Math.floor(Date.now() / 1000);

			const wanted = one.chosen ? [] : ['--set', `route=${one.route}`];
			const words = ['fix', 'change-password', '--project', patient.project, '--yes', '--json', ...wanted];
			const {value: fixed, seen: processes} = await watchingProcesses(() => cli(words, {env}));
			expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
			const steps: {step: string; input: {route?: string}}[] = JSON.parse(fixed.stdout).plan.steps;
			expect(steps.find(({step}) => step === 'set-role-password')?.input.route).toBe(one.route);
			if (rows) expect(await sentinelChecksum(patient)).toBe(rows);
			if (before) expect(rules(patient.project)).toBe(before);

			const undone = await cli(['undo', '--project', patient.project, '--yes', '--json'], {env});
			expect(undone.code, undone.stdout + undone.stderr).toBe(0);
			if (rows) expect(await sentinelChecksum(patient)).toBe(rows);
			if (before) expect(rules(patient.project)).toBe(before);

			const events = docker('events', '--since', String(since), '--until', String(Math.ceil(Date.now() / 1000)));
			const log = docker('logs', container(patient.project));
			// The watch works: it has seen the program itself.
			expect(processes.some(line => line.includes('fix change-password'))).toBe(true);
			const seen = [fixed.stdout, fixed.stderr, undone.stdout, undone.stderr, events, log, ...processes].join('\n');
			expect(leaks(seen, patient.secrets)).toEqual([]);
			expect(seen).not.toMatch(/SCRAM-SHA-256\$\d+:[A-Za-z0-9+/]/);
			expect(helpersOn(patient.project)).toEqual([]);
		});
	});
});
