import type {Secret} from '../core/secret.ts';
import type {ExecResult, ReadWorld} from '../core/world.ts';
import type {DockerWriter, SqlOptions} from '../core/write-world.ts';
import type {Server} from './server-place.ts';
import {psqlFlags, quietOptions, script} from './sql-session.ts';
import {superuserNames} from './superuser-names.ts';

/** What the routes need; `write.ts` hands it over. */
export type SqlParts = {
	world: ReadWorld;
	docker: DockerWriter;
	/** Opens a reference as `WriteWorld.secret` does. */
	secret: (reference: string) => Promise<Secret>;
	signal: AbortSignal;
};

export type SqlCall = SqlParts & {server: Server; sql: string | Secret; options: SqlOptions; signal: AbortSignal};

/**
 * psql over the server's own socket, whose folder and port stand in lines 5 and 4 of `postmaster.pid`
 * (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*): an image may keep them elsewhere than psql's default. The container's own
 * PG* variables are meant for others: a PGPASSWORD among them would make the socket seem to trust us.
 */
const socketScript = `
unset PGPASSWORD PGHOST PGHOSTADDR PGSERVICE PGPASSFILE PGDATABASE PGUSER
pid="$1/postmaster.pid"; shift
dir=$(sed -n 5p "$pid" 2>/dev/null || :); port=$(sed -n 4p "$pid" 2>/dev/null || :)
[ -z "$dir" ] || set -- -h "$dir" "$@"
[ -z "$port" ] || set -- -p "$port" "$@"
exec psql "$@"
`;

const socketCommand = ({server, options}: SqlCall, role: string): string[] => {
	const database = options.database ?? 'template1';
	return ['sh', '-c', socketScript, 'sh', server.data, ...psqlFlags, '-U', role, '-d', database];
};

const socketOptions = ({server, signal}: SqlCall, sql: string | Secret) => ({
	user: server.owner,
	stdin: script(sql),
	environment: {PGOPTIONS: quietOptions, LC_ALL: 'C'},
	signal,
});

/** Runs a script over the local socket. The result is not checked: the caller may try again. */
export const overSocket = (call: SqlCall, role: string, sql: string | Secret): Promise<ExecResult> =>
	call.docker.exec(call.server.container.id, socketCommand(call, role), socketOptions(call, sql));

/** The same for rows of any number, which go to `sink` as they come. */
export const rowsOverSocket = (
	call: SqlCall,
	role: string,
	sql: string,
	sink: (chunk: Buffer) => Promise<void>,
): Promise<ExecResult> =>
	call.docker.execInto(call.server.container.id, socketCommand(call, role), socketOptions(call, sql), sink);

/** The best route: the socket trusts local roles in the official image (`local all all trust`). */
export async function socket(call: SqlCall): Promise<ExecResult> {
	let last: ExecResult | null = null;
	for (const role of await superuserNames(call.world.docker, call.server, call.options.superuser)) {
		last = await overSocket(call, role, call.sql);
		if (!/role ".*" does not exist/.test(last.stderr) || last.code !== 2) break;
	}
	return last ?? {code: 1, stdout: '', stderr: 'FATAL: no role to log in as'};
}
