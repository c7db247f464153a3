import type {ClientCredential} from '../core/deployment.ts';
import {leadsTo} from '../core/docker-dns.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {ReadWorld} from '../core/world.ts';
import {stackById} from '../stacks/index.ts';
import {type RedisClient, redisClientsOf} from '../world/redis-clients.ts';
import {neighbourhood} from './server-for.ts';

/** A login to a redis without its secret. */
export type CacheClient = Omit<RedisClient, 'password'> & {
	hasPassword: boolean;
	/** Where the host's name leads by the engine's own DNS; `also` is left out. */
	leadsTo: ClientCredential['leadsTo'];
};

/** The world's redis logins with where each leads. For probes: the passwords are still in them. */
export async function redisLogins(world: ReadWorld): Promise<(RedisClient & Pick<CacheClient, 'leadsTo'>)[]> {
	const {target, docker} = world;
	if (target.kind !== 'compose') return [];
	const {own, all} = await neighbourhood(world);
	const clients = await redisClientsOf(own, docker, stackById(target.stack));
	return clients.map(client => {
		const container = own.find(({service, oneOff}) => service === client.service && !oneOff);
		return {
			...client,
			leadsTo: container ? leadsTo(client.host, client.port, container, all) : ({kind: 'outside'} as const),
		};
	});
}

/** Every redis login that a service holds. Passwords are compared in the world. */
export const cacheClients = probe<CacheClient[]>({
	id: 'cache-clients',
	title: () => say('Reading how each service reaches redis', '读取各服务如何连接 redis'),
	like: () => "docker inspect --format '{{.Config.Env}}' …",
	async observe(world) {
		return (await redisLogins(world)).map(({password, ...client}) => ({...client, hasPassword: password !== null}));
	},
});
