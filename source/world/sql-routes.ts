import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';
import type {SqlOptions} from '../core/write-world.ts';
import {serverOf} from './server-place.ts';
import {externalSql} from './sql-external.ts';
import {privateServer, singleUser} from './sql-offline.ts';
import {checked, psqlFlags, readPassword, withPassword} from './sql-session.ts';
import {type SqlCall, type SqlParts, socket} from './sql-socket.ts';
import {socketLine} from './sql-socket-line.ts';

export type {SqlParts} from './sql-socket.ts';

/** From a throwaway container on the server's network, to the server's own address: loopback inside it would prove nothing. */
async function tcp(call: SqlCall): Promise<ExecResult> {
	const {server, options} = call;
	if (!options.credential || !options.user)
		throw new Trouble('no-old-password', say('No old password is known.', '没有已知的旧密码。'));
	const {container} = server;
	const network = container.networks.find(({address}) => address !== '');
	const port = (await call.world.docker.readFile(container.id, `${server.data}/postmaster.pid`))?.content
		.toString('latin1')
		.split('\n')[3]
		?.trim();
	const password = await call.secret(options.credential);
	return call.docker.helper(
		{
			name: `compose-medic-sql-${container.id.slice(0, 12)}`,
			image: container.imageId,
			entrypoint: ['sh'],
			command: [
				'-c',
				readPassword,
				'sh',
				...psqlFlags,
				...[
					'-h',
					network?.address ?? '127.0.0.1',
					'-p',
					port || '5432',
					'-U',
					options.user,
					'-d',
					options.database ?? 'template1',
				],
			],
			network: container.networkMode === 'host' || !network ? `container:${container.id}` : network.name,
			environment: {LC_ALL: 'C', PGCONNECT_TIMEOUT: '10'},
			stdin: withPassword(password, call.sql),
			mounts: [],
		},
		call.signal,
	);
}

const routes = {
	socket,
	tcp,
	'socket-line': socketLine,
	'private-server': privateServer,
	'single-user': singleUser,
} as const;

/**
 * The one way in which SQL that changes a server is sent: over standard input, logging off for the session, one statement per line.
 * @throws Trouble on any SQL error; its text holds no statement and no verifier
 */
export const createSql =
	(parts: SqlParts) =>
	async (service: string, sql: string | Secret, options: SqlOptions): Promise<ExecResult> => {
		const signal = options.signal ? AbortSignal.any([parts.signal, options.signal]) : parts.signal;
		const redact = (text: string): string => parts.world.redact(text);
		if (parts.world.target.kind === 'database')
			return checked(await externalSql({...parts, sql, options, signal}), redact);
		const server = await serverOf(parts.world, service);
		return checked(await routes[options.route]({...parts, server, sql, options, signal}), redact);
	};
