import {expect, test} from 'vitest';
import {Secret} from '../../source/core/secret.ts';
import type {Container} from '../../source/core/world.ts';
import {dify} from '../../source/stacks/dify.ts';
import {generic} from '../../source/stacks/generic.ts';
import type {Stack} from '../../source/stacks/index.ts';
import {credentialsOf, externalCredentials, onePerService, tellPasswords} from '../../source/world/credentials.ts';
import {container} from '../helpers/container.ts';

type Environments = Record<string, Record<string, string>>;

const asSecrets = (values: Record<string, string>): Map<string, Secret> =>
	new Map(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));

async function read(
	stack: Stack,
	environments: Environments,
	files: Record<string, string> = {},
	over: Record<string, Partial<Container>> = {},
) {
	const containers = Object.keys(environments).map(service =>
		container(service, {image: service === 'db' ? 'postgres:15-alpine' : service, ...over[service]}),
	);
	const remembered: string[] = [];
	const credentials = await credentialsOf({
		containers,
		stack,
		docker: {
			environment: async id => asSecrets(environments[containers.find(one => one.id === id)?.service ?? ''] ?? {}),
			readFile: async (_, path) =>
				path in files ? {content: Buffer.from(files[path] ?? ''), mode: 0o444, uid: 0, gid: 0, modifiedAt: ''} : null,
		},
		remember: password => remembered.push(password.open()),
	});
	return {
		credentials,
		remembered,
		told: credentials.map(
			({id, purpose, user, password, host, port, database}) =>
				`${id} ${purpose} ${user}:${password?.open() ?? '-'}@${host}:${port}/${database}`,
		),
	};
}

const db = {POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'pw', POSTGRES_DB: 'dify'};
const shared = {
	DB_USERNAME: 'postgres',
	DB_PASSWORD: 'pw',
	DB_HOST: 'db',
	DB_PORT: '5432',
	DB_DATABASE: 'dify',
	PGVECTOR_HOST: 'pgvector',
	PGVECTOR_PASSWORD: 'vec',
	PGUSER: 'x',
	PGPASSWORD: 'never used',
	REDIS_PASSWORD: 'r',
};

test('Dify: each client by DB_*, the plugin daemon with its own and the maintenance database', async () => {
	const {told} = await read(dify, {
		db,
		api: shared,
		worker: shared,
		plugin_daemon: {...shared, DB_DATABASE: 'dify_plugin'},
		web: shared,
		nginx: shared,
		redis: shared,
	});
	expect(told).toEqual([
		'api:DB_PASSWORD client postgres:pw@db:5432/dify',
		'db:POSTGRES_PASSWORD initial postgres:pw@db:5432/dify',
		'plugin_daemon:DB_PASSWORD client postgres:pw@db:5432/dify_plugin',
		'plugin_daemon:DB_PASSWORD@maintenance client postgres:pw@db:5432/postgres',
		'worker:DB_PASSWORD client postgres:pw@db:5432/dify',
	]);
});

test('Dify: a vector store counts while it is in use, and MySQL is not ours', async () => {
	expect((await read(dify, {api: {...shared, VECTOR_STORE: 'pgvector'}})).told).toEqual([
		'api:DB_PASSWORD client postgres:pw@db:5432/dify',
		'api:PGVECTOR_PASSWORD client postgres:vec@pgvector:5432/dify',
	]);
	expect((await read(dify, {api: {...shared, VECTOR_STORE: 'weaviate'}})).told).toHaveLength(1);
	expect((await read(dify, {api: {...shared, DB_TYPE: 'mysql'}})).told).toEqual([]);
});

test('an empty password is a credential without one, under the name that should have had it', async () => {
	const {credentials} = await read(dify, {api: {...shared, DB_PASSWORD: ''}});
	expect(credentials[0]).toMatchObject({id: 'api:DB_PASSWORD', password: null, variables: {password: 'DB_PASSWORD'}});
});

test('the database defaults as its image does', async () => {
	const {told} = await read(generic, {db: {POSTGRES_PASSWORD: 'pw'}});
	expect(told).toEqual(['db:POSTGRES_PASSWORD initial postgres:pw@db:5432/postgres']);
});

