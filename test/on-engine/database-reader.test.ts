import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createRedactor} from '../../source/core/redact.ts';
import {makeVerifier, matches} from '../../source/core/scram.ts';
import {Secret} from '../../source/core/secret.ts';
import type {Credential, DatabaseReader, ReadWorld} from '../../source/core/world.ts';
import {contentOf, databaseContent} from '../../source/probes/database-content.ts';
import {createDockerReader} from '../../source/world/docker.ts';
import {resolveEndpoint} from '../../source/world/docker-endpoint.ts';
import {connectEngine} from '../../source/world/docker-transport.ts';
import {composeDatabase} from '../../source/world/postgres.ts';
import {ReadGuard} from '../../source/world/read-guard.ts';

const run = promisify(execFile);
const docker = async (...parts: string[]): Promise<string> => (await run('docker', parts)).stdout.trim();

const project = `compose-medic-reader-${process.pid}`;
const name = `${project}-db-1`;
const bootstrap = 'clinic admin';

const credential: Credential = {
	id: 'app:PW',
	service: 'app',
	purpose: 'client',
	user: 'odd',
	host: name,
	port: 5432,
	database: 'postgres',
	password: null,
	variables: {user: null, password: 'PW', host: null, port: null, database: null, url: null},
	passwordFile: null,
	urlProblem: null,
};

let database: DatabaseReader;

const sql = (...statements: string[]): Promise<string> =>
	docker(
		'exec',
		'-u',
		'postgres',
		name,
		'psql',
		'-XqAt',
		'-U',
		bootstrap,
		'-d',
		'template1',
		...statements.flatMap(text => ['-c', text]),
	);

const settled = async (wanted: string): Promise<void> => {
	for (let left = 150; (await database.ready()) !== wanted; left--) {
		if (left === 0) throw new Error(`the server did not get to ${wanted}`);
		await new Promise(resolve => setTimeout(resolve, 200));
	}
};

beforeAll(async () => {
	await docker('network', 'create', '--label', 'compose-medic.test=1', project);
	const labels = {'com.docker.compose.project': project, 'com.docker.compose.service': 'db', 'compose-medic.test': '1'};
	const environment = {
		POSTGRES_USER: bootstrap,
		POSTGRES_PASSWORD: 'first one',
		POSTGRES_DB: 'postgres',
		PGPASSWORD: 'not for us',
	};
	await docker(
		...['run', '--detach', '--name', name, '--network', project],
		...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
		...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
		'postgres:15-alpine',
	);
	const endpoint = resolveEndpoint({});
	const redactor = createRedactor();
	const connection = connectEngine({endpoint, redact: text => redactor.redact(text), guard: new ReadGuard()});
	const reader = createDockerReader({docker: connection, endpoint, redactor});
	database = composeDatabase({service: 'db', docker: reader, containers: () => reader.containers(project)});
	await settled('accepting');
	await sql('create role odd login', 'create sequence counter');
});

afterAll(async () => {
	await docker('rm', '--force', '--volumes', name).catch(() => '');
	await docker('network', 'rm', project).catch(() => '');
});

test.each(['a\nb', 'end\r\n', ' q\'u"o$te`\\ ', '-é日本😀', '\u1d2cx\u00ad'])(
	'a verifier made here lets %j in over TCP, and nothing else',
	async password => {
		await sql(`alter role odd password '${makeVerifier(new Secret(password)).open()}'`);
		const login = (text: string) => database.login(credential, {password: new Secret(text)});
		const identity = {
			outcome: 'ok',
			systemIdentifier: expect.stringMatching(/^\d{10,}$/),
			address: expect.stringMatching(/^[\d.]+$/),
		};
		const [right, wrong] = await Promise.all([login(password), login(`${password}x`)]);
		expect(right).toEqual(identity);
		expect(wrong).toMatchObject({outcome: 'refused', sqlstate: '28P01'});
	},
);

