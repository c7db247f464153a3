import {defaultRedisPort, parseRedisUrl} from '../core/redis-url.ts';
import {Secret} from '../core/secret.ts';
import type {Container, DockerReader} from '../core/world.ts';
import type {Stack} from '../stacks/index.ts';
import {onePerService} from './credentials.ts';

/** How one service was told to reach a redis. `id` is stable over runs: service and the variable that names the server. */
export type RedisClient = {
	id: string;
	service: string;
	/** The variable to change for the password: its own, or the URL. */
	variable: string;
	user: string;
	host: string;
	port: number;
	password: Secret | null;
	/** A raw character in the URL's password keeps clients from reading it as meant. */
	broken: boolean;
	/** The password stands in a file of the container, which is not opened here. */
	inFile: boolean;
};

type Variables = ReadonlyMap<string, Secret>;

const hostName = /^(.*(?:REDIS|VALKEY|KEYDB)_*(?:[A-Z]+_)*?)(?:HOST(?:NAME)?|SERVER|ADDR(?:ESS)?)$/i;
/** Addresses come from elsewhere then: a sentinel or a cluster is asked for them. */
const indirect = /(?:REDIS|VALKEY).*(?:SENTINEL|CLUSTER)/i;
const truthy = /^(?:1|true|yes|on|sentinel|cluster)$/i;

const firstOf = (variables: Variables, names: readonly string[]): string | undefined =>
	names.map(name => variables.get(name)?.open()).find(value => value);

/** One group of variables around a host: `REDIS_HOST`, `REDIS_PORT`, `REDIS_PASSWORD`, in whatever prefix they stand. */
function byParts(name: string, prefix: string, service: string, variables: Variables): RedisClient {
	const value = variables.get(name)?.open() ?? '';
	const [, host = '', ownPort] = /^(.*?)(?::(\d+))?$/s.exec(value) ?? [];
	const named = (...endings: string[]): string[] =>
		endings.flatMap(ending => [`${prefix}${ending}`, `${name}_${ending}`]);
	const passwords = named('PASSWORD', 'PASS', 'AUTH', 'PASSWD');
	const password = firstOf(variables, passwords);
	return {
		id: `${service}:${name}`,
		service,
		variable: passwords.find(one => variables.has(one)) ?? `${prefix}PASSWORD`,
		user: firstOf(variables, named('USERNAME', 'USER')) ?? '',
		host,
		port: Number(firstOf(variables, named('PORT', 'PORT_NUMBER')) ?? ownPort) || defaultRedisPort,
		password: password ? new Secret(password) : null,
		broken: false,
		inFile: password === undefined && passwords.some(one => variables.has(`${one}_FILE`)),
	};
}

/** The redis logins in one container's variables: URLs such as `CELERY_BROKER_URL`, and groups around a host's name. */
export function redisLoginsIn(service: string, variables: Variables): RedisClient[] {
	if ([...variables].some(([name, value]) => indirect.test(name) && truthy.test(value.open()))) return [];
	return [...variables].flatMap(([name, value]): RedisClient[] => {
		const url = parseRedisUrl(value.open());
		if (url) {
			const password = url.password === null ? null : new Secret(url.password);
			return [{...url, id: `${service}:${name}`, service, variable: name, password, inFile: false}];
		}
		const prefix = hostName.exec(name)?.[1];
		const isHost = value.open() !== '' && !/^\/|:\/\//.test(value.open());
		return prefix !== undefined && isHost ? [byParts(name, prefix, service, variables)] : [];
	});
}

/** Every redis login that a client of the deployment holds, from the containers' real environment. */
export async function redisClientsOf(
	containers: readonly Container[],
	docker: Pick<DockerReader, 'environment'>,
	stack: Stack,
): Promise<RedisClient[]> {
	const clients = onePerService(containers).filter(container => stack.roleOf(container) === 'client');
	const found = await Promise.all(
		clients.map(async ({id, service}) => redisLoginsIn(service, await docker.environment(id))),
	);
	return found.flat().sort((a, b) => a.id.localeCompare(b.id));
}
