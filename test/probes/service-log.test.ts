import {expect, test} from 'vitest';
import {EngineTrouble} from '../../source/core/engine-trouble.ts';
import {engineInfo} from '../../source/probes/engine-info.ts';
import {serviceLog} from '../../source/probes/service-log.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from './fake-world.ts';

const askedSince = async (one: ReturnType<typeof container>, now: string): Promise<string | undefined> => {
	const world = fakeWorld({containers: [one], now});
	let since: string | undefined;
	world.docker.logs = async (_, options) => {
		since = options.since;
		return [];
	};
	await serviceLog.observe(world, one.service, never);
	return since;
};

const looping = {restartCount: 3, startedAt: '2026-01-01T00:10:00Z', finishedAt: '2026-01-01T00:09:58Z'};

test('reads from the last start', async () => {
	expect(await askedSince(container('api'), '2026-01-01T01:00:00Z')).toBe('2026-01-01T00:00:00.000Z');
});

test('a service caught between two crashes keeps its last words', async () => {
	expect(await askedSince(container('api', looping), '2026-01-01T00:10:01Z')).toBe('2026-01-01T00:09:43.000Z');
	expect(await askedSince(container('api', looping), '2026-01-01T00:11:00Z')).toBe('2026-01-01T00:09:59.000Z');
});

test('a database’s last words are never mixed with its present run', async () => {
	const db = container('db', {...looping, image: 'postgres:15'});
	const world = fakeWorld({containers: [db], now: '2026-01-01T00:10:01Z'});
	world.docker.logs = async () => [
		{at: '2026-01-01T00:09:57.9Z', stream: 'stderr', text: 'x [1] PANIC:  before'},
		{at: '2026-01-01T00:10:00.5Z', stream: 'stderr', text: 'x [1] LOG:  now'},
	];
	const {events, lastWords} = await serviceLog.observe(world, 'db', never);
	expect(events.map(({text}) => text)).toEqual(['now']);
	expect(lastWords?.map(({text}) => text)).toEqual(['before']);
});

test('what a run said before the engine had noted its start is its own', async () => {
	const said = async (one: ReturnType<typeof container>, at: string): Promise<string[]> => {
		const world = fakeWorld({containers: [one], now: '2026-01-01T00:10:01Z'});
		world.docker.logs = async () => [{at, stream: 'stderr', text: 'x [1] FATAL:  no'}];
		return (await serviceLog.observe(world, 'db', never)).events.map(({text}) => text);
	};
	const running = container('db', {...looping, image: 'postgres:15', finishedAt: '2026-01-01T00:09:59.800Z'});
	expect(await said(running, '2026-01-01T00:09:59.950Z')).toEqual(['no']);
	expect(await said(running, '2026-01-01T00:09:59.850Z')).toEqual([]);
	const ended = container('db', {...running, status: 'restarting', finishedAt: '2026-01-01T00:10:00.200Z'});
	expect(await said(ended, '2026-01-01T00:09:59.900Z')).toEqual(['no']);
	expect(await said(ended, '2026-01-01T00:09:59.800Z')).toEqual([]);
});

test('a database’s messages are put together, other programs’ lines are not', async () => {
	const logs = ['x [5] FATAL:  no', 'x [5] DETAIL:  because'];
	const db = container('db', {image: 'postgres:15'});
	expect((await serviceLog.observe(fakeWorld({containers: [db], logs}), 'db', never)).events).toMatchObject([
		{severity: 'FATAL', detail: 'because'},
	]);
	expect(
		(await serviceLog.observe(fakeWorld({containers: [container('api')], logs}), 'api', never)).events,
	).toHaveLength(2);
});

test('what never started has no log', async () => {
	const created = container('api', {status: 'created', startedAt: null});
	expect(await serviceLog.observe(fakeWorld({containers: [created], logs: ['x']}), 'api', never)).toEqual({
		events: [],
		since: null,
	});
	expect(await serviceLog.observe(fakeWorld({}), 'gone', never)).toEqual({events: [], since: null});
});

test('an engine that can’t be asked is an answer, anything else is none', async () => {
	const details = {endpoint: 'unix:///x', user: 'ann', says: 'connect ENOENT /x'};
	const fail = (error: Error) => engineInfo.observe(fakeWorld({info: () => Promise.reject(error)}), '', never);
	expect(await fail(new EngineTrouble('unreachable', details))).toEqual({
		status: 'unreachable',
		endpoint: 'unix:///x',
		says: 'connect ENOENT /x',
	});
	expect(await fail(new EngineTrouble('denied', details))).toEqual({
		status: 'denied',
		endpoint: 'unix:///x',
		user: 'ann',
	});
	await expect(fail(new Error('a bug'))).rejects.toThrow('a bug');
});
