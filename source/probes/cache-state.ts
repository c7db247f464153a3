import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {ownPassword, portOf, type RedisLogin, talkToRedis} from '../world/redis-talk.ts';
import {redisLogins} from './cache-clients.ts';
import {presentContainer} from './present-container.ts';

/** How a client's login relates to the server. `none`: it gives no password where one is wanted. `needless`: the server has none. */
export type CacheVerdict = 'fits' | 'wrong' | 'none' | 'needless' | 'not-tried';

export type CacheState =
	/** The container does not run. */
	| {state: 'down'}
	/** It runs, and nobody answers inside it, or there is no `redis-cli` in it to ask with. */
	| {state: 'silent'; says: string | null}
	| {
			state: 'answers';
			port: number;
			/** Its answer to somebody who has not logged in: `PONG`, or an error such as NOAUTH, LOADING, MISCONF. */
			greeting: string;
			/** One for each login that leads here, by its id. */
			proofs: {client: string; verdict: CacheVerdict; says: string | null}[];
			/** Null when nobody was let in to ask. */
			persistence: {
				lastSave: 'ok' | 'failed';
				appendOnly: 'off' | 'ok' | 'failed';
				/** Whether it refuses writes once a save has failed. */
				stopsWrites: boolean;
				folder: string;
			} | null;
	  };

const noSuch = /without any password configured|no password is set/i;
const wrong = /WRONGPASS|invalid (?:username-password|password)/i;

function verdictOf(answer: string): CacheVerdict {
	if (answer === 'OK') return 'fits';
	if (noSuch.test(answer)) return 'needless';
	return wrong.test(answer) ? 'wrong' : 'not-tried';
}

function persistenceOf(settings: ReadonlyMap<string, string>): Extract<CacheState, {state: 'answers'}>['persistence'] {
	const saved = settings.get('rdb_last_bgsave_status');
	if (saved === undefined) return null;
	const failed = (text: string | undefined): 'ok' | 'failed' => (text === 'err' ? 'failed' : 'ok');
	return {
		lastSave: failed(saved),
		appendOnly: settings.get('aof_enabled') === '1' ? failed(settings.get('aof_last_write_status')) : 'off',
		// Where CONFIG is forbidden, redis' own preset counts.
		stopsWrites: settings.get('stop-writes-on-bgsave-error') !== 'no' && settings.get('save') !== '',
		folder: settings.get('dir') ?? '/data',
	};
}

/** A container's words as the engine keeps them; the deployment's facts hold them redacted. */
async function passwordOf({docker}: ReadWorld, container: Container): Promise<Secret | null> {
	const words = [...container.entrypoint, ...container.command];
	return ownPassword(words, await docker.environment(container.id), text => new Secret(text));
}

/** Asks one redis what it says to each of its clients, and whether it can save. */
export const cacheState = probe<CacheState>({
	id: 'cache-state',
	title: service => say(`Asking ${service} whether it lets its clients in`, `询问 ${service} 是否接受各客户端`),
	like: service => `docker compose exec ${service} redis-cli  # AUTH …, INFO persistence`,
	deadline: 5000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (container?.status !== 'running') return {state: 'down'};
		const clients = (await redisLogins(world)).filter(
			({leadsTo}) => leadsTo.kind === 'service' && leadsTo.service === service,
		);
		const tries: (RedisLogin & {clients: string[]})[] = [];
		for (const {id, user, password} of clients) {
			if (!password) continue;
			const like = tries.find(one => one.user === user && one.password.equals(password));
			if (like) like.clients.push(id);
			else tries.push({user, password, clients: [id]});
		}
		const own = await passwordOf(world, container);
		// Last: only to be let in where no client is.
		const logins = [...tries, ...(own ? [{user: '', password: own}] : [])];
		const answers = await talkToRedis(world.docker, container, logins, signal);
		if (answers === null) return {state: 'silent', says: null};
		const clean = (text: string): string => world.redact(text);
		if (/could not connect|connection (?:refused|reset)/i.test(answers.greeting) || answers.greeting === '')
			return {state: 'silent', says: clean(answers.greeting)};
		const wantsPassword = /NOAUTH/.test(answers.greeting);
		return {
			state: 'answers',
			port: portOf(container),
			greeting: clean(answers.greeting),
			proofs: clients.map(({id, password, inFile}) => {
				const index = tries.findIndex(one => one.clients.includes(id));
				const answer = answers.logins[index];
				if (password && answer !== undefined)
					return {client: id, verdict: verdictOf(answer), says: answer === 'OK' ? null : clean(answer)};
				const verdict = inFile ? 'not-tried' : wantsPassword ? 'none' : 'fits';
				return {client: id, verdict, says: verdict === 'none' ? clean(answers.greeting) : null};
			}),
			persistence: persistenceOf(answers.settings),
		};
	},
});
