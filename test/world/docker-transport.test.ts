import {mkdtemp, rm} from 'node:fs/promises';
import {createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {EngineTrouble} from '../../source/core/engine-trouble.ts';
import {Trouble} from '../../source/core/trouble.ts';
import {statusOf} from '../../source/world/docker-errors.ts';
import {connectEngine, streamFrom} from '../../source/world/docker-transport.ts';
import {ReadGuard} from '../../source/world/read-guard.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const clean of cleanups.splice(0)) await clean();
});

const connect = (socketPath: string, guard?: ReadGuard) =>
	connectEngine({
		endpoint: {context: 'default', url: `unix://${socketPath}`, address: {socketPath}, tls: null},
		redact: text => text.replaceAll('s3cret', '•••'),
		guard,
	});

/** An engine that does with each connection what the test says. */
async function engine(behave: (socket: Socket, request: string) => void) {
	const folder = await mkdtemp(join(tmpdir(), 'compose-medic-test-'));
	const path = join(folder, 'docker.sock');
	const requests: string[] = [];
	const server: Server = createServer(socket => {
		socket.on('error', () => undefined);
		socket.once('data', data => {
			requests.push(data.toString());
			behave(socket, data.toString());
		});
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	cleanups.push(
		() => new Promise(resolve => server.close(resolve)),
		() => rm(folder, {recursive: true}),
	);
	return {path, requests};
}

const respond = (status: string, body: string): string =>
	`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const caught = (work: Promise<unknown>): Promise<Trouble> =>
	work.then(
		() => {
			throw new Error('nothing was thrown');
		},
		error => error as Trouble,
	);

test('asks and gets an answer', async () => {
	const {path, requests} = await engine(socket => socket.end(respond('200 OK', '{"Version":"1"}')));
	expect(await connect(path).version()).toEqual({Version: '1'});
	expect(requests[0]).toMatch(/^GET \/version HTTP\/1\.1/);
});

test('a guarded connection sends nothing that it refuses', async () => {
	const {path, requests} = await engine(socket => socket.end(respond('204 No Content', '')));
	const error = await caught(connect(path, new ReadGuard()).getContainer('db').stop());
	expect(error.message).toContain('refuses POST /containers/db/stop');
	expect(requests).toEqual([]);
});

test('no socket', async () => {
	const error = await caught(connect('/nonexistent/docker.sock').version());
	expect(error).toBeInstanceOf(EngineTrouble);
	expect(error).toMatchObject({
		code: 'engine-unreachable',
		exitCode: 10,
		kind: 'unreachable',
		endpoint: 'unix:///nonexistent/docker.sock',
	});
});

test.each([
	['before the answer', ''],
	['in the middle of the headers', 'HTTP/1.1 200 OK\r\nContent-Len'],
	['in the middle of the answer', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"Ver'],
])('an engine that goes away %s is told, not waited for', async (_, text) => {
	const {path} = await engine(socket => {
		socket.write(text);
		socket.destroySoon();
	});
	expect(await caught(connect(path).version())).toMatchObject({code: 'engine-unreachable'});
});

test('an engine that goes away in the middle of a stream', async () => {
	const {path} = await engine(socket => {
		socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n');
		setTimeout(() => socket.destroy(), 20);
	});
	const stream = await streamFrom(connect(path), {path: '/containers/db/logs?', method: 'GET', options: {}});
	const read = async (): Promise<void> => {
		for await (const _ of stream);
	};
	await expect(read()).rejects.toMatchObject({code: 'ECONNRESET'});
});

test("the engine's own errors keep their status, and their words are redacted", async () => {
	const {path} = await engine(socket =>
		socket.end(respond('404 Not Found', '{"message":"No such container: s3cret"}')),
	);
	const error = await caught(connect(path).getContainer('x').inspect());
	expect(error).toBeInstanceOf(Trouble);
	expect(error.code).toBe('not-found');
	expect(statusOf(error)).toBe(404);
	expect(error.message).toBe('The Docker engine answered: No such container: •••');
});

test('what is no engine at all', async () => {
	const {path} = await engine(socket => socket.end('220 mail.example ESMTP\r\n'));
	expect(await caught(connect(path).version())).toMatchObject({code: 'engine-unreachable'});
});

test('DOCKER_HOST does not win over what was decided', async () => {
	const {path} = await engine(socket => socket.end(respond('200 OK', '{"Version":"1"}')));
	const before = process.env['DOCKER_HOST'];
	process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
	try {
		expect(await connect(path).version()).toEqual({Version: '1'});
		expect(process.env['DOCKER_HOST']).toBe('tcp://127.0.0.1:1');
	} finally {
		if (before === undefined) delete process.env['DOCKER_HOST'];
		else process.env['DOCKER_HOST'] = before;
	}
});
