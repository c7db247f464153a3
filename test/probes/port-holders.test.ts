import {expect, test} from 'vitest';
import {portHolders} from '../../source/probes/port-holders.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from './fake-world.ts';

const port = (hostPort: number, hostAddress = '127.0.0.1', protocol = 'tcp') => ({
	container: 80,
	protocol,
	hostAddress,
	hostPort,
});
const nginx = container('nginx', {status: 'created', wantedPorts: [port(8080)]});
const look = (others: ReturnType<typeof container>[], listeners: Record<number, string | null> = {}, own = nginx) =>
	portHolders.observe(fakeWorld({containers: [own, ...others], listeners}), 'nginx', never);

test.each(['127.0.0.1', '0.0.0.0', '::', ''])('another container at %s', async address => {
	const other = container('web', {project: 'other', ports: [port(8080, address)]});
	expect(await look([other])).toEqual([
		{port: 8080, address: '127.0.0.1', holder: {kind: 'container', name: 'shop-web-1', project: 'other'}},
	]);
});

test('another address, port or protocol is no conflict', async () => {
	const others = [
		container('a', {ports: [port(8080, '10.0.0.1')]}),
		container('b', {ports: [port(8081)]}),
		container('c', {ports: [port(8080, '127.0.0.1', 'udp')]}),
	];
	expect(await look(others)).toEqual([{port: 8080, address: '127.0.0.1', holder: null}]);
});

test('a program of the host, with its name where it may be seen', async () => {
	expect(await look([], {8080: 'apache2, PID 7'})).toMatchObject([
		{holder: {kind: 'host-process', says: 'apache2, PID 7'}},
	]);
	expect(await look([], {8080: null})).toMatchObject([{holder: {kind: 'host-process', says: null}}]);
});

test('what the service publishes itself is not held by somebody else', async () => {
	const own = {...nginx, status: 'running' as const, ports: [port(8080)]};
	expect(await look([], {8080: 'docker-proxy, PID 9'}, own)).toMatchObject([{holder: null}]);
});

test('any free port can’t be taken', async () => {
	expect(await look([], {}, {...nginx, wantedPorts: [port(0)]})).toEqual([]);
});
