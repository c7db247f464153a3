import {expect, test} from 'vitest';
import {dataDirectory} from '../../source/probes/data-directory.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const data = '/var/lib/postgresql/data';
const host = '/var/lib/docker/volumes/pg/_data';
const volume = (destination = data) => ({type: 'volume', name: 'pg', source: host, destination, writable: true});
const bind = (source: string, destination = data) => ({type: 'bind', name: '', source, destination, writable: true});

const db = container('db', {mounts: [volume()]});
const server = ['postgres', 'postgres: checkpointer'];
const others = async (other: ReturnType<typeof container>, given: FakeWorld = {}, own = db) => {
	const world = fakeWorld({
		containers: [own, other],
		volumes: {pg: {project: 'shop'}},
		processes: {second: server},
		...given,
	});
	return (await dataDirectory.observe(world, 'db', never)).otherServers;
};

test('the same volume by its name', async () => {
	expect(await others(container('second', {mounts: [volume()], project: 'old'}))).toEqual([
		{
			name: 'shop-second-1',
			project: 'old',
			service: 'second',
			startedAt: '2026-01-01T00:00:01Z',
			sharedBy: 'name',
			seen: true,
		},
	]);
});

test.each([
	['the mount point of the volume', [bind(host)], {}],
	['a folder above, down to the same data', [bind('/var/lib/docker/volumes/pg')], {PGDATA: `${data}/_data`}],
	['a slash at the end', [bind(`${host}/`)], {}],
])('the same files by path: %s', async (_, mounts, environment) => {
	const found = await others(container('second', {mounts}), {environment: {second: environment}});
	expect(found).toMatchObject([{sharedBy: 'path', seen: true}]);
});

test('a volume that only leads to a folder of the host is that folder', async () => {
	const found = await others(container('second', {mounts: [bind('/srv/pg')]}), {
		volumes: {pg: {project: 'shop', device: '/srv/pg'}},
	});
	expect(found).toMatchObject([{sharedBy: 'path'}]);
});

test.each([
	['a folder of its own on the same volume', [volume('/shared')], {PGDATA: '/shared/second'}, server],
	['a tool that only mounts it', [volume()], {}, ['sh -c backup', 'sleep 3600']],
	['read-only', [{...volume(), writable: false}], {}, server],
	['another volume', [{...volume(), name: 'other', source: '/var/lib/docker/volumes/other/_data'}], {}, server],
])('no second server: %s', async (_, mounts, environment, second) => {
	const found = await others(container('second', {mounts}), {
		environment: {second: environment},
		processes: {second},
		volumes: {pg: {project: 'shop'}, other: {}},
	});
	expect(found).toEqual([]);
});

test('one that is about to start again is told by its image, and not as seen', async () => {
	const restarting = {mounts: [volume()], status: 'restarting' as const};
	expect(await others(container('second', {...restarting, image: 'postgres:15'}), {processes: {}})).toMatchObject([
		{seen: false},
	]);
	expect(await others(container('second', {...restarting, image: 'postgres-backup'}), {processes: {}})).toEqual([]);
	expect(await others(container('second', {mounts: [volume()], status: 'exited', image: 'postgres:15'}))).toEqual([]);
});
