import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {knock} from '../world/redis-talk.ts';
import {redisLogins} from './cache-clients.ts';
import {presentContainers} from './present-container.ts';

/** What a client meets at the address it was given. `no-witness`: no redis runs on its network, from which it could be tried. */
export type CacheRoute = {outcome: 'answers' | 'no-host' | 'refused' | 'other' | 'no-witness'; says: string | null};

function outcomeOf(says: string): CacheRoute['outcome'] {
	if (/name or service not known|temporary failure in name resolution|does not resolve|nodename/i.test(says))
		return 'no-host';
	if (/connection refused/i.test(says)) return 'refused';
	return /could not connect|timed? out|no route/i.test(says) ? 'other' : 'answers';
}

/** Knocks at a client's redis address from a redis that stands on the client's network. `about` is the login's id. */
export const cacheRoute = probe<CacheRoute>({
	id: 'cache-route',
	title: client => say(`Connecting to redis where ${client} leads`, `按 ${client} 的地址连接 redis`),
	like: () => 'docker compose exec redis redis-cli -h <host> -p <port> PING',
	deadline: 5000,
	async observe(world, about, signal) {
		const login = (await redisLogins(world)).find(({id}) => id === about);
		const present = await presentContainers(world);
		const client = present.find(({service}) => service === login?.service);
		const names = client?.networks.map(({name}) => name) ?? [];
		const witness = present.find(
			({status, image, networks}) =>
				status === 'running' && /redis|valkey/i.test(image) && networks.some(({name}) => names.includes(name)),
		);
		if (!login || !witness) return {outcome: 'no-witness', says: null};
		const says = await knock(world.docker, witness, login, signal);
		return {outcome: outcomeOf(says), says: world.redact(says)};
	},
});
