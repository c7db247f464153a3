import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {quoteIdentifier, quoteLiteral, sqlError} from '../core/sql-text.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';

/** psql as every route calls it: no startup file, quiet, bare rows parted by tabs, first error ends it with code 3, no statement text in errors. */
export const psqlFlags = [
	'-XqAtw',
	'-F',
	'\t',
	'-v',
	'ON_ERROR_STOP=1',
	'-v',
	'VERBOSITY=terse',
	'-v',
	'SHOW_CONTEXT=never',
];

/**
 * Logging off from the first byte of a superuser's session: libpq hands these to the server with the connection. They also win over
 * a time limit that the role carries (ALTER ROLE … SET), which is not meant for this.
 */
export const quietOptions =
	'-c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic -c statement_timeout=0 -c lock_timeout=5s';

/**
 * Turns off everything else that would keep a statement's text, for this session: extensions that record statements, sampled
 * durations and parse trees in the log. A role without superuser rights can't, so it must not send a verifier where the
 * server logs statements (PostgreSQL manual, 20.8.3).
 */
const quietPrelude = `do $medic$ begin if current_setting('is_superuser') = 'on' then perform set_config(name, quiet.value, false) from pg_settings join (values ('log_statement', 'none'), ('log_min_duration_statement', '-1'), ('log_min_duration_sample', '-1'), ('log_transaction_sample_rate', '0'), ('log_min_error_statement', 'panic'), ('debug_print_parse', 'off'), ('debug_print_rewritten', 'off'), ('debug_print_plan', 'off'), ('pg_stat_statements.track', 'none'), ('pgaudit.log', 'none')) as quiet (key, value) on key = name; elsif current_setting('log_statement') in ('ddl', 'mod', 'all') or current_setting('log_min_duration_statement') <> '-1' then raise exception 'compose-medic: this server would log the statement'; end if; end $medic$;\n`;

const openSql = (sql: string | Secret): string => (typeof sql === 'string' ? sql : sql.open());

/** The script that goes to standard input, the quiet prelude first. psql ends at `\q`, whether or not its input is closed. */
export const script = (sql: string | Secret): Secret => new Secret(`${quietPrelude}${openSql(sql)}\n\\q\n`);

/** The same statements for single-user mode, with how many lines there are on a line before them. */
export function countedScript(sql: string | Secret): Secret {
	const text = openSql(sql).trimEnd();
	return new Secret(`${text.split('\n').length}\n${text}\n`);
}

/**
 * First line the password in base64 (it may hold blanks and line ends), then the script: read by the helper's shell, so that
 * nothing is in argv or in the container's environment.
 */
export const withPassword = (password: Secret, sql: string | Secret): Secret =>
	new Secret(`${Buffer.from(password.open(), 'utf8').toString('base64')}\n${script(sql).open()}`);

/** Takes the first line for the password and leaves the rest to psql; the added `.` keeps the shell from cutting line ends off. */
export const readPassword = `IFS= read -r line; PGPASSWORD=$(printf %s "$line" | base64 -d; printf .); PGPASSWORD=\${PGPASSWORD%.}; export PGPASSWORD; exec psql "$@"`;

export const statements = (sql: string | Secret): Secret[] =>
	`${quietPrelude}${openSql(sql)}`
		.split('\n')
		.filter(line => line.trim() !== '')
		.map(line => new Secret(line));

/** NULL comes back as the empty text; a missing role gives no row at all. */
export const readStored = (role: string): string =>
	`select 'stored:' || coalesce(rolpassword, '') from pg_authid where rolname = ${quoteLiteral(role)};`;

/** `ALTER ROLE` with a verifier, or with NULL. Only the verifier travels, never a password. */
export const passwordStatement = (role: string, verifier: Secret | null): Secret =>
	new Secret(
		`alter role ${quoteIdentifier(role)} password ${verifier === null ? 'null' : quoteLiteral(verifier.open())};`,
	);

/** The same, read back in the same session: who changed its own password could not come in again with the one it used. */
export const passwordAndBack = (role: string, verifier: Secret | null): Secret =>
	new Secret(`${passwordStatement(role, verifier).open()}\n${readStored(role)}`);

export const createRoleStatement = (role: string, verifier: Secret): Secret =>
	new Secret(`create role ${quoteIdentifier(role)} login password ${quoteLiteral(verifier.open())};`);

/** What `readStored` brought: null when the role has no password, `missing` when there is no such role. */
export function storedFrom(result: ExecResult): Secret | null | 'missing' {
	const line = result.stdout.split('\n').find(text => text.startsWith('stored:'));
	if (line === undefined) return 'missing';
	const text = line.slice('stored:'.length).trim();
	return text === '' ? null : new Secret(text);
}

/** @throws Trouble with the server's own words, statement text and verifiers left out */
export function checked(result: ExecResult, redact: (text: string) => string): ExecResult {
	if (result.code === 0) return result;
	const says = redact(sqlError(`${result.stderr}\n${result.stdout}`)) || `exit code ${result.code}`;
	const logged = says.includes('this server would log the statement');
	throw new Trouble(
		logged ? 'would-be-logged' : 'sql-failed',
		logged
			? say(
					'This server writes every statement to its log, and the role may not turn that off.',
					'该服务器会把每条语句写入日志，而这个角色无权关闭。',
				)
			: say('The server refused the change.', '服务器拒绝了这次更改。'),
		logged
			? {
					next: say(
						'Use a superuser’s password: `--set old-user=postgres`.',
						'请使用超级用户的密码：`--set old-user=postgres`。',
					),
				}
			: {why: say(`It says: ${says}`, `它的回答：${says}`)},
	);
}
