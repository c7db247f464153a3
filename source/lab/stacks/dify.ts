import {stringify} from 'yaml';
import {say} from '../../core/say.ts';
import {composeLabels} from '../labels.ts';
import {plantSentinel} from '../sentinel.ts';
import type {LabStage} from '../stage.ts';
import {application, type ComposeFile, environmentText, type Service, variable} from './file.ts';

export type DifyOptions = {
	/** `db_postgres` is the service's name in newer releases, behind the profile `postgresql`. */
	databaseService?: 'db' | 'db_postgres';
	/** Lines of `.env` that differ, as they are written there. */
	environment?: Record<string, string>;
	/** The last word on the Compose file. */
	change?: (file: ComposeFile) => void;
};

export const difyClients = ['api', 'worker', 'plugin_daemon'] as const;

const database: Service = {
	image: 'postgres:15-alpine',
	restart: 'always',
	environment: {
		POSTGRES_USER: variable('POSTGRES_USER', 'postgres'),
		POSTGRES_PASSWORD: variable('POSTGRES_PASSWORD'),
		POSTGRES_DB: variable('POSTGRES_DB', 'dify'),
		PGDATA: variable('PGDATA', '/var/lib/postgresql/data/pgdata'),
	},
	command: `postgres -c 'max_connections=${variable('POSTGRES_MAX_CONNECTIONS', '100')}' -c 'shared_buffers=${variable('POSTGRES_SHARED_BUFFERS', '32MB')}'`,
	volumes: ['./volumes/db/data:/var/lib/postgresql/data'],
};

const clientEnvironment = {
	DB_USERNAME: variable('DB_USERNAME', 'postgres'),
	DB_PASSWORD: variable('DB_PASSWORD'),
	DB_HOST: variable('DB_HOST', 'db'),
	DB_PORT: variable('DB_PORT', '5432'),
	DB_DATABASE: variable('DB_DATABASE', 'dify'),
};

const sharedEnvironment = {
	...clientEnvironment,
	SECRET_KEY: variable('SECRET_KEY'),
	REDIS_HOST: variable('REDIS_HOST', 'redis'),
	REDIS_PORT: variable('REDIS_PORT', '6379'),
	REDIS_PASSWORD: variable('REDIS_PASSWORD'),
};

/** The variable makes nginx ask the engine's name server again, so that it starts, and heals, whatever state api is in. */
const nginxConfiguration = `server {
	listen 80;
	resolver 127.0.0.11 valid=2s ipv6=off;
	set $api http://api:5001;
	set $plugin_daemon http://plugin_daemon:5002;
	set $web http://web:3000;
	location /console/api { proxy_pass $api; }
	location /api { proxy_pass $api; }
	location /v1 { proxy_pass $api; }
	location /e/ { proxy_pass $plugin_daemon; }
	location / { proxy_pass $web; }
}
`;

function difyFile(lab: LabStage, db: string): ComposeFile {
	const waiting = {[db]: {condition: 'service_healthy'}, redis: {condition: 'service_started'}};
	const client = (role: string, environment: Record<string, string>): Service => ({
		...application(role),
		environment: {ROLE: role, ...environment},
		depends_on: waiting,
	});
	const ready = [
		'CMD',
		'pg_isready',
		'-h',
		db,
		'-U',
		variable('POSTGRES_USER', 'postgres'),
		'-d',
		variable('POSTGRES_DB', 'dify'),
	];
	const services: Record<string, Service> = {
		[db]: {
			...database,
			...(db === 'db_postgres' ? {profiles: ['postgresql']} : {}),
			healthcheck: {test: ready, interval: '2s', timeout: '3s', retries: 60},
		},
		redis: {
			image: 'redis:6-alpine',
			restart: 'always',
			environment: {REDISCLI_AUTH: variable('REDIS_PASSWORD')},
			command: `redis-server --requirepass ${variable('REDIS_PASSWORD')}`,
			volumes: ['./volumes/redis/data:/data'],
			healthcheck: {test: ['CMD', 'redis-cli', 'ping'], interval: '5s', timeout: '3s', retries: 30},
		},
		api: client('api', {MODE: 'api', ...sharedEnvironment}),
		worker: client('worker', {MODE: 'worker', ...sharedEnvironment}),
		plugin_daemon: client('plugin_daemon', {
			...sharedEnvironment,
			DB_DATABASE: variable('DB_PLUGIN_DATABASE', 'dify_plugin'),
		}),
		web: {...application('web'), environment: {ROLE: 'web', CONSOLE_API_URL: variable('CONSOLE_API_URL', '')}},
		nginx: {
			image: 'nginx:alpine',
			restart: 'always',
			volumes: ['./nginx/conf.d:/etc/nginx/conf.d:ro'],
			depends_on: ['api', 'web'],
			ports: [`127.0.0.1:${variable('EXPOSE_NGINX_PORT', '80')}:80`],
		},
	};
	return {services, networks: {default: {labels: composeLabels(lab)}}};
}

