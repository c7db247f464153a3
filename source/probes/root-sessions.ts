import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {withoutValues} from '../core/sql-text.ts';

/** A session that others wait for and that waits for nobody. Moments are ISO 8601 in UTC with microseconds. */
export type RootSession = {
	pid: number;
	born: string;
	/** `backend_type`: `client backend`, `autovacuum worker`, `walsender`, … */
	kind: string;
	role: string | null;
	database: string | null;
	application: string | null;
	address: string | null;
	state: string | null;
	/** When its transaction began; null where it has none. */
	transaction: string | null;
	/** Its last statement without the values in it. */
	query: string;
};

/** `prepared`: transactions that are kept for a second phase while somebody waits for one of them; nobody's session holds those. */
export type RootSessions = {sessions: RootSession[]; prepared: string[]};

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** pg_blocking_pids gives 0 for a prepared transaction (PostgreSQL manual, 9.27). */
const query = `
	with edge as (
		select pid, unnest(pg_blocking_pids(pid)) as blocker from pg_stat_activity where wait_event_type = 'Lock'
	)
	select
		(select coalesce(json_agg(json_build_object(
			'pid', a.pid, 'born', ${moment('a.backend_start')}, 'kind', a.backend_type, 'role', a.usename, 'database', a.datname,
			'application', nullif(a.application_name, ''), 'address', host(a.client_addr), 'state', a.state,
			'transaction', ${moment('a.xact_start')}, 'query', left(a.query, 2000)
		) order by a.pid), '[]') from pg_stat_activity a
			where a.pid in (select blocker from edge) and a.pid not in (select pid from edge)) as "sessions",
		(select coalesce(json_agg(gid order by prepared), '[]') from pg_prepared_xacts
			where exists (select from edge where blocker = 0)) as "prepared"`;

const shown = 300;

export const rootSessions = probe<RootSessions>({
	id: 'root-sessions',
	title: service =>
		say(
			`Looking which session of ${service || 'the database'} stands at the head of the queue`,
			`查看 ${service || '数据库'} 中排在队首、挡住其他会话的是谁`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c 'select pid, usename, state, xact_start, query from pg_stat_activity where pid in (select unnest(pg_blocking_pids(pid)) from pg_stat_activity)'`,
	async observe(world, service, signal) {
		const [row] = (await world.database(service).query(query, {signal})) as RootSessions[];
		if (!row) throw new Error('the query about locks gave no row');
		const sessions = row.sessions.map(one => ({...one, query: withoutValues(one.query).slice(0, shown)}));
		return harmlessAll({...row, sessions}, text => world.redact(text));
	},
});
