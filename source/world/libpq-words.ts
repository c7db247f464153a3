import type {LoginResult} from '../core/world.ts';

/** libpq gives no SQLSTATE for a connection that fails (fe-connect.c keeps the text only), so the text is matched. */
const states: readonly [RegExp, string][] = [
	[/password authentication failed|authentication failed for user/, '28P01'],
	[/database ".*" does not exist/s, '3D000'],
	[/pg_hba\.conf/, '28000'],
	[/role ".*" does not exist|is not permitted to log in/s, '28000'],
	[/too many (?:connections|clients)|remaining connection slots|connection slots are reserved/, '53300'],
	[/permission denied for database/, '42501'],
	[/is not currently accepting connections/, '55000'],
];

const notYet = /the database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections)/;

/** The server's or the network's own words, without psql's preamble. */
function sentence(stderr: string): string {
	const lines = stderr.split('\n').filter(line => line.trim() !== '');
	const line = lines.find(text => /FATAL:/.test(text)) ?? lines.find(text => !/^\s/.test(text)) ?? '';
	return line
		.replace(/^psql: (?:error: )?/, '')
		.replace(/^connection to server .*? failed: /, '')
		.replace(/^FATAL:\s+/, '')
		.trim();
}

/** Puts psql's complaint about a failed connection into a `LoginResult`. Servers that speak another language than English give no SQLSTATE. */
export function readLoginFailure(stderr: string): LoginResult {
	const message = sentence(stderr);
	if (notYet.test(stderr)) return {outcome: 'not-ready', message};
	if (/FATAL:/.test(stderr)) {
		const state = states.find(([pattern]) => pattern.test(message));
		return {outcome: 'refused', sqlstate: state?.[1] ?? null, message};
	}
	if (/could not translate host name/.test(stderr)) return {outcome: 'no-host', message};
	if (/Connection refused/.test(stderr)) return {outcome: 'no-answer', message};
	if (/timeout expired|timed out|No route to host|Network is unreachable/.test(stderr))
		return {outcome: 'no-route', message};
	if (/closed the connection unexpectedly|Connection reset/.test(stderr)) return {outcome: 'closed', message};
	if (/No such file or directory/.test(stderr) && /socket/.test(stderr)) return {outcome: 'no-answer', message};
	return {outcome: 'refused', sqlstate: null, message};
}
