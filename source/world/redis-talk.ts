import type {Secret} from '../core/secret.ts';
import type {Container, DockerReader} from '../core/world.ts';

/** One login to try, without its name: redis answers each for itself. */
export type RedisLogin = {user: string; password: Secret};

export type RedisAnswers = {
	/** What redis says to somebody who has not logged in. */
	greeting: string;
	/** Its answer to each login, in their order: `OK` or an error. */
	logins: string[];
	/** Lines of `INFO persistence` and values of `CONFIG GET`, as far as one of the logins was let in. */
	settings: ReadonlyMap<string, string>;
};

/** Every byte in hexadecimal: redis-cli reads that between quotes, and no character of a password can end the line. */
const quoted = (secret: string): string =>
	`"${[...Buffer.from(secret)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

const wanted = ['dir', 'stop-writes-on-bgsave-error', 'save'];

/** Where the server listens: its `--port`, else the port of every redis. */
export function portOf({command, entrypoint}: Container): number {
	const words = [...entrypoint, ...command].flatMap(word => word.split(/\s+/));
	const at = words.lastIndexOf('--port');
	return Number(words[at + 1]) > 0 && at >= 0 ? Number(words[at + 1]) : 6379;
}

/** The password that a server was started with, from its command line or its image's variable; null when neither tells. */
export function ownPassword(
	words: readonly string[],
	environment: ReadonlyMap<string, Secret>,
	make: (text: string) => Secret,
): Secret | null {
	const parts = words.flatMap(word => (/\s--requirepass\s|^--requirepass\s/.test(word) ? word.split(/\s+/) : [word]));
	const at = parts.lastIndexOf('--requirepass');
	const written = at >= 0 ? parts[at + 1] : undefined;
	if (written) return make(written.replace(/^(["'])(.*)\1$/, '$2'));
	return (
		['REDIS_PASSWORD', 'VALKEY_PASSWORD', 'REDISCLI_AUTH'].map(name => environment.get(name)).find(Boolean) ?? null
	);
}

/**
 * Talks to a redis inside its own container, all in one call. Passwords travel by standard input; a failed login counts in
 * `ACL LOG` as the client's own do. Null when the container has no `redis-cli`.
 * @throws Trouble `not-running` as `exec` does
 */
export async function talkToRedis(
	docker: DockerReader,
	container: Container,
	logins: readonly RedisLogin[],
	signal: AbortSignal,
): Promise<RedisAnswers | null> {
	const asked = logins.map(({user, password}) => `AUTH ${user ? `${quoted(user)} ` : ''}${quoted(password.open())}`);
	const lines = ['PING', ...asked, 'INFO persistence', ...wanted.map(name => `CONFIG GET ${name}`)];
	// Its own variable would log in before anybody asks.
	const command = ['env', '-u', 'REDISCLI_AUTH', 'redis-cli', '-p', String(portOf(container))];
	const {code, stdout, stderr} = await docker.exec(container.id, command, {stdin: `${lines.join('\n')}\n`, signal});
	if (code === 126 || code === 127) return null;
	const answers = stdout.split(/\r?\n/).filter(line => line.trim() !== '');
	const settings = new Map<string, string>();
	const rest = answers.slice(1 + logins.length);
	for (const [index, line] of rest.entries()) {
		const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
		if (name) settings.set(name, value ?? '');
		else if (wanted.includes(line)) settings.set(line, rest[index + 1] ?? '');
	}
	return {greeting: answers[0] ?? stderr.trim(), logins: answers.slice(1, 1 + logins.length), settings};
}

/** Asks for an address from inside a redis container, which stands on the same network: names and ports as a client meets them. */
export async function knock(
	docker: DockerReader,
	container: Container,
	{host, port}: {host: string; port: number},
	signal: AbortSignal,
): Promise<string> {
	const command = ['env', '-u', 'REDISCLI_AUTH', 'redis-cli', '-h', host, '-p', String(port), 'PING'];
	const {stdout, stderr} = await docker.exec(container.id, command, {signal});
	return (stdout.trim() || stderr.trim()).split('\n')[0] ?? '';
}
