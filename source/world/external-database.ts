import {access, readFile} from 'node:fs/promises';
import {hostname, networkInterfaces, userInfo} from 'node:os';
import {dirname, join} from 'node:path';
import type {Client, ClientConfig, DatabaseError} from 'pg';
import {say, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {DatabaseReader, LoginResult} from '../core/world.ts';
import {knock} from './startup-packet.ts';

type Address = {host: string; port: number};

const readOnly =
	'-c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=50 -c search_path=pg_catalog';
const silent = '-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic';

const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);

/** Whether a server at this host name runs on this machine, so that its socket may be at hand. */
export function isHere(host: string): boolean {
	const own = Object.values(networkInterfaces()).flatMap(list => list?.map(({address}) => address) ?? []);
	return (
		['localhost', '127.0.0.1', '::1', '', hostname(), ...own].includes(host) ||
		host.startsWith('127.') ||
		host.startsWith('/')
	);
}

/**
 * Folders that hold a server's socket for this port: where distributions and PostgreSQL itself put it, and on Linux every one that
 * the kernel lists.
 */
export async function socketFolders(port: number): Promise<string[]> {
	const name = `.s.PGSQL.${port}`;
	const listed = await readFile('/proc/net/unix', 'utf8').catch(() => '');
	const open = listed.split('\n').flatMap(line => {
		const path = line.split(' ').at(-1) ?? '';
		return path.startsWith('/') && path.endsWith(`/${name}`) ? [dirname(path)] : [];
	});
	const candidates = [...new Set([...open, '/var/run/postgresql', '/run/postgresql', '/tmp'])];
	const there = await Promise.all(candidates.map(folder => exists(join(folder, name))));
	return candidates.filter((_, index) => there[index]);
}

async function connected(config: ClientConfig, signal?: AbortSignal): Promise<Client> {
	// Loaded when it is needed: most runs have no external database.
	const {default: pg} = await import('pg');
	const client = new pg.Client({connectionTimeoutMillis: 5000, application_name: 'compose-medic', ...config});
	// A connection that breaks while idle is reported here; without a listener it would end the program.
	client.on('error', () => undefined);
	const leave = (): void => void client.end().catch(() => undefined);
	signal?.addEventListener('abort', leave, {once: true});
	try {
		await client.connect();
		return client;
	} catch (error) {
		leave();
		throw error;
	} finally {
		signal?.removeEventListener('abort', leave);
	}
}

/** The pg library takes PGPASSWORD from our own environment unless it is given a function. */
const exactly = (password: string) => () => password;

const codeOf = (error: unknown): string => String((error as Partial<DatabaseError>).code ?? '');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function readFailure(error: unknown): LoginResult {
	const code = codeOf(error);
	const message = messageOf(error);
	if (code === '57P03') return {outcome: 'not-ready', message};
	if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'].includes(code)) return {outcome: 'no-host', message};
	if (code === 'ECONNREFUSED' || code === 'ENOENT') return {outcome: 'no-answer', message};
	if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code) || /timeout expired/.test(message))
		return {outcome: 'no-route', message};
	if (code === 'ECONNRESET' || /terminated unexpectedly/.test(message)) return {outcome: 'closed', message};
	return {outcome: 'refused', sqlstate: /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : null, message};
}

/**
 * Reads a PostgreSQL server that no engine manages: over its Unix socket when it runs on this machine, with real logins over TCP.
 * @param roles names that may be let in over the socket besides `postgres` and the user who runs this program
 */
export function externalDatabase(address: Address, roles: readonly string[] = []): DatabaseReader {
	const denied = (why?: string): Trouble =>
		new Trouble('socket-denied', say('The server’s local socket can’t be used.', '无法使用服务器的本地套接字。'), {
			why:
				why === undefined
					? say(
							'the server does not run on this machine, or its socket is not found',
							'服务器不在本机，或找不到它的套接字',
						)
					: verbatim(why),
		});

	/** A session over the socket as the first role that is let in. */
	async function overSocket(database: string, signal?: AbortSignal): Promise<Client> {
		if (!isHere(address.host)) throw denied();
		let why: string | undefined;
		for (const host of await socketFolders(address.port))
			for (const user of new Set(['postgres', userInfo().username, ...roles]))
				for (const options of [`${readOnly} ${silent}`, readOnly])
					try {
						return await connected({host, port: address.port, user, database, options, password: exactly('')}, signal);
					} catch (error) {
						if (codeOf(error) === '57P03')
							throw new Trouble('not-running', say('The server is starting.', '服务器正在启动。'), {
								why: verbatim(messageOf(error)),
							});
						why = messageOf(error);
						// Only a role that may not set log parameters is worth a second try.
						if (codeOf(error) !== '42501') break;
					}
		if (why === undefined && (await knock({host: address.host, port: address.port}, {signal})) === 'no-answer')
			throw new Trouble('not-running', say('No server answers.', '没有服务器响应。'));
		throw denied(why);
	}

	return {
		async query(sql, {database = 'template1', signal} = {}) {
			const client = await overSocket(database, signal);
			try {
				const {rows} = await client.query<{rows: Record<string, unknown>[]}>(
					`select coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(t)), '[]'::pg_catalog.json) as rows from (${sql.trim().replace(/;\s*$/, '')}) t`,
				);
				return rows[0]?.rows ?? [];
			} catch (error) {
				throw new Trouble('query-failed', say('The server could not answer a question.', '服务器无法回答查询。'), {
					why: verbatim(messageOf(error)),
				});
			} finally {
				await client.end();
			}
		},

		async login({host, port, user, database, password: own}, {password = own ?? undefined, signal} = {}) {
			const config: ClientConfig = {
				host,
				port,
				user,
				database,
				password: exactly(password?.open() ?? ''),
				options: readOnly,
			};
			const plain = connected({...config, ssl: false}, signal);
			const client = await plain.catch((error: unknown) => {
				// A server that insists on encryption says so by having no rule for a plain connection.
				if (!/no encryption|SSL off/.test(messageOf(error))) return readFailure(error);
				return connected({...config, ssl: {rejectUnauthorized: false}}, signal).catch(() => readFailure(error));
			});
			if ('outcome' in client) return client;
			try {
				const {rows} = await client.query<{address: string | null}>(
					'select pg_catalog.host(pg_catalog.inet_server_addr()) as address',
				);
				const identity = await client
					.query<{id: string}>('select system_identifier::text as id from pg_catalog.pg_control_system()')
					.catch(() => null);
				return {outcome: 'ok', systemIdentifier: identity?.rows[0]?.id ?? null, address: rows[0]?.address ?? null};
			} finally {
				await client.end();
			}
		},

		ready: signal => knock(address, {signal}),
	};
}
