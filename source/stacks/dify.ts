import type {Role} from '../core/deployment.ts';
import {say} from '../core/say.ts';
import type {Container} from '../core/world.ts';
import {generic, initialGroups} from './generic.ts';
import type {CredentialGroup, Stack} from './stack.ts';

/** Service names of Dify's docker-compose.yaml; from 1.10 on the database is called `db_postgres` and stands in a profile. */
const roles: Record<string, Role> = {
	db: 'database',
	db_postgres: 'database',
	pgvector: 'database',
	'pgvecto-rs': 'database',
	db_mysql: 'other',
	api: 'client',
	api_websocket: 'client',
	worker: 'client',
	worker_beat: 'client',
	plugin_daemon: 'client',
	nginx: 'proxy',
	redis: 'cache',
	web: 'other',
	sandbox: 'other',
	ssrf_proxy: 'other',
	certbot: 'other',
	init_permissions: 'other',
	weaviate: 'other',
};

const own: CredentialGroup = {
	purpose: 'client',
	user: ['DB_USERNAME'],
	password: ['DB_PASSWORD'],
	host: ['DB_HOST'],
	port: ['DB_PORT'],
	database: ['DB_DATABASE'],
	otherwise: {user: 'postgres', port: 5432, database: 'dify'},
	unless: {variables: ['DB_TYPE'], like: /mysql|oceanbase/i},
};

/** The plugin daemon keeps a database of its own and creates it through the maintenance database, so it needs both. */
const pluginDaemon: readonly CredentialGroup[] = [
	{...own, otherwise: {...own.otherwise, database: 'dify_plugin'}},
	{...own, database: ['DB_DEFAULT_DATABASE'], otherwise: {...own.otherwise, database: 'postgres'}, as: 'maintenance'},
];

const vectorStore = (store: string, prefix: string): CredentialGroup => ({
	purpose: 'client',
	user: [`${prefix}_USER`],
	password: [`${prefix}_PASSWORD`],
	host: [`${prefix}_HOST`],
	port: [`${prefix}_PORT`],
	database: [`${prefix}_DATABASE`],
	otherwise: {user: 'postgres', port: 5432, database: 'dify'},
	when: {variables: ['VECTOR_STORE'], like: new RegExp(`^${store}$`, 'i')},
});

/** Only these of the clients search; the plugin daemon gets the same variables and never reads them. */
const searching = [vectorStore('pgvector', 'PGVECTOR'), vectorStore('pgvecto-rs', 'PGVECTO_RS')];

const roleOf = (container: Container): Role => roles[container.service] ?? generic.roleOf(container);

export const dify: Stack = {
	id: 'dify',
	title: say('Dify', 'Dify'),
	recognises(containers) {
		if (containers.some(({image}) => /(?:^|\/)langgenius\/dify-/.test(image))) return true;
		const names = new Set(containers.map(({service}) => service));
		const marks = ['plugin_daemon', 'worker_beat', 'ssrf_proxy', 'sandbox', 'web'];
		return names.has('api') && names.has('worker') && marks.filter(name => names.has(name)).length >= 2;
	},
	roleOf,
	credentialGroups(container, variables) {
		// A service that somebody added to Dify's is read as any other application's.
		if (!(container.service in roles)) return generic.credentialGroups(container, variables);
		if (roleOf(container) === 'database') return initialGroups;
		if (roleOf(container) !== 'client') return [];
		return container.service === 'plugin_daemon' ? pluginDaemon : [own, ...searching];
	},
	readsUrls: container => !(container.service in roles) && generic.readsUrls(container),
	// DIFY_PORT and SERVER_PORT of Dify's compose file keep these defaults; its own health checks ask the same paths.
	pages: {
		api: {port: 5001, path: '/health'},
		plugin_daemon: {port: 5002, path: '/health/check'},
		web: {port: 3000, path: '/'},
	},
	migrations: {service: 'api', folder: '/app/api/migrations/versions'},
	wellKnownPasswords: ['difyai123456', ...generic.wellKnownPasswords],
};
