import {expect, test} from 'vitest';
import {holdersFromTitles, type LockSession, rootBlockers} from '../../source/core/server-health.ts';

const session = (pid: number): LockSession => ({
	pid,
	role: 'app',
	database: 'd',
	application: null,
	address: null,
	state: 'active',
	transaction: 1,
});

test('a queue has one root, however long it is', () => {
	const waits = [
		{pid: 2, blocker: 1, waited: 9},
		{pid: 3, blocker: 2, waited: 5},
		{pid: 3, blocker: 1, waited: 5},
		{pid: 4, blocker: 3, waited: 2},
	];
	const [root, ...others] = rootBlockers({sessions: [1, 2, 3, 4].map(session), waits});
	expect(others).toEqual([]);
	expect(root?.session.pid).toBe(1);
	expect(root?.waiting.map(({pid}) => pid)).toEqual([2, 3, 4]);
	expect(root?.longest).toBe(9);
});

test('two that block different sessions are two roots, and a ring has none', () => {
	const two = [
		{pid: 3, blocker: 1, waited: 1},
		{pid: 4, blocker: 2, waited: 7},
	];
	expect(rootBlockers({sessions: [1, 2, 3, 4].map(session), waits: two}).map(({longest}) => longest)).toEqual([1, 7]);
	const ring = [
		{pid: 1, blocker: 2, waited: 1},
		{pid: 2, blocker: 1, waited: 1},
	];
	expect(rootBlockers({sessions: [1, 2].map(session), waits: ring})).toEqual([]);
});

test('a blocker that ended meanwhile is left out', () => {
	expect(rootBlockers({sessions: [session(2)], waits: [{pid: 2, blocker: 1, waited: 9}]})).toEqual([]);
});

test('process titles are counted by who holds the session', () => {
	const titles = [
		'postgres -c max_connections=10',
		'postgres: checkpointer ',
		'postgres: walwriter',
		'postgres: logical replication launcher',
		'postgres: app d 172.18.0.3(41984) idle in transaction',
		'postgres: app d 172.18.0.3(41985) idle in transaction',
		'postgres: main: shop shopdb [local] SELECT',
		'postgres: app d fe80::1(5) idle',
	];
	expect(holdersFromTitles(titles)).toEqual([
		{
			...{role: 'app', database: 'd', application: null, address: '172.18.0.3'},
			...{state: 'idle in transaction', count: 2, longest: null},
		},
		{role: 'shop', database: 'shopdb', application: null, address: null, state: 'active', count: 1, longest: null},
		{role: 'app', database: 'd', application: null, address: 'fe80::1', state: 'idle', count: 1, longest: null},
	]);
});