test.each<[string, Record<string, string>, string[]]>([
	[
		'a URL under any name',
		{WHATEVER: 'postgres://app:p%40w@db:5432/appdb'},
		['app:WHATEVER client app:p@w@db:5432/appdb'],
	],
	[
		'PG*',
		{PGHOST: 'db', PGUSER: 'app', PGPASSWORD: 'pw', PGDATABASE: 'appdb', PGDATA: '/x'},
		['app:PGPASSWORD client app:pw@db:5432/appdb'],
	],
	[
		'DB_*',
		{DB_HOST: 'db', DB_USER: 'app', DB_PASS: 'pw', DB_NAME: 'appdb'},
		['app:DB_PASS client app:pw@db:5432/appdb'],
	],
	[
		'DATABASE_*',
		{DATABASE_HOST: 'db', DATABASE_USERNAME: 'app', DATABASE_PASSWORD: 'pw', DATABASE_NAME: 'x'},
		['app:DATABASE_PASSWORD client app:pw@db:5432/x'],
	],
	[
		'POSTGRES_* without a host means the only database',
		{POSTGRES_USER: 'app', POSTGRES_PASSWORD: 'pw', POSTGRES_DB: 'x'},
		['app:POSTGRES_PASSWORD client app:pw@db:5432/x'],
	],
	[
		'lower case and double underscores',
		{
			GITEA__database__HOST: 'db:5432',
			GITEA__database__USER: 'g',
			GITEA__database__PASSWD: 'pw',
			GITEA__database__NAME: 'g',
		},
		['app:GITEA__database__PASSWD client g:pw@db:5432/g'],
	],
	[
		'glued names',
		{PAPERLESS_DBHOST: 'db', PAPERLESS_DBPASS: 'pw', PAPERLESS_DBUSER: 'p', PAPERLESS_DBNAME: 'p'},
		['app:PAPERLESS_DBPASS client p:pw@db:5432/p'],
	],
	[
		'the server in a URL, the login beside it',
		{
			SPRING_DATASOURCE_URL: 'jdbc:postgresql://db:5432/x',
			SPRING_DATASOURCE_USERNAME: 'u',
			SPRING_DATASOURCE_PASSWORD: 'pw',
		},
		['app:SPRING_DATASOURCE_PASSWORD client u:pw@db:5432/x'],
	],
	[
		'no user: the one the server was made with',
		{DB_HOST: 'db', DB_PASSWORD: 'pw'},
		['app:DB_PASSWORD client postgres:pw@db:5432/postgres'],
	],
	[
		'the same login twice is one credential',
		{DATABASE_URL: 'postgres://app:a@db/x', DB_HOST: 'db', DB_USER: 'app', DB_PASSWORD: 'b', DB_NAME: 'x'},
		['app:DATABASE_URL client app:a@db:5432/x'],
	],
	[
		'host-less leftovers beside a URL',
		{DATABASE_URL: 'postgres://app:a@db/x', POSTGRES_USER: 'y', POSTGRES_PASSWORD: 'b'},
		['app:DATABASE_URL client app:a@db:5432/x'],
	],
	[
		'other databases',
		{
			MYSQL_HOST: 'm',
			MYSQL_PASSWORD: 'p',
			REDIS_URL: 'redis://:p@redis/0',
			DB_HOST: 'm',
			DB_PORT: '3306',
			DB_PASSWORD: 'p',
			MARIADB_PASSWORD: 'x',
		},
		[],
	],
	['other databases by type', {DB_CONNECTION: 'mysql', DB_HOST: 'm', DB_PASSWORD: 'p'}, []],
	['nothing', {PASSWORD: 'x', PATH: '/bin'}, []],
])('generic: %s', async (_, app, expected) => {
	const {told} = await read(generic, {db: {POSTGRES_PASSWORD: 'pw'}, app});
	expect(told.filter(text => !text.startsWith('db:'))).toEqual(expected);
});

