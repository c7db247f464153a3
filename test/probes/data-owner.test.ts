import {expect, test} from 'vitest';
import type {PathOwner} from '../../source/core/world.ts';
import {dataOwner} from '../../source/probes/data-owner.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const data = '/var/lib/postgresql/data';
const at = (uid: number, mode = 0o700, kind: PathOwner['kind'] = 'folder'): PathOwner => ({
	kind,
	uid,
	gid: uid,
	mode,
	size: 0,
	modifiedAt: '2026-01-01T00:00:00.000Z',
});
const passwd = 'root:x:0:0::/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n';
const official = {image: 'postgres:15-alpine', entrypoint: ['docker-entrypoint.sh'], command: ['postgres']};
const look = (over: Parameters<typeof container>[1], given: FakeWorld = {}) =>
	dataOwner.observe(
		fakeWorld({
			containers: [container('db', {...official, ...over})],
			files: {'/etc/passwd': {content: passwd}},
			stats: {[data]: at(70), [`${data}/PG_VERSION`]: at(70, 0o600, 'file')},
			...given,
		}),
		'db',
		never,
	);

test('who the server runs as comes from the image or from `user:`, never from a constant', async () => {
	expect((await look({})).runsAs).toEqual({uid: 70, name: 'postgres'});
	expect((await look({user: '1000:1000'})).runsAs).toEqual({uid: 1000, name: '1000'});
	expect((await look({user: 'postgres'})).runsAs).toEqual({uid: 70, name: 'postgres'});
	expect((await look({user: 'nobody-there'})).runsAs).toEqual({uid: null, name: 'nobody-there'});
});

test('the files are handed over by the image’s own entrypoint as root only', async () => {
	expect((await look({})).handsOver).toBe(true);
	expect((await look({entrypoint: ['/usr/local/bin/docker-entrypoint.sh']})).handsOver).toBe(true);
	expect((await look({user: '1000'})).handsOver).toBe(false);
	expect((await look({entrypoint: ['postgres']})).handsOver).toBe(false);
});

test('what is not there is told, not left out', async () => {
	const found = await look({}, {stats: {}});
	expect(found).toMatchObject({directory: null, files: [], lock: null});
	expect(found.sockets).toEqual([{path: '/var/run/postgresql', at: null, onTmpfs: false}]);
});

test.each([
	['', {holds: 'nothing', pid: null}],
	['junk\n', {holds: 'garbage', pid: null}],
	['7\n/var/lib/postgresql/data\n', {holds: 'pid', pid: 7}],
	['-12\n', {holds: 'pid', pid: 12}],
])('the lock file %j', async (content, lock) => {
	const files = {'/etc/passwd': {content: passwd}, [`${data}/postmaster.pid`]: {content}};
	expect((await look({}, {files})).lock).toEqual(lock);
});

test('socket folders as the command line names them, and memory that nobody sees from outside', async () => {
	const confinement = {readOnlyRoot: false, capDrop: [], seccomp: 'none' as const, tmpfs: ['/run/pg'], stopGrace: 10};
	const named = {command: ['postgres', '-c', "unix_socket_directories='/run/pg, @abstract'"], confinement};
	expect((await look(named)).sockets).toEqual([{path: '/run/pg', at: null, onTmpfs: true}]);
	expect((await look({command: ['postgres', '-k', '/run/other']})).sockets.map(({path}) => path)).toEqual([
		'/run/other',
	]);
});
