import {expect, test} from 'vitest';
import {readLoginFailure} from '../../source/world/libpq-words.ts';

const at = 'psql: error: connection to server at "db" (172.18.0.2), port 5432 failed: ';

test.each<[string, ReturnType<typeof readLoginFailure>]>([
	[
		`${at}FATAL:  password authentication failed for user "app"`,
		{outcome: 'refused', sqlstate: '28P01', message: 'password authentication failed for user "app"'},
	],
	[
		`${at}FATAL:  database "nodb" does not exist`,
		{outcome: 'refused', sqlstate: '3D000', message: 'database "nodb" does not exist'},
	],
	[
		`${at}FATAL:  role "ghost" does not exist`,
		{outcome: 'refused', sqlstate: '28000', message: 'role "ghost" does not exist'},
	],
	[
		`${at}FATAL:  role "x" is not permitted to log in`,
		{outcome: 'refused', sqlstate: '28000', message: 'role "x" is not permitted to log in'},
	],
	[
		`${at}FATAL:  too many connections for role "x"`,
		{outcome: 'refused', sqlstate: '53300', message: 'too many connections for role "x"'},
	],
	[
		`${at}FATAL:  no pg_hba.conf entry for host "172.18.0.3", user "app", database "x", no encryption`,
		{
			outcome: 'refused',
			sqlstate: '28000',
			message: 'no pg_hba.conf entry for host "172.18.0.3", user "app", database "x", no encryption',
		},
	],
	[
		`${at}FATAL:  the database system is not yet accepting connections\nDETAIL:  Consistent recovery state has not been yet reached.`,
		{outcome: 'not-ready', message: 'the database system is not yet accepting connections'},
	],
	[
		`${at}fe_sendauth: no password supplied`,
		{outcome: 'refused', sqlstate: null, message: 'fe_sendauth: no password supplied'},
	],
	[
		'psql: error: could not translate host name "db" to address: Name or service not known',
		{outcome: 'no-host', message: 'could not translate host name "db" to address: Name or service not known'},
	],
	[
		`${at}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
		{outcome: 'no-answer', message: 'Connection refused'},
	],
	[`${at}timeout expired`, {outcome: 'no-route', message: 'timeout expired'}],
	[
		`${at}No route to host\n\tIs the server running on that host and accepting TCP/IP connections?`,
		{outcome: 'no-route', message: 'No route to host'},
	],
	[
		`${at}server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally`,
		{outcome: 'closed', message: 'server closed the connection unexpectedly'},
	],
])('%s', (stderr, expected) => expect(readLoginFailure(`${stderr}\n`)).toEqual(expected));
