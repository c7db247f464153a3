import {expect, test} from 'vitest';
import type {HbaRule} from '../../source/core/catalog.ts';
import {firstMatch, type HbaQuestion} from '../../source/core/hba.ts';

let line = 0;
const rule = (over: Partial<HbaRule>): HbaRule => ({
	line: ++line,
	file: null,
	type: 'host',
	databases: ['all'],
	users: ['all'],
	address: 'all',
	netmask: null,
	method: 'scram-sha-256',
	error: null,
	...over,
});

/** What initdb and the official image leave. */
const usual = [
	rule({type: 'local', address: null, method: 'trust'}),
	rule({address: '127.0.0.1', netmask: '255.255.255.255', method: 'trust'}),
	rule({address: '::1', netmask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', method: 'trust'}),
	rule({databases: ['replication'], address: '127.0.0.1', netmask: '255.255.255.255', method: 'trust'}),
	rule({}),
];

const from = (address: string, over: Partial<HbaQuestion> = {}): HbaQuestion => ({
	user: 'app',
	database: 'appdb',
	address,
	...over,
});
const method = (rules: HbaRule[], question: HbaQuestion): string => {
	const match = firstMatch(rules, question);
	return match === 'no-entry' ? match : match.method;
};

test('loopback is trusted by the official image, everybody else needs a password', () => {
	expect(method(usual, from('127.0.0.1'))).toBe('trust');
	expect(method(usual, from('::1'))).toBe('trust');
	expect(method(usual, from('172.18.0.3'))).toBe('scram-sha-256');
	expect(method(usual.slice(0, -1), from('172.18.0.3'))).toBe('no-entry');
});

test.each<[string, Partial<HbaRule>, HbaQuestion, boolean]>([
	['network', {address: '172.18.0.0', netmask: '255.255.0.0'}, from('172.18.9.9'), true],
	['other network', {address: '172.18.0.0', netmask: '255.255.0.0'}, from('172.19.0.1'), false],
	['any IPv4', {address: '0.0.0.0', netmask: '0.0.0.0'}, from('8.8.8.8'), true],
	['any IPv4 is no IPv6', {address: '0.0.0.0', netmask: '0.0.0.0'}, from('fd00::1'), false],
	['IPv6 network', {address: 'fd00::', netmask: 'ffff:ffff::'}, from('fd00:0:1::7'), true],
	['other IPv6 network', {address: 'fd00::', netmask: 'ffff:ffff::'}, from('fd01::7'), false],
	['samenet', {address: 'samenet'}, from('172.18.0.9', {serverAddresses: [{address: '172.18.0.2', prefix: 16}]}), true],
	[
		'samenet from afar',
		{address: 'samenet'},
		from('10.0.0.1', {serverAddresses: [{address: '172.18.0.2', prefix: 16}]}),
		false,
	],
	[
		'samehost',
		{address: 'samehost'},
		from('172.18.0.2', {serverAddresses: [{address: '172.18.0.2', prefix: 16}]}),
		true,
	],
	[
		'samehost from a neighbour',
		{address: 'samehost'},
		from('172.18.0.3', {serverAddresses: [{address: '172.18.0.2', prefix: 16}]}),
		false,
	],
	['host name', {address: 'client.example'}, from('172.18.0.3'), false],
	['hostssl without SSL', {type: 'hostssl'}, from('172.18.0.3'), false],
	['hostssl with SSL', {type: 'hostssl'}, from('172.18.0.3', {ssl: true}), true],
	['hostnossl without SSL', {type: 'hostnossl'}, from('172.18.0.3'), true],
	['hostnossl with SSL', {type: 'hostnossl'}, from('172.18.0.3', {ssl: true}), false],
	['hostgssenc', {type: 'hostgssenc'}, from('172.18.0.3'), false],
	['local', {type: 'local', address: null}, from('172.18.0.3'), false],
	['database', {databases: ['x', 'appdb']}, from('172.18.0.3'), true],
	['other database', {databases: ['x']}, from('172.18.0.3'), false],
	['replication', {databases: ['replication']}, from('172.18.0.3'), false],
	['sameuser', {databases: ['sameuser']}, from('172.18.0.3', {database: 'app'}), true],
	['sameuser with another database', {databases: ['sameuser']}, from('172.18.0.3'), false],
	['samerole', {databases: ['samerole']}, from('172.18.0.3', {isMember: role => role === 'appdb'}), true],
	['pattern', {databases: ['/^app']}, from('172.18.0.3'), true],
	['other pattern', {databases: ['/^db']}, from('172.18.0.3'), false],
	['broken pattern', {databases: ['/(']}, from('172.18.0.3'), false],
	['user', {users: ['app']}, from('172.18.0.3'), true],
	['other user', {users: ['other']}, from('172.18.0.3'), false],
	['group', {users: ['+staff']}, from('172.18.0.3', {isMember: role => role === 'staff'}), true],
	['group of others', {users: ['+staff']}, from('172.18.0.3'), false],
	['a role is its own member', {users: ['+app']}, from('172.18.0.3'), true],
	['rule that is not in force', {error: 'invalid'}, from('172.18.0.3'), false],
])('%s', (_, over, question, fits) => expect(firstMatch([rule(over)], question) !== 'no-entry').toBe(fits));

test('the first match decides, also when it rejects', () => {
	const rules = [rule({users: ['app'], method: 'reject'}), rule({})];
	expect(method(rules, from('172.18.0.3'))).toBe('reject');
	expect(method(rules, from('172.18.0.3', {user: 'other'}))).toBe('scram-sha-256');
});
