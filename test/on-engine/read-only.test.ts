import {execFileSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {cli} from '../helpers/cli.ts';
import {withPatient} from '../helpers/lab.ts';
import {recordingProxy, writes} from '../helpers/recording-proxy.ts';

const docker = (...args: string[]): string =>
	execFileSync('docker', args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/** SQL that changes something. What the log shows of reading is `select`, `set`, `show`, `begin` and the like. */
const writing =
	/(?:statement|execute [^:]*): .*\b(insert|update|delete|alter|create|drop|grant|revoke|truncate|vacuum|reindex|copy|pg_reload_conf|pg_terminate_backend)\b/i;

const looks: {name: string; fault: string; args: string[][]}[] = [
	{
		name: 'change-password',
		fault: 'stale-volume-password',
		args: [
			['diagnose', '--json'],
			['fix', 'change-password', '--plan'],
			['fix', 'reset-volume', '--plan'],
		],
	},
	{
		name: 'socket denied',
		fault: 'stale-volume-password-socket-scram',
		args: [
			['diagnose', '--plain'],
			['fix', 'change-password', '--plan', '--json'],
		],
	},
	{
		name: 'server stopped',
		fault: 'stale-volume-password-stopped',
		args: [
			['diagnose', '--json'],
			['fix', 'change-password', '--plan'],
		],
	},
	{
		name: 'pg_hba.conf',
		fault: 'hba-rejects',
		args: [
			['diagnose', '--json'],
			['fix', 'repair-hba', '--plan'],
		],
	},
	{
		name: 'host',
		fault: 'host-not-resolvable',
		args: [
			['diagnose', '--json'],
			['fix', 'point-to-service', '--plan'],
		],
	},
];

describe.concurrent('looking and planning write nothing', () => {
	test.each(looks)('$name', async ({fault, args}) => {
		await withPatient(fault, 'readonly', async patient => {
			const database = `${patient.project}-db-1`;
			const running = docker('inspect', '--format', '{{.State.Running}}', database).trim() === 'true';
			// The server's own log is a witness: it writes down every statement from here on.
			if (running)
				docker(
					'exec',
					database,
					'sh',
					'-c',
					'echo "log_statement = all" >> "$PGDATA/postgresql.auto.conf" && kill -HUP 1',
				);
			const proxy = await recordingProxy(`${patient.state}/docker.sock`);
			const before = docker('inspect', '--format', '{{.Id}} {{.Image}}', database);
			const since = new Date().toISOString();
			try {
				for (const arguments_ of args) {
					const run = await cli([...arguments_, '--project', patient.project], {
						env: {...patient.env, DOCKER_HOST: proxy.host},
					});
					expect([0, 3, 4, 5], `${arguments_.join(' ')}: ${run.stdout} ${run.stderr}`).toContain(run.code);
				}
			} finally {
				await proxy.close();
			}
			expect(proxy.calls.length).toBeGreaterThan(3);
			expect(writes(proxy.calls)).toEqual([]);
			expect(docker('inspect', '--format', '{{.Id}} {{.Image}}', database)).toBe(before);
			expect(
				docker(
					'ps',
					'-aq',
					'--filter',
					'label=compose-medic.helper',
					'--filter',
					`label=compose-medic.for=${patient.project}`,
				),
			).toBe('');
			if (running) {
				const log = execFileSync('sh', ['-c', `docker logs --since ${since} ${database} 2>&1`], {encoding: 'utf8'});
				if (fault !== 'stale-volume-password-socket-scram') expect(log).toContain('from pg_authid');
				expect(log.split('\n').filter(line => writing.test(line))).toEqual([]);
			}
		});
	});
});
