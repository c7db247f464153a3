import {connect, type Socket} from 'node:net';

type Environment = Record<string, string | undefined>;

const beat = 1000;

const encoded = (words: readonly string[]): string =>
	`*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** One command and redis' one-line answer (RESP, "Simple strings" and "Errors"). */
function ask(socket: Socket, ...words: string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		socket.once('error', reject);
		socket.once('data', answer => {
			socket.off('error', reject);
			const text = answer.toString('utf8').trim();
			if (!text.startsWith('-')) return resolve();
			// As node-redis and ioredis call it.
			reject(Object.assign(new Error(text.slice(1)), {name: 'ReplyError'}));
		});
		socket.write(encoded(words));
	});
}

/**
 * Uses redis as applications do that keep their queue there: logs in where `REDIS_URL` holds a password, and writes at every beat.
 * @param lost called when redis is gone or refuses; such applications give up and are started again
 */
export async function openCache(environment: Environment, lost: (error: unknown) => void): Promise<void> {
	if (!environment.REDIS_URL) return;
	const {hostname, port, password} = new URL(environment.REDIS_URL);
	const socket = connect(Number(port || 6379), hostname);
	await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
	if (password) await ask(socket, 'AUTH', decodeURIComponent(password));
	const write = (): Promise<void> => ask(socket, 'SET', `heartbeat:${environment.ROLE}`, new Date().toISOString());
	await write();
	socket.on('error', lost);
	socket.on('end', () => lost(new Error('Socket closed unexpectedly')));
	setInterval(() => write().catch(lost), beat);
}
