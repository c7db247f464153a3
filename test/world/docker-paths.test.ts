import {Readable} from 'node:stream';
import type Docker from 'dockerode';
import {pack} from 'tar-stream';
import {expect, test} from 'vitest';
import {listArchived, processesOf, statArchived} from '../../source/world/docker-paths.ts';

const refused = (statusCode: number): Error => Object.assign(new Error('refused'), {statusCode});
const docker = (container: object): Docker => ({getContainer: () => container}) as unknown as Docker;

const stat = (raw: object | null) =>
	statArchived(
		docker({
			async infoArchive() {
				if (raw === null) throw refused(404);
				const header = Buffer.from(JSON.stringify(raw)).toString('base64');
				return Object.assign(Readable.from([]), {headers: {'x-docker-container-path-stat': header}});
			},
		}),
		'c',
		'/p',
	);

test('a path is told without its content', async () => {
	const mtime = '2026-01-02T03:04:05Z';
	expect(await stat({size: 8192, mode: 0o600, mtime, linkTarget: ''})).toEqual({
		kind: 'file',
		size: 8192,
		mode: 0o600,
		modifiedAt: '2026-01-02T03:04:05.000Z',
		linkTarget: null,
	});
	// Go's mode bits, as engine 20.10 sends them.
	expect(await stat({size: 4096, mode: 2147484096, mtime})).toMatchObject({kind: 'directory', mode: 0o700});
	expect(await stat({size: 3, mode: 134218239, mtime, linkTarget: '/wal'})).toMatchObject({
		kind: 'link',
		linkTarget: '/wal',
	});
	expect(await stat(null)).toBeNull();
});

const list = (fill: (archive: ReturnType<typeof pack>) => void) =>
	listArchived(
		docker({
			async getArchive() {
				const archive = pack();
				fill(archive);
				archive.finalize();
				// The engine's answer is a stream of Node's own kind.
				return Readable.from(archive as unknown as AsyncIterable<Buffer>);
			},
		}),
		'c',
		'/data/',
	);

test('a folder is listed three levels deep, contents pass by', async () => {
	const listing = await list(archive => {
		archive.entry({name: './', type: 'directory'});
		archive.entry({name: './.gitkeep'}, '');
		archive.entry({name: './a/', type: 'directory'});
		archive.entry({name: './a/b/c/d'}, 'too deep');
		archive.entry({name: './a/PG_VERSION'}, '15\n');
	});
	expect(listing?.entries.map(({name, kind}) => [name, kind])).toEqual([
		['.gitkeep', 'file'],
		['a', 'directory'],
		['a/PG_VERSION', 'file'],
	]);
	expect(listing?.truncated).toBe(false);
});

test('a big folder is left early', async () => {
	const many = await list(archive => {
		for (let n = 0; n < 500; n++) archive.entry({name: `./${n}`}, '');
	});
	expect(many?.entries).toHaveLength(200);
	expect(many?.truncated).toBe(true);
	const heavy = await list(archive => {
		archive.entry({name: './heavy'}, Buffer.alloc(9 * 1024 * 1024));
		archive.entry({name: './later'}, '');
	});
	expect(heavy).toMatchObject({entries: [{name: 'heavy'}], truncated: true});
});

test('what is no folder, or not there, is none', async () => {
	for (const code of [400, 404]) {
		const getArchive = () => Promise.reject(refused(code));
		expect(await listArchived(docker({getArchive}), 'c', '/x')).toBeNull();
	}
	await expect(listArchived(docker({getArchive: () => Promise.reject(refused(500))}), 'c', '/x')).rejects.toThrow();
});

test('command lines of a container, and none of one that does not run', async () => {
	const top = async () => ({
		Titles: ['UID', 'PID', 'CMD'],
		Processes: [
			['70', '1', 'postgres -c a=b'],
			['70', '9', 'postgres: checkpointer '],
		],
	});
	expect(await processesOf(docker({top}), 'c')).toEqual(['postgres -c a=b', 'postgres: checkpointer ']);
	expect(await processesOf(docker({top: () => Promise.reject(refused(409))}), 'c')).toBeNull();
});
