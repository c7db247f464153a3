import type {Catalog, HbaRule, RoleRow} from '../core/catalog.ts';
import type {DatabaseContent} from '../core/database-content.ts';
import type {ClientCredential, Deployment, ServiceState} from '../core/deployment.ts';
import {type Fact, type Facts, factKey} from '../core/fact.ts';
import type {Listening} from '../core/listening.ts';
import type {ProxyTarget} from '../core/nginx-config.ts';
import type {Probe} from '../core/probe.ts';
import type {ServerHealth} from '../core/server-health.ts';
import type {LoginResult} from '../core/world.ts';
import type {CacheClient} from '../probes/cache-clients.ts';
import type {CacheRoute} from '../probes/cache-route.ts';
import type {CacheState} from '../probes/cache-state.ts';
import type {ClusterFiles} from '../probes/cluster-files.ts';
import type {ComposeFiles} from '../probes/compose-files.ts';
import {composeTexts} from '../probes/compose-texts.ts';
import type {DataDirectory} from '../probes/data-directory.ts';
import type {DataOwner} from '../probes/data-owner.ts';
import type {Readiness} from '../probes/database-readiness.ts';
import type {EarlierData} from '../probes/earlier-data.ts';
import type {EngineState} from '../probes/engine-info.ts';
import type {FirstStart} from '../probes/first-start.ts';
import type {InitScripts} from '../probes/init-scripts.ts';
import type {IntruderSigns} from '../probes/intruder-signs.ts';
import type {CredentialProof} from '../probes/password-proof.ts';
import type {PortHolders} from '../probes/port-holders.ts';
import type {LogEvent} from '../probes/service-log.ts';

/** What differs from a small healthy deployment: db, api, worker, web and nginx on one network. */
export type Changes = {
	engine?: EngineState;
	services?: Record<string, Partial<ServiceState>>;
	credentials?: Record<string, Partial<ClientCredential>>;
	proofs?: Record<string, Partial<CredentialProof>>;
	roles?: Record<string, Partial<RoleRow>>;
	hba?: HbaRule[];
	readiness?: Readiness;
	directory?: Partial<DataDirectory>;
	cluster?: Partial<ClusterFiles>;
	firstStart?: FirstStart;
	scripts?: InitScripts;
	earlier?: EarlierData;
	logs?: Record<string, Partial<LogEvent>[]>;
	logins?: Record<string, LoginResult>;
	holders?: Record<string, PortHolders>;
	files?: Partial<ComposeFiles>;
	wellKnown?: boolean;
	health?: Partial<ServerHealth>;
	content?: Partial<DatabaseContent>;
	/** Other facts, by their key. */
	facts?: Record<string, unknown>;
	/** Adds a second server, `old_db`, on which every password is wrong. */
	secondDatabase?: boolean;
	/** Adds a redis that api uses. */
	redis?: {
		service?: Partial<ServiceState>;
		client?: Partial<CacheClient>;
		state?: Partial<Extract<CacheState, {state: 'answers'}>>;
		route?: CacheRoute;
	};
	/** Ransom notes in the database. */
	notes?: IntruderSigns;
	/** Ports that every service listens on. */
	listening?: Listening[];
	/** Where nginx passes requests on to. */
	targets?: ProxyTarget[];
	/** Facts of other probes, made with `seen`. */
	also?: readonly (readonly [string, Fact])[];
};

/** A fact of a probe that only ill deployments are asked for. */
export const seen = <Value>({id}: Probe<Value>, about: string, value: Value): readonly [string, Fact] => [
	factKey(id, about || undefined),
	known(value),
];

const at = '2026-01-02T03:04:05.000Z';

const known = <Value>(value: Value): Fact<Value> => ({state: 'known', value, at, ms: 1});

