import {say} from '../core/say.ts';
import {parseControlData} from '../core/snapshot.ts';
import {singleUserRows} from '../core/sql-text.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, ExecResult} from '../core/world.ts';
import {endLeftover, privateName, withPrivateServer} from './private-server.ts';
import {aloneOn, dataMounts, helperMounts} from './server-place.ts';
import {countedScript} from './sql-session.ts';
import type {SqlCall} from './sql-socket.ts';
import {superuserNames} from './superuser-names.ts';

/** What `pg_controldata` says about mounted data, read through a read-only helper. */
export async function controlDataOf(
	call: Pick<SqlCall, 'docker' | 'signal'>,
	request: {
		name: string;
		image: string;
		data: string;
		mounts: {source: string; destination: string; readonly: boolean}[];
	},
) {
	const result = await call.docker.helper(
		{
			...request,
			entrypoint: ['pg_controldata'],
			command: ['-D', request.data],
			network: 'none',
			environment: {LC_ALL: 'C'},
		},
		call.signal,
	);
	return parseControlData(result.stdout);
}

async function stoppedServer(call: SqlCall, purpose: string) {
	const {server} = call;
	if (!['exited', 'created', 'dead'].includes(server.container.status))
		throw new Trouble(
			'still-running',
			say(`\`${server.container.service}\` still runs.`, `\`${server.container.service}\` 仍在运行。`),
			{
				next: say(
					`Stop it first: \`docker stop ${server.container.name}\`.`,
					`请先停止：\`docker stop ${server.container.name}\`。`,
				),
			},
		);
	const mounts = dataMounts(server.container, server.data);
	const name = privateName(mounts, purpose);
	await endLeftover(call, name);
	await aloneOn(call.world.docker, mounts, []);
	return {name, mounts};
}

async function shutDownCleanly(call: SqlCall, mounts: Container['mounts']): Promise<void> {
	const {server} = call;
	const control = await controlDataOf(call, {
		name: privateName(mounts, 'control'),
		image: server.container.imageId,
		data: server.data,
		mounts: helperMounts(mounts, true),
	});
	if (control?.state === 'shut down') return;
	throw new Trouble(
		'not-shut-down',
		say('The private server did not shut down cleanly.', '私有服务器没有干净地停止。'),
		{
			why: say(`pg_controldata says: ${control?.state ?? 'nothing'}`, `pg_controldata 显示：${control?.state ?? '无'}`),
		},
	);
}

/** On a stopped data directory: a server of its own, without network, for one script. */
export async function privateServer(call: SqlCall): Promise<ExecResult> {
	const {server} = call;
	const {name, mounts} = await stoppedServer(call, 'server');
	const result = await withPrivateServer(
		{
			docker: call.docker,
			name,
			image: server.container.imageId,
			owner: server.owner,
			data: server.data,
			mounts: helperMounts(mounts, false),
			signal: call.signal,
			redact: text => call.world.redact(text),
		},
		async ({psql, bootstrapRole}) =>
			psql(
				call.sql,
				await bootstrapRole(await superuserNames(call.world.docker, server, call.options.superuser)),
				call.options.database ?? 'template1',
			),
	);
	await shutDownCleanly(call, mounts);
	return result;
}

/**
 * Single-user mode ends with its input, so the lines are counted and read from a file that is deleted before the server
 * opens it. `exec` keeps the server at process 1: a leftover `postmaster.pid` that names another process of ours would stop it.
 */
const singleScript =
	'umask 077; IFS= read -r n; head -n "$n" >/tmp/in; exec 3</tmp/in; rm /tmp/in; exec postgres --single "$@" <&3';

/**
 * On a stopped data directory: PostgreSQL in single-user mode, which is always the bootstrap superuser. Without
 * `exit_on_error` it would end with 0 after an error.
 */
export async function singleUser(call: SqlCall): Promise<ExecResult> {
	const {server} = call;
	const {name, mounts} = await stoppedServer(call, 'server');
	const result = await call.docker.helper(
		{
			name,
			image: server.container.imageId,
			entrypoint: ['sh'],
			command: [
				...[
					'-c',
					singleScript,
					'sh',
					'-c',
					'exit_on_error=true',
					'-c',
					'log_statement=none',
					'-c',
					'log_min_duration_statement=-1',
				],
				...['-c', 'log_min_error_statement=panic', '-c', 'logging_collector=off', '-D', server.data],
				call.options.database ?? 'template1',
			],
			user: server.owner,
			network: 'none',
			environment: {LC_ALL: 'C'},
			stdin: countedScript(call.sql),
			mounts: helperMounts(mounts, false),
		},
		call.signal,
	);
	await shutDownCleanly(call, mounts);
	return {...result, stdout: singleUserRows(result.stdout)};
}