test('caches and proxies that share an env file are no clients', async () => {
	const all = {DATABASE_URL: 'postgres://app:a@db/x'};
	const {told} = await read(
		generic,
		{redis: all, proxy: all, app: all},
		{},
		{redis: {image: 'redis:6-alpine'}, proxy: {image: 'nginx:alpine'}},
	);
	expect(told).toEqual(['app:DATABASE_URL client app:a@db:5432/x']);
});

test('secret files: initdb takes every line end off, a client only the line feed', async () => {
	const {credentials, remembered} = await read(
		generic,
		{
			db: {POSTGRES_PASSWORD_FILE: '/run/secrets/pw'},
			app: {PGHOST: 'db', PGUSER: 'app', PGPASSWORD_FILE: '/run/secrets/pw'},
		},
		{'/run/secrets/pw': 'right\r\n'},
	);
	expect(credentials.map(({id, password, passwordFile}) => [id, password?.open(), passwordFile])).toEqual([
		['app:PGPASSWORD_FILE', 'right\r', '/run/secrets/pw'],
		['db:POSTGRES_PASSWORD_FILE', 'right', '/run/secrets/pw'],
	]);
	expect(remembered).toEqual(['right\r', 'right']);
});

test('a secret file that is not there leaves a credential without a password', async () => {
	const {credentials} = await read(generic, {app: {PGHOST: 'db', PGPASSWORD_FILE: '/nowhere'}});
	expect(credentials[0]).toMatchObject({id: 'app:PGPASSWORD_FILE', password: null, passwordFile: '/nowhere'});
});

test('a broken URL still gives its parts', async () => {
	const {credentials} = await read(generic, {app: {DATABASE_URL: 'postgres://shop:abc@shop/2024#1@db:5432/shopdb'}});
	expect(credentials[0]).toMatchObject({
		user: 'shop',
		host: 'db',
		port: 5432,
		database: 'shopdb',
		urlProblem: '`@` → `%40`, `/` → `%2F`, `#` → `%23`',
	});
	expect(credentials[0]?.password?.open()).toBe('abc@shop/2024#1');
});

test('containers of `compose run` are left out, a running container goes before a stopped one and a newer before an older', () => {
	const run = container('app', {id: 'run', oneOff: true, createdAt: '2026-09-01'});
	const old = container('app', {id: 'old', status: 'exited', createdAt: '2026-01-01'});
	const newer = container('app', {id: 'newer', status: 'exited', createdAt: '2026-02-01'});
	const live = container('app', {id: 'live', createdAt: '2025-01-01'});
	const chosen = (...all: Container[]): string[] => onePerService(all).map(({id}) => id);
	expect(chosen(run)).toEqual([]);
	expect(chosen(run, old, newer)).toEqual(['newer']);
	expect(chosen(newer, live, old)).toEqual(['live']);
});

test('external: URLs and variables with a host', async () => {
	const variables = asSecrets({DATABASE_URL: 'postgres://shop:x@127.0.0.1:5433/shopdb', PGPASSWORD: 'no host'});
	const credentials = await externalCredentials(variables, async () => null);
	expect(credentials.map(({id, service, user, host, port}) => [id, service, user, host, port])).toEqual([
		['DATABASE_URL', '', 'shop', '127.0.0.1', 5433],
	]);
});

test('what is told of passwords: equal letters for equal ones, and nothing of the text', async () => {
	const {credentials} = await read(dify, {
		db,
		api: shared,
		worker: {...shared, DB_PASSWORD: 'other one'},
		plugin_daemon: {...shared, DB_PASSWORD: ''},
	});
	const told = tellPasswords(credentials, ['pw']);
	expect(told.map(({sameAs}) => sameAs)).toEqual(['A', 'A', null, null, 'B']);
	expect(told.map(({passwordFrom}) => passwordFrom)).toEqual(['variable', 'variable', 'none', 'none', 'variable']);
	expect(told[0]?.shape).toMatchObject({length: 2, wellKnown: true});
	expect(JSON.stringify([told, credentials])).not.toContain('other one');
});
