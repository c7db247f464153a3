import type {Client, ClientConfig} from 'pg';
import {say, verbatim} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {sqlError} from '../core/sql-text.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';
import type {SqlOptions} from '../core/write-world.ts';
import {isHere, socketFolders} from './external-database.ts';
import {statements} from './sql-session.ts';
import type {SqlParts} from './sql-socket.ts';

type Call = SqlParts & {sql: string | Secret; options: SqlOptions; signal: AbortSignal};

const asText = (value: unknown): string =>
	value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Plain first; a server that insists on encryption says so by having no rule for a plain connection. */
async function connected(config: ClientConfig, encrypts: boolean): Promise<Client> {
	const {default: pg} = await import('pg');
	const attempt = async (ssl: ClientConfig['ssl']): Promise<Client> => {
		const client = new pg.Client({...config, ssl});
		client.on('error', () => undefined);
		await client.connect();
		return client;
	};
	return attempt(false).catch((error: unknown) => {
		if (!encrypts || !(error instanceof Error) || !/no encryption|SSL off/.test(error.message)) throw error;
		return attempt({rejectUnauthorized: false});
	});
}

/**
 * SQL for a server that is not in a container of ours: over its Unix socket on this machine, or over TCP with a password
 * that is known. One statement after the other, none of them in a transaction of ours.
 */
export async function externalSql({world, secret, sql, options, signal}: Call): Promise<ExecResult> {
	const {target} = world;
	if (target.kind !== 'database') throw new Error('not an external database');
	const [folder] = isHere(target.host) ? await socketFolders(target.port) : [];
	if (options.route === 'socket' && !folder)
		throw new Trouble(
			'no-socket',
			say('The server has no local socket on this machine.', '服务器在本机上没有本地套接字。'),
		);
	if (options.route === 'tcp' && (!options.credential || !options.user))
		throw new Trouble('no-old-password', say('No old password is known.', '没有已知的旧密码。'));
	if (options.route !== 'socket' && options.route !== 'tcp')
		throw new Trouble(
			'route-needs-container',
			say(`\`${options.route}\` needs a container.`, `\`${options.route}\` 需要容器。`),
		);
	const overTcp = options.route === 'tcp' && options.credential ? await secret(options.credential) : null;
	const base: ClientConfig = {
		host: overTcp ? target.host : folder,
		port: target.port,
		database: options.database ?? 'template1',
		user: overTcp ? options.user : (options.superuser ?? 'postgres'),
		// A function, because the library would take PGPASSWORD from our own environment otherwise.
		password: () => overTcp?.open() ?? '',
		connectionTimeoutMillis: 10_000,
		application_name: 'compose-medic',
	};
	let client: Client | null = null;
	const rows: string[] = [];
	try {
		client = await connected(base, overTcp !== null);
		for (const statement of statements(sql)) {
			signal.throwIfAborted();
			const result = await client.query<unknown[]>({text: statement.open(), rowMode: 'array'});
			rows.push(...result.rows.map(row => `${row.map(asText).join('\t')}\n`));
		}
		return {code: 0, stdout: rows.join(''), stderr: ''};
	} catch (error) {
		if (signal.aborted) throw error;
		const says = world.redact(sqlError(`ERROR: ${error instanceof Error ? error.message : ''}`));
		if (says.includes('would log the statement')) return {code: 3, stdout: '', stderr: says};
		throw new Trouble('sql-failed', say('The server refused the change.', '服务器拒绝了这次更改。'), {
			why: verbatim(says),
		});
	} finally {
		await client?.end().catch(() => undefined);
	}
}
