import {chmod, rm} from 'node:fs/promises';
import {connect, createServer, type Socket} from 'node:net';

export type Call = {method: string; path: string; body: string};
export type RecordingProxy = {host: string; calls: Call[]; close(): Promise<void>};

const requestLine = /^(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP\/1\.1\r\n/;

/** Stands between the program and the engine's socket and writes down every request with what is sent along. */
export async function recordingProxy(path: string, engine = '/var/run/docker.sock'): Promise<RecordingProxy> {
	const calls: Call[] = [];
	const open = new Set<Socket>();
	const server = createServer({allowHalfOpen: true}, client => {
		const upstream = connect({path: engine, allowHalfOpen: true});
		let current: Call | null = null;
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => open.delete(socket));
		}
		client.on('data', chunk => {
			const text = chunk.toString('latin1');
			const match = requestLine.exec(text);
			if (match) {
				current = {method: match[1] ?? '', path: (match[2] ?? '').replace(/^\/v[\d.]+/, ''), body: text};
				calls.push(current);
			} else if (current) current.body += text;
			upstream.write(chunk);
		});
		upstream.on('data', chunk => client.write(chunk));
		// Half-closing matters: an attached helper gets its end of input that way.
		client.on('end', () => upstream.end());
		upstream.on('end', () => client.end());
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	await chmod(path, 0o666);
	return {
		host: `unix://${path}`,
		calls,
		async close() {
			for (const socket of open) socket.destroy();
			await new Promise<void>(resolve => server.close(() => resolve()));
			await rm(path, {force: true});
		},
	};
}

/** Calls that change something, except running a command in a container and our own labelled helpers. */
export function writes(calls: readonly Call[]): string[] {
	const helpers = new Set<string>();
	return calls.flatMap(({method, path, body}) => {
		if (method === 'GET' || method === 'HEAD') return [];
		if (method === 'POST' && /^\/(containers\/[^/]+\/exec|exec\/[^/]+\/(start|resize))/.test(path)) return [];
		if (method === 'POST' && path.startsWith('/containers/create')) {
			const helper =
				body.includes('"compose-medic.helper"') && !/"PortBindings":\{"/.test(body) && !/"Privileged":true/.test(body);
			if (helper) helpers.add(path);
			return helper ? [] : [`${method} ${path}`];
		}
		if (helpers.size > 0 && /^\/containers\/[^/?]+(\/(start|attach|wait|kill|stop))?(\?|$)/.test(path)) return [];
		return [`${method} ${path}`];
	});
}
