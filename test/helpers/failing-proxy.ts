import {chmod, rm} from 'node:fs/promises';
import {connect, createServer, type Socket} from 'node:net';

/** What happens to the engine's answers to some requests. */
export type Misbehaviour = {
	/** Request line without the API version: `GET /containers/json?all=true`. */
	to: RegExp;
	/** `slow`: every piece comes late. `drop`: the connection breaks in the middle. `silent`: nothing ever comes. `garbage`: no HTTP. */
	how: 'slow' | 'drop' | 'silent' | 'garbage';
	/** Milliseconds for `slow`, bytes for `drop`. */
	after?: number;
};

export type FailingProxy = {host: string; hits(): number; close(): Promise<void>};

const requestLine = /^(\w+) (?:\/v[\d.]+)?(\S+) HTTP\/1\.1\r\n/;

/** Stands between the program and the engine's socket, as an overloaded or dying engine would. */
export async function failingProxy(
	path: string,
	{to, how, after = 0}: Misbehaviour,
	engine = '/var/run/docker.sock',
): Promise<FailingProxy> {
	const open = new Set<Socket>();
	let hits = 0;
	const server = createServer({allowHalfOpen: true}, client => {
		const upstream = connect({path: engine, allowHalfOpen: true});
		let fails = false;
		let passed = 0;
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => open.delete(socket));
		}
		const cut = (): void => {
			client.destroy();
			upstream.destroy();
		};
		client.on('data', chunk => {
			const [, method, target] = requestLine.exec(chunk.toString('latin1')) ?? [];
			if (method && to.test(`${method} ${target}`)) {
				fails = true;
				hits += 1;
			}
			upstream.write(chunk);
		});
		upstream.on('data', chunk => {
			if (!fails) return void client.write(chunk);
			if (how === 'slow') return void setTimeout(() => client.write(chunk), after);
			if (how === 'silent') return;
			if (how === 'garbage') return void client.end('I am not an engine\r\n\r\n');
			const rest = after - passed;
			passed += chunk.length;
			if (rest > 0) client.write(chunk.subarray(0, rest));
			// What was written must be on its way before the connection breaks.
			if (passed >= after) setTimeout(cut, 20);
		});
		client.on('end', () => upstream.end());
		upstream.on('end', () => {
			if (fails && how === 'slow') setTimeout(() => client.end(), after + 20);
			else if (!fails || how !== 'silent') client.end();
		});
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	await chmod(path, 0o666);
	return {
		host: `unix://${path}`,
		hits: () => hits,
		async close() {
			for (const socket of open) socket.destroy();
			await new Promise<void>(resolve => server.close(() => resolve()));
			await rm(path, {force: true});
		},
	};
}
