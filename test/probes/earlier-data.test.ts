import {expect, test} from 'vitest';
import {earlierData} from '../../source/probes/earlier-data.ts';
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
const look = async (given: FakeWorld, mounts = [volume('shop_pg')], more = [] as ReturnType<typeof container>[]) =>
	(
		await earlierData.observe(
			fakeWorld({
				containers: [container('db', {mounts, status: 'exited'}), ...more],
				place: {workingDirectory: '/srv/Old Shop'},
				...given,
				volumes: {shop_pg: {project: 'shop', key: 'pg'}, ...given.volumes},
			}),
			'db',
			never,
		)
	).places;
const version = (folder: string, content = '15\n') => ({[`${folder}/PG_VERSION`]: {content}});
const local = (name: string, content = '15\n') => ({[`/var/lib/docker/volumes/${name}/_data/PG_VERSION`]: content});

test('a database above PGDATA, below it, and on another mount', async () => {
	const deeper = {environment: {db: {PGDATA: `${data}/pgdata`}}};
	expect(await look({...deeper, files: version(data)})).toMatchObject([
		{kind: 'mounted', where: data, majorVersion: '15'},
	]);
	expect(await look({files: version(`${data}/pgdata`)})).toMatchObject([{where: `${data}/pgdata`}]);
	const mounts = [volume('shop_pg'), volume('shop_wrong', '/var/lib/postgres/data')];
	expect(await look({files: version('/var/lib/postgres/data')}, mounts)).toMatchObject([
		{where: '/var/lib/postgres/data'},
	]);
	expect(await look({files: version(data)})).toEqual([]);
});

test('a volume of this project that nobody mounts, where its content can be read', async () => {
	const volumes = {shop_old: {project: 'shop', key: 'old'}};
	expect(await look({volumes, local: local('shop_old')})).toEqual([
		{kind: 'volume', where: 'shop_old', project: 'shop', majorVersion: '15', initialisedAt: null},
	]);
	expect(await look({volumes})).toEqual([]);
	const user = container('cache', {mounts: [volume('shop_old')], status: 'exited'});
	expect(await look({volumes, local: local('shop_old')}, undefined, [user])).toEqual([]);
});

test('a project that was renamed: the volume of the name that the folder gives', async () => {
	const volumes = {oldshop_pg: {project: 'oldshop', key: 'pg'}};
	expect(await look({volumes})).toMatchObject([{where: 'oldshop_pg', majorVersion: null}]);
	expect(await look({volumes, local: local('oldshop_pg')})).toMatchObject([{majorVersion: '15'}]);
	expect(await look({volumes: {oldshop_cache: {project: 'oldshop', key: 'cache'}}})).toEqual([]);
	// Somebody else's volume with the same key, and a project that still has containers.
	expect(await look({volumes: {blog_pg: {project: 'blog', key: 'pg'}}, local: local('blog_pg')})).toEqual([]);
	const alive = container('db', {project: 'oldshop', id: 'x', status: 'exited'});
	expect(await look({volumes}, undefined, [alive])).toEqual([]);
});
