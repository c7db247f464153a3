import {createHash} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, ExecResult} from '../core/world.ts';
import type {DockerWriter} from '../core/write-world.ts';
import {psqlFlags, quietOptions, script} from './sql-session.ts';
import type {SqlCall} from './sql-socket.ts';

const startPatience = 120_000;
const stopGrace = 60;

/** Settings of a server that nobody may reach and that writes nothing of what it is told into a log. */
const privateFlags = [
	...[
		'-c',
		'listen_addresses=',
		'-c',
		'unix_socket_directories=/tmp',
		'-c',
		'log_statement=none',
		'-c',
		'logging_collector=off',
	],
	...['-c', 'log_min_duration_statement=-1', '-c', 'log_min_error_statement=panic', '-c', 'autovacuum=off'],
];

/** Helpers of this name run a server on the data itself; all others only read, copy or move files. */
export const serverPrefix = 'compose-medic-server-';

/** One name per data directory, so that the engine's name conflict is the lock against a second one. */
export const privateName = (mounts: Container['mounts'], purpose: string): string => {
	const places = mounts.map(({name, source}) => name || source).sort();
	return `compose-medic-${purpose}-${createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 12)}`;
};

/** Ends a private server that a killed run left behind: cleanly first, because killing it would cost a crash recovery. */
export async function endLeftover(call: Pick<SqlCall, 'world' | 'docker'>, name: string): Promise<void> {
	const left = (await call.world.docker.containers(null)).find(container => container.name === name);
	if (!left) return;
	if (left.status === 'running') await call.docker.stop(left.id, stopGrace);
	await call.docker.removeHelper(name);
}

export type PrivateServer = {
	psql: (sql: string | Secret, role: string, database: string) => Promise<ExecResult>;
	/** The role with oid 10, asked for under the names it may have: any role may look it up. */
	bootstrapRole: (names: readonly string[]) => Promise<string>;
	/** A shell script in the server's container, as the server's own user. */
	shell: (script: string, words: readonly string[]) => Promise<ExecResult>;
};

/**
 * A server on the data itself must not outlive a killed program: the user's own one could be started beside it. It ends
 * itself this many seconds after it was ready; a script takes two or three.
 */
const lifetime = 90;

/**
 * The watchdog gets a high process id: a leftover `postmaster.pid` that names the id of a living process of ours would keep the
 * server from starting (PostgreSQL's CreateLockFile), and those ids are low in containers.
 */
const watchdog = `n=0; while [ $n -lt 300 ]; do (:); n=$((n + 1)); done; (until pg_isready -q -h /tmp; do sleep 1; done; sleep ${lifetime}; kill -INT 1) & `;

/**
 * Starts a server without any network on mounted data, lets `use` talk to it, and shuts it down cleanly. Its own
 * `hba_file` lies outside the data, so that pg_hba.conf and every setting of the cluster stay byte for byte.
 */
export async function withPrivateServer<Result>(
	request: {
		docker: DockerWriter;
		name: string;
		image: string;
		owner: string;
		data: string;
		/** Shell text that runs before the server, for a copy made in the helper's own layer. */
		prepare?: string;
		mounts: {source: string; destination: string; readonly: boolean}[];
		/** Its data is a copy that goes with it: no clean end is needed. */
		throwaway?: boolean;
		/** It works on new data that nobody else could start a server on: it may live as long as it takes. */
		unlimited?: boolean;
		/** More flags for the server; the last one of a name counts. */
		flags?: readonly string[];
		/** Milliseconds until it must accept connections, `prepare` included. */
		patience?: number;
		signal: AbortSignal;
		redact: (text: string) => string;
	},
	use: (server: PrivateServer) => Promise<Result>,
): Promise<Result> {
	const {docker, name, data, signal} = request;
	const watch = request.throwaway || request.unlimited ? '' : watchdog;
	const start = `umask 077; ${request.prepare ?? ':'}; ${watch}printf 'local all all trust\\n' >/tmp/compose-medic.hba && exec postgres -D "$0" -c hba_file=/tmp/compose-medic.hba "$@" >/tmp/compose-medic.log 2>&1`;
	const made = await docker.helper(
		{
			name,
			image: request.image,
			entrypoint: ['sh'],
			command: ['-c', start, data, ...privateFlags, ...(request.flags ?? [])],
			user: request.owner,
			network: 'none',
			environment: {LC_ALL: 'C'},
			mounts: request.mounts,
			detach: true,
		},
		signal,
	);
	const id = made.stdout.trim() || name;
	const psql: PrivateServer['psql'] = (sql, role, database) =>
		docker.exec(id, ['psql', ...psqlFlags, '-h', '/tmp', '-U', role, '-d', database], {
			user: request.owner,
			stdin: script(sql),
			environment: {PGOPTIONS: quietOptions, LC_ALL: 'C'},
			signal,
		});
	const shell: PrivateServer['shell'] = (text, words) =>
		docker.exec(id, ['sh', '-c', `set -eu\n${text}`, 'sh', ...words], {
			user: request.owner,
			environment: {PGOPTIONS: quietOptions, LC_ALL: 'C'},
			signal,
		});
	try {
		await awaitSocket(docker, id, request);
		return await use({psql, shell, bootstrapRole: names => bootstrapRole(psql, names)});
	} finally {
		if (!request.throwaway) await docker.stop(id, stopGrace).catch(() => undefined);
		await docker.removeHelper(name);
	}
}

async function awaitSocket(
	docker: DockerWriter,
	id: string,
	{
		owner,
		redact,
		signal,
		patience = startPatience,
	}: {owner: string; redact: (text: string) => string; signal: AbortSignal; patience?: number},
): Promise<void> {
	for (const end = Date.now() + patience; Date.now() < end; await sleep(200)) {
		signal.throwIfAborted();
		const ready = await docker.exec(id, ['pg_isready', '-q', '-h', '/tmp'], {user: owner}).catch(() => null);
		if (ready?.code === 0) return;
		if (ready === null) break;
	}
	const log = await docker.exec(id, ['tail', '-n', '5', '/tmp/compose-medic.log'], {user: owner}).catch(() => null);
	throw new Trouble(
		'private-server-failed',
		say('PostgreSQL does not start on this data directory.', 'PostgreSQL 无法在这个数据目录上启动。'),
		{
			why: log?.stdout ? say(redact(log.stdout.trim()), redact(log.stdout.trim())) : undefined,
		},
	);
}

async function bootstrapRole(psql: PrivateServer['psql'], names: readonly string[]): Promise<string> {
	for (const name of names) {
		const {code, stdout} = await psql('select rolname from pg_roles where oid = 10;', name, 'template1');
		if (code === 0 && stdout.trim() !== '') return stdout.trim();
	}
	throw new Trouble(
		'no-superuser',
		say('No known role exists in this data directory.', '数据目录中没有任何已知的角色。'),
		{
			next: say(
				'Use `--set route=single-user`: it needs no role name.',
				'使用 `--set route=single-user`：它不需要角色名。',
			),
		},
	);
}
