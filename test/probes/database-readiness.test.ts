import {expect, test} from 'vitest';
import {databaseReadiness} from '../../source/probes/database-readiness.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const db = container('db', {image: 'postgres:15'});
const look = (given: FakeWorld, over = {}) =>
	databaseReadiness.observe(fakeWorld({containers: [{...db, ...over}], ...given}), 'db', never);

const pidFile = (address: string, status: string, port = 5432) => ({
	'/var/lib/postgresql/data/postmaster.pid': {content: `1\n/data\n17\n${port}\n/run\n${address}\n 1 0\n${status}\n`},
});
const initdb = [
	'The files belonging to this database system will be owned by user "postgres".',
	'running bootstrap script ... ok',
];
const temporary = [
	...initdb,
	'waiting for server to start....',
	'database system is ready to accept connections',
	'server started',
];
const complete = [...temporary, 'PostgreSQL init process complete; ready for start up.'];

test('accepting, and not running', async () => {
	expect(await look({ready: 'accepting'})).toEqual({state: 'accepting'});
	expect(await look({ready: 'accepting'}, {status: 'exited'})).toEqual({state: 'down'});
	expect(await look({ready: 'accepting'}, {status: 'restarting'})).toEqual({state: 'down'});
	expect(await look({containers: []})).toEqual({state: 'down'});
});

test.each([
	['initdb', initdb, {}],
	['init-scripts', temporary, pidFile('', 'ready')],
	['starting', complete, pidFile('', 'starting')],
	['socket-only', complete, pidFile('', 'ready')],
	['socket-only', ['Skipping initialization'], pidFile('localhost', 'ready')],
	['unknown', ['Skipping initialization'], {}],
])('nobody listens: %s', async (phase, logs, files) => {
	expect(await look({logs, files})).toMatchObject({state: 'no-answer', phase});
});

test('a server that only its init scripts may reach stays so when their output has pushed the marks away', async () => {
	const import_ = Array.from({length: 2000}, () => 'INSERT 0 1');
	const file = (pid: number) => ({
		'/var/lib/postgresql/data/postmaster.pid': {content: `${pid}\n/data\n17\n5432\n/run\n\n 1 0\nready\n`},
	});
	expect(await look({logs: import_, files: file(62)})).toMatchObject({phase: 'init-scripts'});
	expect(await look({logs: import_, files: file(1)})).toMatchObject({phase: 'socket-only'});
	expect(await look({logs: ['INSERT 0 1'], files: file(62)})).toMatchObject({phase: 'socket-only'});
});

test('a server that falls while it is asked is down; any other failure is unknown', async () => {
	const ask = (after: Partial<typeof db>) => {
		const world = fakeWorld({containers: [db]});
		world.database = () => ({
			...fakeWorld({}).database(''),
			ready: () => {
				world.docker.containers = async () => [{...db, ...after}];
				return Promise.reject(new Error('No such exec instance'));
			},
		});
		return databaseReadiness.observe(world, 'db', never);
	};
	expect(await ask({status: 'restarting'})).toEqual({state: 'down'});
	expect(await ask({startedAt: '2026-01-01T00:00:09Z'})).toEqual({state: 'down'});
	await expect(ask({})).rejects.toThrow('No such exec instance');
});

test('where it listens instead is told', async () => {
	expect(await look({files: pidFile('127.0.0.1', 'ready', 5433)})).toEqual({
		state: 'no-answer',
		phase: 'socket-only',
		listens: '127.0.0.1',
		port: 5433,
	});
});

test('a container that has just started is given time', async () => {
	expect(await look({now: '2026-01-01T00:00:03Z'})).toMatchObject({phase: 'starting'});
});

test.each([
	['recovery', ['database system was not properly shut down; automatic recovery in progress', 'redo starts at 0/1']],
	['starting', ['starting PostgreSQL 15.8']],
	['starting', ['redo starts at 0/1', 'database system is ready to accept connections']],
	['stopping', ['database system is ready to accept connections', 'received fast shutdown request']],
])('it refuses for now: %s', async (phase, logs) => {
	expect(await look({ready: 'rejecting', logs})).toEqual({state: 'rejecting', phase});
});

test('an external database has no container to look into', async () => {
	expect(await look({external: true, ready: 'accepting'})).toEqual({state: 'accepting'});
	expect(await look({external: true})).toEqual({state: 'no-answer', phase: 'unknown', listens: null, port: null});
});