test('the superuser is found by its role, not by its name, and queries can change nothing', async () => {
	expect(
		await database.query('select current_user as name, rolsuper from pg_roles where rolname = current_user'),
	).toEqual([{name: bootstrap, rolsuper: true}]);
	await expect(database.query("select nextval('public.counter')")).rejects.toMatchObject({
		code: 'query-failed',
	});
	const [stored] = await database.query(`select rolpassword from pg_authid where rolname = '${bootstrap}'`);
	expect(matches(new Secret(String(stored?.rolpassword)), bootstrap, new Secret('first one'))).toBe(true);
});

test('what somebody made under a better fitting name is not run', async () => {
	await sql("create function public.lower(name) returns text language sql as 'select ''not ours'''");
	expect(await sql('select lower(current_database())')).toBe('not ours');
	expect(await database.query('select lower(current_database()) as name')).toEqual([{name: 'template1'}]);
});

test('the tables of migration tools are read, and none whose columns are of somebody’s own type', async () => {
	const world = {database: () => database, redact: (text: string) => text} as unknown as ReadWorld;
	const read = async () => {
		const {bookkeeping} = await databaseContent.observe(
			world,
			contentOf('db', 'template1'),
			AbortSignal.timeout(10_000),
		);
		return bookkeeping.map(({table, version, state}) => ({table, version, state}));
	};
	await sql(
		'create table schema_migrations (version bigint, dirty boolean)',
		'insert into schema_migrations values (7, true), (6, false)',
		'create type own as (inner_one int)',
		'create table alembic_version (version_num own)',
		'insert into alembic_version values (row(1))',
	);
	expect(await read()).toEqual([{table: 'public.schema_migrations', version: '7', state: 'dirty'}]);
	await sql('drop table alembic_version', 'create table alembic_version (version_num varchar(32))');
	await sql("insert into alembic_version values ('<a&b>')");
	expect(await read()).toEqual([
		{table: 'public.alembic_version', version: '<a&b>', state: 'at'},
		{table: 'public.schema_migrations', version: '7', state: 'dirty'},
	]);
});

test('whoever logs statements sees everything that was asked', async () => {
	await sql(
		"alter system set log_statement = 'all'",
		'alter system set log_min_duration_statement = 0',
		'select pg_reload_conf()',
	);
	await new Promise(resolve => setTimeout(resolve, 500));
	await database.query("select 'a mark of ours' as mark");
	const {stdout, stderr} = await run('docker', ['logs', name]);
	expect(stdout + stderr).toContain('a mark of ours');
});

test('logins that fail are told apart', async () => {
	const login = (over: Partial<Credential>) => database.login({...credential, password: new Secret('-n'), ...over});
	await sql(`alter role odd password '${makeVerifier(new Secret('-n')).open()}'`);
	expect(await login({database: 'nodb'})).toMatchObject({outcome: 'refused', sqlstate: '3D000'});
	expect(await login({host: 'nobody'})).toMatchObject({outcome: 'no-host'});
	expect(await login({port: 5433})).toMatchObject({outcome: 'no-answer'});
	expect(await login({password: null})).toMatchObject({
		outcome: 'refused',
		sqlstate: null,
		message: expect.stringContaining('no password supplied'),
	});
});

test('a socket that asks for a password and a server that is gone are told apart', async () => {
	await docker('exec', name, 'sh', '-c', 'sed -i "s/^local .*/local all all scram-sha-256/" "$PGDATA/pg_hba.conf"');
	await docker('kill', '--signal', 'HUP', name);
	await new Promise(resolve => setTimeout(resolve, 1000));
	// PGPASSWORD of the container must not open the socket for us.
	await expect(database.query('select 1 as one')).rejects.toMatchObject({code: 'socket-denied'});
	await docker('stop', '--time', '20', name);
	await expect(database.query('select 1 as one')).rejects.toMatchObject({code: 'not-running'});
	expect(await database.ready()).toBe('no-answer');
});
