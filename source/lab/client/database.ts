import pg from 'pg';
import {credentials} from './credentials.ts';

const tables: Record<string, string> = {
	api: 'create table if not exists accounts (id serial primary key, name text not null)',
	worker: 'create table if not exists workflow_runs (id serial primary key, finished_at timestamptz default now())',
	plugin_daemon: 'create table if not exists plugins (id serial primary key, name text not null)',
	app: 'create table if not exists orders (id serial primary key, article text not null)',
};

async function connect(change: pg.ClientConfig = {}): Promise<pg.Client> {
	const client = new pg.Client({...credentials(process.env), connectionTimeoutMillis: 10_000, ...change});
	await client.connect();
	return client;
}

/** Dify's plugin daemon makes its own database, from the maintenance database that every server has. */
async function createOwnDatabase(): Promise<void> {
	const name = credentials(process.env).database ?? 'dify_plugin';
	const client = await connect({database: 'postgres'});
	try {
		const {rowCount} = await client.query('select from pg_database where datname = $1', [name]);
		if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
	} finally {
		await client.end();
	}
}

/** Changes the tables as golang-migrate would: what is cut off stays marked, and the next start refuses to go on. */
async function migrate(client: pg.Client, change: string): Promise<void> {
	const version = 7;
	await client.query(
		'create table if not exists schema_migrations (version bigint primary key, dirty boolean not null)',
	);
	const {rows} = await client.query('select version, dirty from schema_migrations');
	if (rows[0]?.dirty) throw new Error(`Dirty database version ${rows[0].version}. Fix and force version.`);
	if (rows.length > 0) return;
	await client.query('insert into schema_migrations values ($1, true)', [version]);
	await client.query(change);
	await client.query('update schema_migrations set dirty = false');
}

/** A pool that leaks: takes as many connections as it gets and keeps them. */
async function takeConnections(count: number): Promise<void> {
	for (let taken = 0; taken < count; taken++) {
		const client = await connect().catch(() => null);
		if (!client) return;
		client.on('error', () => {});
	}
}

/**
 * Logs in as the application would, makes its tables, and asks the database something every few seconds: `QUERY`, when it
 * is told one. `MIGRATE` is a change that it makes once, `CONNECTIONS` how many more connections it takes.
 * @param lost called when the connection is gone; real applications of this kind give up and are started again
 */
export async function openDatabase(role: string, lost: (error: Error) => void): Promise<void> {
	if (role === 'plugin_daemon') await createOwnDatabase();
	const client = await connect();
	client.on('error', lost);
	client.on('end', () => lost(new Error('Connection terminated unexpectedly')));
	const table = tables[role];
	if (table) await client.query(table);
	const {MIGRATE: change, CONNECTIONS: more, QUERY: query} = process.env;
	if (change) await migrate(client, change);
	if (query) await client.query(query);
	await takeConnections(Number(more ?? 0));
	setInterval(() => client.query(query ?? 'select 1').catch(lost), 3000);
}