const service = (name: string, role: ServiceState['role'], change: Partial<ServiceState> = {}): ServiceState => ({
	id: `${name}-id`,
	name: `shop-${name}-1`,
	service: name,
	project: 'shop',
	oneOff: false,
	image: role === 'database' ? 'postgres:15-alpine' : 'app:1',
	imageId: 'sha256:1',
	role,
	status: 'running',
	pid: 100,
	exitCode: 0,
	oomKilled: false,
	error: '',
	health: null,
	restartCount: 0,
	restartPolicy: 'always',
	createdAt: '2026-01-02T01:00:00.000Z',
	startedAt: '2026-01-02T01:00:01.000Z',
	finishedAt: null,
	tty: false,
	user: '',
	entrypoint: [],
	command: [],
	memoryLimit: 0,
	shmSize: 67108864,
	networkMode: 'shop_default',
	networks: [
		{
			name: 'shop_default',
			id: 'n1',
			address: role === 'database' ? '172.20.0.2' : '172.20.0.3',
			prefix: 16,
			aliases: [name],
		},
	],
	ports: [],
	wantedPorts: [],
	mounts: [],
	dependsOn: role === 'client' ? ['db'] : role === 'proxy' ? ['api', 'web'] : [],
	variables: [],
	...change,
});

const credential = (owner: string, changes: Changes): ClientCredential => ({
	id: owner,
	service: owner,
	purpose: owner === 'db' ? 'initial' : 'client',
	user: 'postgres',
	host: 'db',
	port: 5432,
	database: 'dify',
	variables: {
		user: 'DB_USERNAME',
		password: 'DB_PASSWORD',
		host: 'DB_HOST',
		port: 'DB_PORT',
		database: 'DB_DATABASE',
		url: null,
	},
	passwordFrom: 'variable',
	sameAs: 'A',
	shape: {
		length: 12,
		carriageReturn: false,
		quoted: false,
		outerSpace: false,
		dollar: false,
		reserved: false,
		wellKnown: changes.wellKnown ?? false,
	},
	urlProblem: null,
	leadsTo: {kind: 'service', service: 'db', also: []},
	...changes.credentials?.[owner],
});

const scramLine: HbaRule = {
	line: 100,
	file: null,
	type: 'host',
	databases: ['all'],
	users: ['all'],
	address: 'all',
	netmask: null,
	method: 'scram-sha-256',
	error: null,
};

function catalog(changes: Changes): Catalog {
	return {
		version: '15.8',
		versionNumber: 150008,
		systemIdentifier: '7300000000000000001',
		startedAt: at,
		superuser: 'postgres',
		roles: [
			{
				name: 'postgres',
				oid: 10,
				superuser: true,
				canLogin: true,
				secret: 'scram',
				validUntil: null,
				expired: false,
				connectionLimit: -1,
				connections: 3,
				...changes.roles?.['postgres'],
			},
		],
		databases: ['postgres', 'dify'].map(name => ({name, allowConnections: true, connectionLimit: -1, connections: 1})),
		hba: changes.hba ?? [scramLine],
		hbaFile: '/var/lib/postgresql/data/pg_hba.conf',
		dataDirectory: '/var/lib/postgresql/data',
		listenAddresses: '*',
		port: 5432,
		passwordEncryption: 'scram-sha-256',
		ssl: false,
		maxConnections: 100,
		connections: 4,
		inRecovery: false,
	};
}

const health = (change: Partial<ServerHealth> = {}): ServerHealth => ({
	maxConnections: 100,
	reservedConnections: 3,
	connections: 4,
	holders: [
		{role: 'postgres', database: 'dify', application: null, address: '172.20.0.3', state: 'idle', count: 4, longest: 9},
	],
	sessions: [],
	waits: [],
	slots: [],
	maxWalSize: 1_073_741_824,
	slotLimit: null,
	databases: [{name: 'dify', age: 90_000, multi: 1, failures: null, failedAt: null}],
	freezeMaxAge: 200_000_000,
	ageHolders: [],
	standby: null,
	subscriptions: [],
	...change,
});

const content = (change: Partial<DatabaseContent> = {}): DatabaseContent => ({
	relations: ['public.accounts', 'public.alembic_version', 'public.workflows'],
	more: false,
	extensions: [{name: 'plpgsql', version: '1.0', available: true}],
	bookkeeping: [{tool: 'alembic', table: 'public.alembic_version', version: '64b051264f32', state: 'at'}],
	defaultOrder: 12,
	collations: [],
	creators: [{role: 'postgres', inDatabase: true, inPublic: true}],
	...change,
});

/** The Compose file of the sample, as far as its limits, images and ports go. */
const sampleText = `services:
  db:
    image: postgres:15-alpine
    environment:
      POSTGRES_PASSWORD: •••
    ports:
      - 5432:5432
  api: {image: app:1}
  worker: {image: app:1}
  web:
    image: app:1
  nginx:
    image: nginx:alpine
    ports: ["127.0.0.1:8080:80"]
`;

