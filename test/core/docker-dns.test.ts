import {expect, test} from 'vitest';
import {leadsTo} from '../../source/core/docker-dns.ts';
import {container} from '../helpers/container.ts';

const on = (name: string, address: string, aliases: string[] = []) => ({name, id: name, address, prefix: 16, aliases});

const api = container('api', {networks: [on('shop_default', '172.18.0.3', ['api'])]});
const db = container('db', {networks: [on('shop_default', '172.18.0.2', ['db', 'postgres'])]});
const apart = container('reports', {networks: [on('shop_back', '172.19.0.2', ['reports'])]});
const foreign = container('db', {
	id: 'f'.repeat(64),
	name: 'other-db-1',
	project: 'other',
	networks: [on('other_default', '172.20.0.2', ['db'])],
});
const all = [api, db, apart, foreign];
const to = (host: string, client = api, others = all, port = 5432) => leadsTo(host, port, client, others);

const database = {kind: 'service', service: 'db', also: []};

test.each(['db', 'DB', 'postgres', 'shop-db-1', db.id.slice(0, 12), '172.18.0.2'])('%s leads to the database', host =>
	expect(to(host)).toEqual(database),
);

test.each([
	['nobody', {kind: 'unknown-name'}],
	['db.example.com', {kind: 'outside'}],
	['10.1.2.3', {kind: 'outside'}],
	['reports', {kind: 'other-network', service: 'reports'}],
	['172.19.0.2', {kind: 'other-network', service: 'reports'}],
	['localhost', {kind: 'loopback'}],
	['127.0.0.1', {kind: 'loopback'}],
	['', {kind: 'loopback'}],
	['/var/run/postgresql', {kind: 'loopback'}],
	['host.docker.internal', {kind: 'outside'}],
])('%j', (host, expected) => expect(to(host)).toEqual(expected));

test('a database of another project does not answer on networks that are not shared', () => {
	expect(to('db', api, [api, foreign])).toEqual({kind: 'unknown-name'});
});

test('two servers that answer to one name on a shared network are both named, the own one first', () => {
	const shared = container('db', {
		id: 'e'.repeat(64),
		name: 'other-db-1',
		project: 'other',
		networks: [on('shop_default', '172.18.0.9', ['db'])],
	});
	expect(to('db', api, [api, shared, db])).toEqual({kind: 'service', service: 'db', also: ['other/db']});
});

test('replicas of one service are one server', () => {
	const second = container('db', {
		id: 'd'.repeat(64),
		name: 'shop-db-2',
		networks: [on('shop_default', '172.18.0.8', ['db'])],
	});
	expect(to('db', api, [api, db, second])).toEqual(database);
});

test('a database that was cut off its network is known all the same', () => {
	expect(to('db', api, [api, container('db', {networks: []})])).toEqual({kind: 'other-network', service: 'db'});
});

test('a stopped database keeps its name, although the engine forgets the alias', () => {
	const stopped = container('db', {status: 'exited', networks: [on('shop_default', '', [])]});
	expect(to('db', api, [api, stopped])).toEqual(database);
});

test('a running database without its alias is not found by service name', () => {
	const bare = container('db', {networks: [on('shop_default', '172.18.0.2', [])]});
	expect(to('db', api, [api, bare])).toEqual({kind: 'other-network', service: 'db'});
});

test('published ports lead back through the host', () => {
	const published = container('db', {
		ports: [{container: 5432, protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 15432}],
	});
	const onHost = container('api', {networkMode: 'host', networks: []});
	expect(to('localhost', onHost, [onHost, published], 15432)).toEqual(database);
	expect(to('localhost', onHost, [onHost, published], 5432)).toEqual({kind: 'outside'});
	expect(to('host.docker.internal', api, [api, published], 15432)).toEqual(database);
});

test('in the network of another container its loopback is meant', () => {
	const sidecar = container('api', {networkMode: `container:${db.id}`, networks: []});
	expect(to('localhost', sidecar, [sidecar, db])).toEqual(database);
});

test('there is no DNS on the default bridge', () => {
	const client = container('api', {networks: [on('bridge', '172.17.0.3')]});
	const server = container('db', {name: 'db', networks: [on('bridge', '172.17.0.2', ['db'])]});
	expect(to('172.17.0.2', client, [client, server])).toEqual(database);
	expect(to('db', client, [client, server])).toEqual({kind: 'other-network', service: 'db'});
});
