import {say, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, DockerReader, ExecResult} from '../core/world.ts';

/**
 * Read-only and never long in anybody's way. Only PostgreSQL's own functions are found: a superuser's session in a database of
 * others would run what somebody put under a better fitting name into `public` (PostgreSQL manual, 5.10.6).
 */
const common =
	'-c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=50 -c search_path=pg_catalog';
/**
 * Messages that this program can read, whatever language the server speaks. Only a superuser may. What is read stays visible in
 * the log of a server that logs its statements: whoever audits it sees everything that was asked.
 */
const inEnglish = '-c lc_messages=C';

/**
 * psql over the server's own socket. Folder and port of the socket stand in lines 5 and 4 of `postmaster.pid` (PostgreSQL's
 * miscadmin.h, LOCK_FILE_LINE_*), because an image may keep them elsewhere than psql expects. The container's own PG* variables
 * are for others: with PGPASSWORD in place the socket would seem to trust us.
 */
const overSocket =
	'unset PGPASSWORD PGHOST PGHOSTADDR PGSERVICE PGPASSFILE; pid="${PGDATA:-/var/lib/postgresql/data}/postmaster.pid"; ' +
	'dir=$(sed -n 5p "$pid" 2>/dev/null); port=$(sed -n 4p "$pid" 2>/dev/null); ' +
	'exec psql -XqAtw -v ON_ERROR_STOP=1 ${dir:+-h "$dir"} ${port:+-p "$port"} "$@"';

const denied = /no password supplied|authentication failed|no pg_hba\.conf entry|pg_hba\.conf rejects/;
const noServer = /No such file or directory|Connection refused|the database system is|server closed the connection/;
const noSuchLogin = /role ".*" does not exist|is not permitted to log in/s;
const notAllowed = /permission denied to set parameter/;

export type SocketFailure = 'denied' | 'no-server' | 'no-such-login' | 'not-allowed' | 'sql' | 'other';

/** Why psql over the socket did not give an answer. */
export function readSocketFailure({code, stderr}: ExecResult): SocketFailure {
	if (code === 3 || (code === 1 && /^ERROR:/m.test(stderr))) return 'sql';
	if (notAllowed.test(stderr)) return 'not-allowed';
	if (noSuchLogin.test(stderr)) return 'no-such-login';
	if (denied.test(stderr)) return 'denied';
	return noServer.test(stderr) ? 'no-server' : 'other';
}

/** @throws Trouble for every failure that is no answer about the login itself */
export function complain(service: string, result: ExecResult): never {
	const words = verbatim(result.stderr.trim().split('\n').at(-1) ?? '');
	switch (readSocketFailure(result)) {
		case 'denied':
		case 'no-such-login':
			throw new Trouble(
				'socket-denied',
				say(`The local socket of \`${service}\` asks for a password.`, `\`${service}\` 的本地套接字要求密码。`),
				{why: words},
			);
		case 'no-server':
			throw new Trouble(
				'not-running',
				say(
					`No server answers on the local socket of \`${service}\`.`,
					`\`${service}\` 的本地套接字上没有服务器响应。`,
				),
				{why: words},
			);
		default:
			// psql always complains; without a word it was ended together with its container.
			if (result.stderr.trim() === '')
				throw new Trouble(
					'not-running',
					say(`\`${service}\` stopped while it was asked.`, `\`${service}\` 在查询期间停止了。`),
				);
			throw new Trouble(
				'query-failed',
				say(`\`${service}\` could not answer a question.`, `\`${service}\` 无法回答查询。`),
				{why: words},
			);
	}
}

/** Runs one script with psql over the socket inside the server's container, read-only. The result is not checked. */
export async function psqlInside(
	docker: Pick<DockerReader, 'exec'>,
	container: Container,
	{
		role,
		database,
		sql,
		english,
		signal,
	}: {role: string; database: string; sql: string; english: boolean; signal?: AbortSignal},
): Promise<ExecResult> {
	const run = (user: string | undefined): Promise<ExecResult> =>
		docker.exec(container.id, ['sh', '-c', overSocket, 'sh', '-U', role, '-d', database], {
			user,
			// psql ends at \q, whether or not its input is closed.
			stdin: `${sql}\n\\q\n`,
			environment: {
				PGOPTIONS: english ? `${common} ${inEnglish}` : common,
				PGCONNECT_TIMEOUT: '5',
				PGAPPNAME: 'compose-medic',
				LC_ALL: 'C',
			},
			signal,
		});
	const noUser = /unable to find user|no matching entries in passwd/;
	try {
		const result = await run(container.user || 'postgres');
		return noUser.test(result.stderr + result.stdout) ? await run(undefined) : result;
	} catch (error) {
		if (error instanceof Error && noUser.test(error.message)) return run(undefined);
		throw error;
	}
}

/** Wraps a query so that its rows come back as one JSON text. */
export const asJson = (sql: string): string =>
	`select coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(t)), '[]'::pg_catalog.json) from (${sql.trim().replace(/;\s*$/, '')}) t;`;