/** A Compose file that says something else. @param services the mapping below `services:` */
export const sampleFile = (services: string): readonly [string, Fact] =>
	seen(composeTexts, '', {
		files: [{path: '/srv/shop/docker-compose.yaml', text: `services:\n${services}`, extended: false}],
		values: {},
	});

/** Facts as a record keeps them: the healthy deployment with some things changed. */
export function sampleFacts(changes: Changes = {}): Facts {
	const facts = new Map<string, Fact>();
	const put = (probe: string, value: unknown, about?: string): unknown =>
		facts.set(factKey(probe, about), known(value));
	put('deployment-target', {kind: 'compose', project: 'shop', stack: 'dify'});
	put(
		'engine-info',
		changes.engine ?? {
			status: 'up',
			version: '27.0',
			apiVersion: '1.46',
			id: 'e',
			os: 'linux',
			architecture: 'amd64',
			endpoint: 'unix:///var/run/docker.sock',
			context: 'default',
		},
	);
	const roles: Record<string, ServiceState['role']> = {
		db: 'database',
		api: 'client',
		worker: 'client',
		web: 'other',
		nginx: 'proxy',
		...(changes.secondDatabase ? {old_db: 'database'} : {}),
		...(changes.redis ? {redis: 'cache'} : {}),
	};
	const services = Object.entries(roles).map(([name, role]) =>
		service(name, role, {
			...(name === 'nginx' ? {image: 'nginx:alpine'} : {}),
			...(name === 'redis' ? {image: 'redis:6-alpine', ...changes.redis?.service} : {}),
			...changes.services?.[name],
		}),
	);
	const deployment: Deployment = {
		observedAt: at,
		project: 'shop',
		stack: 'dify',
		workingDirectory: '/srv/shop',
		configFiles: ['/srv/shop/docker-compose.yaml'],
		environmentFile: '/srv/shop/.env',
		filesReadable: true,
		services,
	};
	put('deployment-state', deployment);
	const credentials = ['db', 'api', 'worker'].map(owner => credential(owner, changes));
	put('client-credentials', credentials);
	for (const image of ['postgres:13-alpine', 'postgres:15'])
		put('local-image', {present: false, postgresMajor: null}, image);
	for (const port of ['8080', '8000']) put('port-room', {free: false, next: 8081}, port);
	const memory = {machine: {total: 8 * 1024 ** 3, available: 4 * 1024 ** 3}, machineKills: 0, containerKills: 0};
	for (const name of ['db', 'web']) put('memory-use', memory, name);
	const setting = (name: string, value: number) => ({name, value, source: 'default', altered: false});
	put(
		'memory-settings',
		[
			setting('shared_buffers', 128 * 1024 ** 2),
			setting('work_mem', 4 * 1024 ** 2),
			setting('maintenance_work_mem', 64 * 1024 ** 2),
			setting('max_connections', 100),
		],
		'db',
	);
	put('compose-files', {
		readable: true,
		hashes: {},
		composeFiles: deployment.configFiles,
		envFile: deployment.environmentFile,
		entries: [],
		uses: [],
		origins: [],
		problem: null,
		...changes.files,
	} satisfies ComposeFiles);
	put('compose-texts', {
		files: [{path: '/srv/shop/docker-compose.yaml', text: sampleText, extended: false}],
		values: {},
	});
	put('compose-verdict', {kind: 'valid'});
	put('engine-features', []);
	for (const {service: name} of services) {
		const events = (changes.logs?.[name] ?? []).map(event => ({
			at,
			severity: 'info',
			text: '',
			detail: null,
			hint: null,
			pid: null,
			...event,
		}));
		put('service-log', {events, since: at}, name);
		put('port-holders', changes.holders?.[name] ?? [], name);
	}
	for (const {service: name} of services) put('listening-ports', changes.listening ?? null, name);
	put('proxy-targets', changes.targets ?? [], 'nginx');
	const cache: CacheClient = {
		id: 'api:REDIS_HOST',
		service: 'api',
		variable: 'REDIS_PASSWORD',
		user: '',
		host: 'redis',
		port: 6379,
		broken: false,
		inFile: false,
		hasPassword: true,
		leadsTo: {kind: 'service', service: 'redis', also: []},
		...changes.redis?.client,
	};
	put('cache-clients', changes.redis ? [cache] : []);
	if (changes.redis) {
		const runs = (changes.redis.service?.status ?? 'running') === 'running';
		const answers = {
			state: 'answers',
			port: 6379,
			greeting: 'NOAUTH Authentication required.',
			proofs: [{client: cache.id, verdict: 'fits', says: null}],
			persistence: {lastSave: 'ok', appendOnly: 'off', stopsWrites: true, folder: '/data'},
			...changes.redis.state,
		};
		put('cache-state', runs ? answers : {state: 'down'}, 'redis');
		put('cache-route', changes.redis.route ?? {outcome: 'answers', says: 'PONG'}, cache.id);
	}
	for (const database of services.flatMap(({role, service: name}) => (role === 'database' ? [name] : []))) {
		put('intruder-signs', changes.notes ?? [], database);
		put('database-readiness', changes.readiness ?? {state: 'accepting'}, database);
		put('database-catalog', {kind: 'read', catalog: catalog(changes)}, database);
		put('server-health', {kind: 'read', health: health(changes.health)}, database);
		for (const name of ['dify', 'postgres']) put('database-content', content(changes.content), `${database}/${name}`);
		put('collation-versions', [], database);
		const elsewhere: Partial<CredentialProof> = database === 'db' ? {} : {verdict: 'wrong'};
		put(
			'password-proof',
			{
				proofs: credentials.map(({id}) => ({
					credential: id,
					method: 'verifier',
					verdict: 'fits',
					mangling: null,
					login: null,
					...elsewhere,
					...(database === 'db' ? changes.proofs?.[id] : {}),
				})),
				known: [],
				socket: 'trust',
			},
			database,
		);
		put(
			'data-directory',
			{
				path: '/var/lib/postgresql/data',
				kind: 'bind',
				source: '/srv/shop/volumes/db/data',
				mountedAt: '/var/lib/postgresql/data',
				sharedWith: [],
				otherServers: [],
				imageMajor: '15',
				entries: [],
				databasesNearby: [],
				majorVersion: '15',
				initialisedAt: '2025-06-01T00:00:00.000Z',
				postmasterPid: null,
				...changes.directory,
			} satisfies DataDirectory,
			database,
		);
		put(
			'cluster-files',
			{
				controlFile: true,
				relationMap: true,
				control: {
					systemIdentifier: '7300000000000000001',
					state: 'in-production',
					checkpoint: '0/2000110',
					checkpointSegment: '000000010000000000000002',
					redoSegment: '000000010000000000000002',
				},
				segments: [{name: '000000010000000000000002', present: true, blank: false}],
				admitsOthers: true,
				grewFor: 2,
				livedFor: 1_000_000,
				...changes.cluster,
			} satisfies ClusterFiles,
			database,
		);
		put('first-start', changes.firstStart ?? {seen: false, finished: null, script: null, says: null}, database);
		put('init-scripts', changes.scripts ?? {scripts: [], makes: []}, database);
		const before = `postgres:${changes.directory?.majorVersion ?? '15'}`;
		put('kept-copies', [], database);
		put('image-of-data', {candidates: [before], present: before}, database);
		put('earlier-data', changes.earlier ?? {places: [], rows: null}, database);
	}
	put(
		'data-owner',
		{
			path: '/var/lib/postgresql/data',
			directory: {kind: 'folder', uid: 999, gid: 999, mode: 0o700, size: 0, modifiedAt: at},
			files: [],
			runsAs: {uid: 999, name: 'postgres'},
			handsOver: true,
			lock: null,
			sockets: [],
		} satisfies DataOwner,
		'db',
	);
	for (const {id} of credentials)
		put(
			'client-login',
			changes.logins?.[id] ?? {outcome: 'ok', systemIdentifier: '7300000000000000001', address: '172.20.0.2'},
			id,
		);
	for (const [key, fact] of changes.also ?? []) facts.set(key, fact);
	put('migration-files', {all: ['64b051264f32'], heads: ['64b051264f32']}, 'api');
	for (const [key, value] of Object.entries(changes.facts ?? {})) facts.set(key, known(value));
	return facts;
}
