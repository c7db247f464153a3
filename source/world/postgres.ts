import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, Credential, DatabaseReader, DockerReader, LoginResult} from '../core/world.ts';
import {readLoginFailure} from './libpq-words.ts';
import {asJson, complain, psqlInside, readSocketFailure} from './psql.ts';
import {superuserNames} from './superuser-names.ts';

type Parts = {
	/** The Compose service of the server. */
	service: string;
	docker: DockerReader;
	/** The containers of the deployment as they are now. */
	containers(): Promise<readonly Container[]>;
	/** Role names that clients use: tried when the superuser has none of the likely names. */
	roles?(): Promise<readonly string[]>;
};

/** The bootstrap superuser (oid 10) unless somebody locked it out. */
const whoIsFirst = 'select rolname from pg_catalog.pg_roles where rolsuper and rolcanlogin order by oid limit 1;';

/**
 * The password comes by standard input as one line of base64: it may hold line ends and blanks, which `read` would change, and
 * the line ends the input without a closed pipe. The added `.` keeps the shell from cutting line ends off.
 */
const loginScript =
	'IFS= read -r line; if [ -n "$line" ]; then PGPASSWORD=$(printf %s "$line" | base64 -d; printf .); PGPASSWORD=${PGPASSWORD%.}; export PGPASSWORD; fi; ' +
	'exec psql -XqAtw -c "select pg_catalog.host(pg_catalog.inet_server_addr())" -c "select system_identifier from pg_catalog.pg_control_system()"';

const readyScript =
	'port=$(sed -n 4p "${PGDATA:-/var/lib/postgresql/data}/postmaster.pid" 2>/dev/null); exec pg_isready -q -t 3 -h "$1" -p "${port:-${PGPORT:-5432}}" -U "$2" -d template1';

/** The network that the client shares with the server, else the client's own. */
function networkOf(client: Container | undefined, server: Container): string | null {
	if (!client) return server.networks[0]?.name ?? null;
	if (client.networkMode === 'host' || client.networkMode.startsWith('container:')) return client.networkMode;
	const shared = client.networks.find(({name}) => server.networks.some(other => other.name === name));
	return (shared ?? client.networks[0])?.name ?? null;
}

const base64Line = (password: Secret | null): Secret =>
	new Secret(`${password ? Buffer.from(password.open(), 'utf8').toString('base64') : ''}\n`);

/** Reads a PostgreSQL server that runs as a Compose service. */
export function composeDatabase({service, docker, containers, roles}: Parts): DatabaseReader {
	/** The superuser's name by container and start: it belongs to the data directory, not to the configuration. */
	const found = new Map<string, Promise<string>>();

	async function server(): Promise<Container> {
		const all = (await containers()).filter(container => container.service === service && !container.oneOff);
		const container = all.find(({status}) => status === 'running') ?? all[0];
		if (container?.status === 'running') return container;
		throw new Trouble('not-running', say(`\`${service}\` does not run.`, `\`${service}\` 未运行。`));
	}

	async function discover(container: Container, signal?: AbortSignal): Promise<string> {
		// The name on disk goes first: a login as a role that does not exist leaves a line in the server's log.
		const secrets = await docker.environment(container.id);
		const given = secrets.get('POSTGRES_USER')?.open();
		const data = secrets.get('PGDATA')?.open() || '/var/lib/postgresql/data';
		const likely = await superuserNames(docker, {container, data, owner: '', environment: new Map()}, given);
		const tried = new Set<string>();
		const attempt = async (role: string): Promise<string | null> => {
			if (tried.has(role)) return null;
			tried.add(role);
			const ask = (english: boolean) =>
				psqlInside(docker, container, {role, database: 'template1', sql: whoIsFirst, english, signal});
			const first = await ask(true);
			const result = readSocketFailure(first) === 'not-allowed' ? await ask(false) : first;
			if (result.code !== 0 && readSocketFailure(result) !== 'no-such-login') complain(service, result);
			return result.code === 0 ? result.stdout.trim() : null;
		};
		for (const names of [async () => likely, async () => (await roles?.()) ?? []])
			for (const name of await names()) {
				const superuser = name ? await attempt(name) : null;
				if (superuser) return superuser;
			}
		throw new Trouble(
			'socket-denied',
			say(`No role of \`${service}\` is known to log in with.`, `不知道可用哪个角色登录 \`${service}\`。`),
		);
	}

	async function superuserOf(container: Container, signal?: AbortSignal): Promise<string> {
		const key = `${container.id} ${container.startedAt}`;
		const known = found.get(key) ?? discover(container, signal);
		found.set(key, known);
		// What failed once may pass later: the server may have been starting.
		known.catch(() => found.delete(key));
		return known;
	}

	return {
		async query(sql, {database = 'template1', signal} = {}) {
			const container = await server();
			const role = await superuserOf(container, signal);
			const result = await psqlInside(docker, container, {role, database, sql: asJson(sql), english: true, signal});
			if (result.code !== 0) complain(service, result);
			return JSON.parse(result.stdout) as Record<string, unknown>[];
		},

		async login(
			credential: Credential,
			{password = credential.password ?? undefined, signal} = {},
		): Promise<LoginResult> {
			const container = await server();
			const client = (await containers()).find(one => one.service === credential.service && !one.oneOff);
			const network = networkOf(client, container);
			if (!network) return {outcome: 'no-route', message: `${credential.service} is attached to no network`};
			const result = await docker.helper(
				{
					image: container.imageId || container.image,
					network,
					command: ['sh', '-c', loginScript],
					environment: {
						PGHOST: credential.host,
						PGPORT: String(credential.port),
						PGUSER: credential.user,
						PGDATABASE: credential.database,
						PGCONNECT_TIMEOUT: '5',
						PGGSSENCMODE: 'disable',
						PGAPPNAME: 'compose-medic',
						PGOPTIONS: '-c default_transaction_read_only=on -c statement_timeout=5000',
						LC_ALL: 'C',
					},
					stdin: base64Line(password ?? null),
				},
				signal,
			);
			const [address, systemIdentifier] = result.stdout.split('\n').map(line => line.trim());
			// The first answer proves the login, also where the second question is not allowed.
			if (address) return {outcome: 'ok', systemIdentifier: systemIdentifier || null, address};
			return readLoginFailure(result.stderr);
		},

		async ready(signal) {
			const container = await server().catch(() => null);
			if (!container) return 'no-answer';
			const address = container.networks.find(one => one.address !== '')?.address ?? '127.0.0.1';
			const user = (await docker.environment(container.id)).get('POSTGRES_USER')?.open() || 'postgres';
			const run = docker.exec(container.id, ['sh', '-c', readyScript, 'sh', address, user], {signal});
			// It may have stopped since it was looked at.
			const {code} = await run.catch(error => {
				if (error instanceof Trouble && error.code === 'not-running') return {code: null};
				throw error;
			});
			return code === 0 ? 'accepting' : code === 1 ? 'rejecting' : 'no-answer';
		},
	};
}
