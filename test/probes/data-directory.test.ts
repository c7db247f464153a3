import {expect, test} from 'vitest';
import {dataDirectory} from '../../source/probes/data-directory.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const data = '/var/lib/postgresql/data';
const volume = (name: string, destination = data) => ({
	type: 'volume',
	name,
	source: `/var/lib/docker/volumes/${name}/_data`,
	destination,
	writable: true,
});
const bind = (source: string, destination = data) => ({type: 'bind', name: '', source, destination, writable: true});
const look = (given: FakeWorld, mounts = [volume('shop_data')], others = [] as ReturnType<typeof container>[]) =>
	dataDirectory.observe(fakeWorld({containers: [container('db', {mounts}), ...others], ...given}), 'db', never);

const anonymous = 'a'.repeat(64);

test.each([
	['named-volume', [volume('shop_data')], {shop_data: {project: 'shop'}}, 'shop_data'],
	['external-volume', [volume('shop_data')], {shop_data: {project: 'other'}}, 'shop_data'],
	['external-volume', [volume('shared')], {shared: {}}, 'shared'],
	['anonymous-volume', [volume(anonymous)], {[anonymous]: {}}, anonymous],
	['bind', [bind('/srv/db')], {}, '/srv/db'],
	['none', [], {}, null],
	['none', [{...bind(''), type: 'tmpfs'}], {}, null],
])('%s', async (kind, mounts, volumes, source) => {
	expect(await look({volumes}, mounts)).toMatchObject({kind, source, path: data});
});

test('the innermost mount counts', async () => {
	const mounts = [volume('outer', '/var/lib/postgresql'), volume(anonymous)];
	expect(await look({volumes: {outer: {project: 'shop'}, [anonymous]: {}}}, mounts)).toMatchObject({
		kind: 'anonymous-volume',
		mountedAt: data,
	});
});

test.each([
	[{environment: {db: {PGDATA: `${data}/pgdata`}}}, {}, `${data}/pgdata`],
	[{environment: {db: {PGDATA: '/elsewhere/'}}}, {}, '/elsewhere'],
	[{}, {command: ['postgres', '-D', '/named']}, '/named'],
	[{}, {command: ['postgres', '-c', 'data_directory=/conf']}, '/conf'],
	[{}, {}, data],
])('PGDATA from where the server takes it: %j %j', async (given, over, path) => {
	const world = fakeWorld({containers: [container('db', over)], ...given});
	expect(await dataDirectory.observe(world, 'db', never)).toMatchObject({path});
});

test('tells when and by which version it was initialised, and what a server wrote into it', async () => {
	const files = {
		[`${data}/PG_VERSION`]: {content: '15\n', modifiedAt: '2025-06-01T00:00:00.000Z'},
		[`${data}/postmaster.pid`]: {content: '1\n/d\n17\n5432\n/run\n*\n 1 0\nready   \n'},
	};
	expect(await look({files})).toMatchObject({
		majorVersion: '15',
		initialisedAt: '2025-06-01T00:00:00.000Z',
		postmasterPid: {status: 'ready', address: '*', port: 5432},
	});
	expect(await look({})).toMatchObject({majorVersion: null, initialisedAt: null, postmasterPid: null});
	expect(await look({files: {[`${data}/PG_VERSION`]: {content: ''}}})).toMatchObject({
		majorVersion: null,
		initialisedAt: null,
	});
});

test('others on the same data are found by name and by path, also in other projects', async () => {
	const foreign = container('db2', {project: 'other', mounts: [volume('shop_data', '/x')]});
	const byPath = container('copy', {mounts: [bind('/var/lib/docker/volumes/shop_data/_data', '/y')]});
	const stopped = container('old', {status: 'exited', mounts: [volume('shop_data')]});
	const reader = container('reader', {mounts: [{...volume('shop_data'), writable: false}]});
	const found = await look({volumes: {shop_data: {project: 'shop'}}}, undefined, [foreign, byPath, stopped, reader]);
	expect(found.sharedWith).toEqual(['other/db2', 'shop/copy']);
});

test('an external database lies outside', async () => {
	expect(await look({external: true})).toMatchObject({kind: 'outside', path: ''});
});
