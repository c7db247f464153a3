import {expect, test} from 'vitest';
import {isDsn, parseDsn} from '../../source/core/dsn.ts';

type Expected = Record<string, unknown>;

test.each<[string, Expected]>([
	[
		'postgres://app:secret@db:5433/appdb',
		{user: 'app', password: 'secret', host: 'db', port: 5433, database: 'appdb', problem: null},
	],
	['postgresql://app:secret@db/appdb?sslmode=disable', {host: 'db', port: 5432, database: 'appdb', problem: null}],
	['postgresql+psycopg2://app:s@db/x', {user: 'app', password: 's', host: 'db'}],
	['postgresql+asyncpg://app:s@db/x', {user: 'app', problem: null}],
	[
		'jdbc:postgresql://db:5432/x?user=app&password=s%40',
		{user: 'app', password: 's@', host: 'db', database: 'x', problem: null},
	],
	['postgres://app:p%40ss%2Fw%23@db/x', {password: 'p@ss/w#', problem: null}],
	['postgres://app:a+b@db/x', {password: 'a+b', problem: null}],
	['postgres://app:a:b@db/x', {password: 'a:b', problem: null}],
	['postgres://app@db', {user: 'app', password: null, database: 'app', problem: null}],
	['postgres://app:@db/x', {password: null, problem: null}],
	['postgres://db/x', {user: '', password: null, host: 'db', database: 'x', problem: null}],
	['postgres://app:s@[::1]:5432/x', {host: '::1', port: 5432, problem: null}],
	['postgres://app:s@/x?host=/var/run/postgresql', {host: '/var/run/postgresql', database: 'x', problem: null}],
	['postgres://app:s@a:5432,b:5432/x', {host: 'a', database: 'x', problem: null}],
	['postgres://app:s@db/x?application_name=a@b', {host: 'db', database: 'x', problem: null}],
	['postgres://db/x?options=a@b', {host: 'db', password: null, problem: null}],
	['postgres://app:s@db/x\r', {database: 'x'}],
	['postgres://app:ri@ght@db:5432/x', {password: 'ri@ght', host: 'db', port: 5432, problem: '`@` → `%40`'}],
	['postgres://app:ri/ght@db/x', {password: 'ri/ght', host: 'db', database: 'x', problem: '`/` → `%2F`'}],
	['postgres://app:12/34@db/x', {user: 'app', password: '12/34', host: 'db', problem: '`/` → `%2F`'}],
	['postgres://app:ri#ght@db/x', {password: 'ri#ght', host: 'db', problem: '`#` → `%23`'}],
	['postgres://app:ri?ght@db/x', {password: 'ri?ght', host: 'db', problem: '`?` → `%3F`'}],
	['postgres://app:100%sure@db/x', {password: '100%sure', host: 'db', problem: '`%` → `%25`'}],
	['postgres://app:a[b c@db/x', {password: 'a[b c', problem: '`[` → `%5B`, ` ` → `%20`'}],
	[
		'postgres://app:p@s/s#w?o%@db:6543/x',
		{password: 'p@s/s#w?o%', host: 'db', port: 6543, problem: expect.stringContaining('`@` → `%40`')},
	],
	['postgres://app:s@db:port/x', {problem: '`host:port`'}],
])('%s', (url, expected) => expect(parseDsn(url)).toMatchObject(expected));

test.each(['redis://:secret@redis:6379/0', 'mysql://a:b@c/d', 'http://db', 'postgres', '', 'jdbc:mysql://db/x'])(
	'%j is no URL of ours',
	text => {
		expect(isDsn(text)).toBe(false);
		expect(parseDsn(text)).toBeNull();
	},
);