/** Writes the files of a Dify deployment; the names of services and variables are Dify's own. */
export async function writeDify(lab: LabStage, options: DifyOptions = {}): Promise<void> {
	const db = options.databaseService ?? 'db';
	const file = difyFile(lab, db);
	options.change?.(file);
	for (const service of Object.values(file.services)) service.labels = composeLabels(lab);
	const environment = environmentText({
		SECRET_KEY: `sk-${lab.secret('secret-key')}`,
		CONSOLE_API_URL: '',
		...(db === 'db_postgres' ? {COMPOSE_PROFILES: 'postgresql'} : {}),
		DB_USERNAME: 'postgres',
		DB_PASSWORD: lab.secret('database'),
		DB_HOST: db,
		DB_PORT: '5432',
		DB_DATABASE: 'dify',
		DB_PLUGIN_DATABASE: 'dify_plugin',
		POSTGRES_USER: 'postgres',
		POSTGRES_PASSWORD: variable('DB_PASSWORD'),
		POSTGRES_DB: variable('DB_DATABASE'),
		PGDATA: '/var/lib/postgresql/data/pgdata',
		REDIS_PASSWORD: lab.secret('redis'),
		EXPOSE_NGINX_PORT: String(await lab.freePort()),
		...options.environment,
	});
	await lab.write({
		'docker-compose.yaml': stringify(file, {lineWidth: 0}),
		'.env': `# Settings of this Dify deployment\n${environment}`,
		'nginx/conf.d/default.conf': nginxConfiguration,
	});
}

/** A Dify deployment whose database has run and holds the sentinel rows; nothing else was started yet. */
export async function startDifyDatabase(lab: LabStage, options: DifyOptions = {}): Promise<void> {
	const db = options.databaseService ?? 'db';
	await writeDify(lab, options);
	lab.report(say('starting the database', '正在启动数据库'));
	await lab.compose('up', '--detach', '--wait', db);
	await plantSentinel(lab, 'dify', db);
}

/** Brings up all of Dify, and waits until each client has settled: the failing ones have failed, the others work. */
export async function startDifyClients(lab: LabStage, failing: readonly string[] = difyClients): Promise<void> {
	lab.report(say('starting Dify', '正在启动 Dify'));
	await lab.compose('up', '--detach');
	await lab.ready(...[...difyClients, 'web'].filter(service => !failing.includes(service)));
	if (failing.length > 0) await lab.crashLooping(...failing);
}

/** A Dify deployment that works, but for the clients named. */
export async function startDify(
	lab: LabStage,
	options: DifyOptions & {failing?: readonly string[]} = {},
): Promise<void> {
	await writeDify(lab, options);
	await startDifyClients(lab, options.failing ?? []);
	await plantSentinel(lab, 'dify', options.databaseService);
}

/** A role of its own for Dify, as careful installations have; it owns the database and may make the plugins' one. */
export const difyRole = 'dify_app';

/** Dify's database with {@link difyRole} in it, which the clients are told to use. */
export async function startDifyDatabaseWithRole(lab: LabStage, options: DifyOptions = {}): Promise<void> {
	const environment = {DB_USERNAME: difyRole, POSTGRES_PASSWORD: lab.secret('superuser'), ...options.environment};
	await startDifyDatabase(lab, {...options, environment});
	const create = `create role ${difyRole} login createdb password '${lab.secret('database')}'`;
	await lab.sql(`${create}; alter database dify owner to ${difyRole}`);
}
