import {expect, test} from 'vitest';
import {tame} from '../../source/core/hostile.ts';
import {plainEvents, readServerLog} from '../../source/core/pg-log.ts';

const at = '2026-01-02T03:04:05.000000000Z';
const read = (text: string) => readServerLog(text.split('\n').map(line => ({at, text: tame(line)})));

test('glues detail and hint on, by process, and leaves statements out', () => {
	const events = read(
		[
			'2026-01-02 03:04:05.000 UTC [41] FATAL:  password authentication failed for user "app"',
			'2026-01-02 03:04:05.000 UTC [42] ERROR:  relation "t" does not exist at character 15',
			'2026-01-02 03:04:05.000 UTC [41] DETAIL:  Role "app" does not exist.',
			'\tConnection matched pg_hba.conf line 100: "host all all all scram-sha-256"',
			'2026-01-02 03:04:05.000 UTC [42] STATEMENT:  select * from t',
			'\twhere password = 1',
			'2026-01-02 03:04:05.000 UTC [42] HINT:  Look elsewhere.',
		].join('\n'),
	);
	expect(events).toEqual([
		{
			at,
			severity: 'FATAL',
			text: 'password authentication failed for user "app"',
			detail: 'Role "app" does not exist. Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"',
			hint: null,
			pid: 41,
		},
		{
			at,
			severity: 'ERROR',
			text: 'relation "t" does not exist at character 15',
			detail: null,
			hint: 'Look elsewhere.',
			pid: 42,
		},
	]);
});

test.each([
	['LOG:  listening on port 5432', 'LOG', null],
	['2026-01-02 03:04:05 UTC [1]: [3-1] user=app,db=shop FATAL:  the database system is starting up', 'FATAL', 1],
	['app@shop WARNING:  there is already a transaction', 'WARNING', null],
	['2026-01-02 03:04:05.1 GMT [7] PANIC:  could not locate a valid checkpoint record', 'PANIC', 7],
	['[9] NOTICE:  table skipped', 'LOG', 9],
	['DEBUG1:  postgres: PostmasterMain', 'LOG', null],
])('any prefix will do: %s', (line, severity, pid) => {
	expect(read(line)).toMatchObject([{severity, pid}]);
});

test('a message of several lines is one event', () => {
	expect(read('x [1] LOG:  first\n\tsecond\n\tthird')).toMatchObject([{text: 'first second third'}]);
});

test("the image's own lines are events of their own", () => {
	const events = read(
		'Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD\n\nPostgreSQL init process complete; ready for start up.',
	);
	expect(events.map(({severity, pid}) => [severity, pid])).toEqual([
		['error', null],
		['info', null],
		['info', null],
	]);
	expect(events[0]?.text).toContain('superuser password is not specified');
});

test('a severity in the middle of a sentence is no message', () => {
	expect(read('the client printed FATAL: something')).toMatchObject([
		{severity: 'error', text: 'the client printed FATAL: something'},
	]);
});

test.each([
	['psycopg2.OperationalError: connection refused', 'error'],
	['Traceback (most recent call last):', 'error'],
	['{"level":"error","msg":"x"}', 'error'],
	['finished with 0 errors', 'info'],
	['GET / 200', 'info'],
])('other programs: %s is %s', (text, severity) => {
	expect(plainEvents([{at, text}])).toMatchObject([{severity}]);
});
