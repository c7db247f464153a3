import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {Trouble} from '../../source/core/trouble.ts';
import {resolveEndpoint, type Surroundings} from '../../source/world/docker-endpoint.ts';

const hash = (name: string): string => createHash('sha256').update(name).digest('hex');
const meta = (name: string, host: string, skip = false): Record<string, string> => ({
	[`/home/ann/.docker/contexts/meta/${hash(name)}/meta.json`]: JSON.stringify({
		Name: name,
		Endpoints: {docker: {Host: host, SkipTLSVerify: skip}},
	}),
});

const around = (files: Record<string, string> = {}, environment: Record<string, string> = {}): Surroundings => ({
	environment,
	home: '/home/ann',
	read: path => (path in files ? Buffer.from(files[path] ?? '') : null),
	exists: path => path in files,
});

const codeOf = (work: () => unknown): string => {
	try {
		work();
		return 'nothing';
	} catch (error) {
		return error instanceof Trouble ? `${error.code} ${error.exitCode}` : String(error);
	}
};

test('the default socket, then where Docker Desktop and a rootless engine put theirs', () => {
	expect(resolveEndpoint({}, around())).toMatchObject({
		context: 'default',
		url: 'unix:///var/run/docker.sock',
		tls: null,
	});
	expect(resolveEndpoint({}, around({'/home/ann/.docker/run/docker.sock': ''})).address).toEqual({
		socketPath: '/home/ann/.docker/run/docker.sock',
	});
	const rootless = around({'/run/user/1/docker.sock': ''}, {XDG_RUNTIME_DIR: '/run/user/1'});
	expect(resolveEndpoint({}, rootless).url).toBe('unix:///run/user/1/docker.sock');
});

test.each([
	['tcp://10.0.0.5:2375', {host: '10.0.0.5', port: 2375}],
	['tcp://box', {host: 'box', port: 2375}],
	['box:99', {host: 'box', port: 99}],
	['https://box', {host: 'box', port: 2376}],
	['tcp://[::1]:2375', {host: '::1', port: 2375}],
	['unix:///x.sock', {socketPath: '/x.sock'}],
])('%s', (host, address) => {
	expect(resolveEndpoint({host}, around()).address).toEqual(address);
});

test('the order is --context, --host, DOCKER_HOST, DOCKER_CONTEXT, the current context', () => {
	const files = {
		...meta('one', 'tcp://one:1'),
		...meta('two', 'tcp://two:2'),
		...meta('three', 'tcp://three:3'),
		'/home/ann/.docker/config.json': JSON.stringify({currentContext: 'three'}),
	};
	const environment = {DOCKER_HOST: 'tcp://env:4', DOCKER_CONTEXT: 'two'};
	expect(resolveEndpoint({context: 'one'}, around(files, environment))).toMatchObject({
		context: 'one',
		url: 'tcp://one:1',
	});
	expect(resolveEndpoint({host: 'tcp://flag:5'}, around(files, environment)).url).toBe('tcp://flag:5');
	expect(resolveEndpoint({}, around(files, environment)).url).toBe('tcp://env:4');
	expect(resolveEndpoint({}, around(files, {DOCKER_CONTEXT: 'two'})).url).toBe('tcp://two:2');
	expect(resolveEndpoint({}, around(files)).url).toBe('tcp://three:3');
	expect(resolveEndpoint({context: 'default'}, around(files, environment)).url).toBe('unix:///var/run/docker.sock');
});

test('certificates of a context and of the environment', () => {
	const tls = `/home/ann/.docker/contexts/tls/${hash('safe')}/docker`;
	const files = {
		...meta('safe', 'tcp://safe:2376'),
		...meta('lax', 'tcp://lax:2376', true),
		[`${tls}/ca.pem`]: 'CA',
		[`${tls}/cert.pem`]: 'C',
		[`${tls}/key.pem`]: 'K',
	};
	expect(resolveEndpoint({context: 'safe'}, around(files)).tls).toEqual({
		ca: Buffer.from('CA'),
		cert: Buffer.from('C'),
		key: Buffer.from('K'),
		verify: true,
	});
	expect(resolveEndpoint({context: 'lax'}, around(files)).tls).toMatchObject({verify: false});
	const environment = {DOCKER_HOST: 'tcp://box', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs'};
	expect(resolveEndpoint({}, around({'/certs/ca.pem': 'CA'}, environment))).toMatchObject({
		url: 'tcp://box:2376',
		tls: {ca: Buffer.from('CA'), verify: true},
	});
});

test.each([
	[{host: 'ssh://me@box'}, 'engine-over-ssh 2'],
	[{host: 'tcp://:'}, 'bad-host 2'],
	[{host: 'gopher://x'}, 'bad-host 2'],
	[{context: 'nosuch'}, 'unknown-context 2'],
	[{context: 'a', host: 'b'}, 'two-engines 2'],
])('%j is told in plain words', (choice, code) => {
	expect(codeOf(() => resolveEndpoint(choice, around()))).toBe(code);
});
