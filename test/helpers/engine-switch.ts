import {chmod, rm} from 'node:fs/promises';
import {connect, createServer, type Server, type Socket} from 'node:net';

/** A socket to the engine that can be switched off and on again, as an engine that is stopped and started. */
export type EngineSwitch = {host: string; off(): Promise<void>; on(): Promise<void>};

export async function engineSwitch(path: string, engine = '/var/run/docker.sock'): Promise<EngineSwitch> {
	const open = new Set<Socket>();
	let server: Server | null = null;
	const pass = (client: Socket): void => {
		const upstream = connect({path: engine, allowHalfOpen: true});
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => open.delete(socket));
		}
		client.pipe(upstream);
		upstream.pipe(client);
	};
	const on = async (): Promise<void> => {
		const made = createServer({allowHalfOpen: true}, pass);
		await new Promise<void>(resolve => made.listen(path, resolve));
		await chmod(path, 0o666);
		server = made;
	};
	await on();
	return {
		host: `unix://${path}`,
		on,
		async off() {
			const closing = server;
			server = null;
			for (const socket of open) socket.destroy();
			if (closing) await new Promise<void>(resolve => closing.close(() => resolve()));
			await rm(path, {force: true});
		},
	};
}
