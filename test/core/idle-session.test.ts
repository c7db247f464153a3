import {expect, test} from 'vitest';
import {asleep} from '../../source/core/idle-session.ts';

const look = (uptime: string, ...lines: string[]): string => [uptime, ...lines, ''].join('\n');
const idle = '30\t9000\t4\tpostgres: shop shopdb 172.20.0.4(50020) idle';

test('a session that slept between two looks is named with its age', () => {
	expect(asleep(look('100.10', idle), look('105.20', idle))).toEqual([
		{
			...{pid: 30, born: '9000', role: 'shop', database: 'shopdb', application: null, address: '172.20.0.4'},
			...{state: 'idle', since: null, idle: 15, kept: false},
		},
	]);
});

test('with a cluster’s name in front, and inside a transaction', () => {
	const line = '31\t1\t9\tpostgres: main: shop shopdb fe80::1(5) idle in transaction';
	expect(asleep(look('9', line), look('14', line))).toMatchObject([{pid: 31, state: 'idle in transaction'}]);
});

test.each([
	['woke in between', idle.replace('\t4\t', '\t5\t')],
	['is another process by now', idle.replace('9000', '9100')],
	['works now', idle.replace('idle', 'SELECT')],
])('one that %s is not', (_what, after) => {
	expect(asleep(look('100', idle), look('105', after))).toEqual([]);
});

test.each([
	'postgres: walsender copy 172.20.0.9(5) idle',
	'postgres: shop shopdb [local] idle',
	'postgres: autovacuum worker shopdb',
	'postgres: checkpointer',
	'postgres -c max_connections=10',
])('%s is nobody’s to end', title => {
	const line = `7\t1\t1\t${title}`;
	expect(asleep(look('9', line), look('14', line))).toEqual([]);
});
