import {expect, test} from 'vitest';
import type {Container} from '../../source/core/world.ts';
import {fileSpace, readSpaces} from '../../source/probes/file-space.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const data = '/var/lib/postgresql/data';
const kib = 1024;

/** As coreutils and BusyBox print it: bytes first, then files. */
const df = (rows: [path: string, total: number, free: number, files: number, freeFiles: number][]): string =>
	[
		'Filesystem     1024-blocks     Used Available Capacity Mounted on',
		...rows.map(([path, total, free]) => `/dev/x 1y  ${total} ${total - free} ${free} 10% ${path}`),
		'',
		'Filesystem      Inodes IUsed IFree IUse% Mounted on',
		...rows.map(([path, , , files, freeFiles]) =>
			files === 0 ? `x 0 0 0 - ${path}` : `x ${files} ${files - freeFiles} ${freeFiles} 1% ${path}`,
		),
	].join('\n');

test('both tables are read, and a path that is not told about is null', () => {
	const output = df([
		['/', 100, 40, 0, 0],
		['/my data', 1000, 0, 50, 0],
	]);
	expect(readSpaces(output, ['/', '/dev/shm', '/my data'])).toEqual([
		{bytes: 100 * kib, free: 40 * kib, files: null, freeFiles: null},
		null,
		{bytes: 1000 * kib, free: 0, files: 50, freeFiles: 0},
	]);
	expect(readSpaces('', ['/'])).toEqual([null]);
});

const volume: Container['mounts'][number] = {
	type: 'volume',
	name: 'shop_pgdata',
	source: '/var/lib/docker/volumes/shop_pgdata/_data',
	destination: data,
	writable: true,
};
const db = (over: Partial<Container> = {}): Container =>
	container('db', {image: 'postgres:15', mounts: [volume], ...over});
const look = async (given: FakeWorld) =>
	(await fileSpace.observe(fakeWorld(given), 'db', never)).map(({path, place, data: own, free}) => [
		path,
		place,
		own,
		free,
	]);
const answers =
	(stdout: string): FakeWorld['exec'] =>
	async () => ({code: 0, stdout, stderr: ''});
const info: FakeWorld['info'] = async () => ({
	version: '27',
	apiVersion: '1.47',
	id: 'e',
	os: 'linux',
	architecture: 'amd64',
	endpoint: 'unix:///var/run/docker.sock',
	context: 'default',
});

test('a volume that shows the same disk as the container’s own layer lies on the engine’s disk', async () => {
	const same = df([
		['/', 1000, 10, 500, 400],
		['/dev/shm', 64, 60, 9, 8],
		[data, 1000, 10, 500, 400],
	]);
	expect(await look({containers: [db()], exec: answers(same)})).toEqual([
		['/', 'engine', false, 10 * kib],
		['/dev/shm', 'shared-memory', false, 60 * kib],
		[data, 'engine', true, 10 * kib],
	]);
	const own = df([
		['/', 1000, 500, 500, 400],
		[data, 100, 0, 50, 40],
	]);
	expect(await look({containers: [db()], exec: answers(own)})).toEqual([
		['/', 'engine', false, 500 * kib],
		[data, 'volume', true, 0],
	]);
});

test('a stopped container is measured from this machine, without starting anything', async () => {
	const bind = {...volume, type: 'bind', name: '', source: '/srv/db'};
	const stopped = db({status: 'exited', mounts: [bind]});
	const space = {bytes: 1000, free: 7, files: null, freeFiles: null};
	expect(await look({containers: [stopped], info, spaces: {'/srv/db': space}})).toEqual([[data, 'bind', true, 7]]);
});

test('what nobody can look at is unknown, never empty', async () => {
	await expect(look({containers: [db({status: 'exited'})], info})).rejects.toThrow(/nobody can look/);
});
