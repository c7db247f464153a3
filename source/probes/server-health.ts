import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say, verbatim} from '../core/say.ts';
import {type Holder, holdersFromTitles, type ServerHealth} from '../core/server-health.ts';
import {Trouble} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

/** What a server says about itself, or why it does not: also its refusal when every connection is taken is an answer. */
export type HealthReading =
	| {kind: 'read'; health: ServerHealth}
	/** Not even a superuser gets a connection. The holders come from the titles of the server's processes. */
	| {kind: 'full'; says: string; holders: Holder[]}
	| {kind: 'socket-denied'}
	| {kind: 'not-running'};

/**
 * One row over statistics and shared catalogs, so that all of it is seen at one moment: no table of the user is touched.
 * Columns that older servers do not have are read by name out of the row's JSON.
 */
const everything = `
	with session as (
		select pid, usename, datname, nullif(application_name, '') as application, host(client_addr) as address, state,
			backend_type, wait_event_type, extract(epoch from now() - state_change)::int as since,
			extract(epoch from now() - xact_start)::int as age
		from pg_stat_activity where pid <> pg_backend_pid()
	), edge as (
		select pid, unnest(pg_blocking_pids(pid)) as blocker, coalesce((
			select extract(epoch from clock_timestamp() - min((to_jsonb(l)->>'waitstart')::timestamptz))::int
			from pg_locks l where l.pid = session.pid and not granted
		), since, 0) as waited
		from session where wait_event_type = 'Lock'
	), here as (
		select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn
	)
	select
		current_setting('max_connections')::int as "maxConnections",
		current_setting('superuser_reserved_connections')::int
			+ coalesce(current_setting('reserved_connections', true), '0')::int as "reservedConnections",
		(select count(*) from session where backend_type = 'client backend')::int as "connections",
		(select coalesce(json_agg(holder), '[]') from (
			select usename as role, datname as database, application, address, state, count(*)::int, max(since) as longest
			from session where backend_type = 'client backend' group by 1, 2, 3, 4, 5 order by 6 desc, 1, 2, 3, 4, 5 limit 20
		) holder) as "holders",
		(select coalesce(json_agg(json_build_object(
			'pid', pid, 'role', usename, 'database', datname, 'application', application, 'address', address, 'state', state,
			'transaction', age
		) order by pid), '[]') from session where pid in (select pid from edge union select blocker from edge)) as "sessions",
		(select coalesce(json_agg(edge order by pid, blocker), '[]') from edge where blocker <> 0) as "waits",
		(select coalesce(json_agg(json_build_object(
			'name', slot_name, 'kind', slot_type, 'database', database, 'active', active,
			'status', to_jsonb(slot)->>'wal_status', 'retained', pg_wal_lsn_diff(here.lsn, restart_lsn)::bigint
		) order by slot_name), '[]') from pg_replication_slots slot, here where not temporary) as "slots",
		pg_size_bytes(current_setting('max_wal_size')) as "maxWalSize",
		case when current_setting('max_slot_wal_keep_size', true) <> '-1'
			then pg_size_bytes(current_setting('max_slot_wal_keep_size')) end as "slotLimit",
		(select json_agg(json_build_object(
			'name', datname, 'age', age(datfrozenxid), 'multi', mxid_age(datminmxid),
			'failures', (to_jsonb(counted)->>'checksum_failures')::bigint,
			'failedAt', to_jsonb(counted)->>'checksum_last_failure'
		) order by age(datfrozenxid) desc, datname) from (
			select d.datname, d.datfrozenxid, d.datminmxid, s as counted
			from pg_database d left join pg_stat_database s on s.datid = d.oid
		) d) as "databases",
		current_setting('autovacuum_freeze_max_age')::bigint as "freezeMaxAge",
		(select coalesce(json_agg(holder order by age desc), '[]') from (
			select 'session' as kind, pid::text as name, age(backend_xmin) as age from pg_stat_activity
				where backend_xmin is not null and pid <> pg_backend_pid()
			union all select 'slot', slot_name::text, greatest(age(xmin), age(catalog_xmin)) from pg_replication_slots
				where xmin is not null or catalog_xmin is not null
			union all select 'prepared', gid, age(transaction) from pg_prepared_xacts
			order by 3 desc limit 5
		) holder) as "ageHolders",
		case when pg_is_in_recovery() then json_build_object(
			'follows', coalesce(current_setting('primary_conninfo', true), '') <> '',
			'archive', coalesce(current_setting('restore_command', true), '') <> '',
			'receiver', (select json_build_object('status', status, 'host', to_jsonb(receiver)->>'sender_host')
				from pg_stat_wal_receiver receiver limit 1),
			'lag', extract(epoch from now() - pg_last_xact_replay_timestamp())::bigint
		) end as "standby",
		(select coalesce(json_agg(json_build_object(
			'name', subname, 'database', (select datname from pg_database where oid = subdbid), 'enabled', subenabled,
			'working', exists (
				select from pg_stat_subscription worker
				where worker.subid = s.oid and worker.relid is null and worker.pid is not null and worker.latest_end_lsn is not null
			)
		) order by subname), '[]') from pg_subscription s) as "subscriptions"`;

const noRoom = /too many clients already|remaining connection slots are reserved/;

/** What the server's processes call themselves: read by the engine, from outside. */
async function titlesOf(world: ReadWorld, service: string): Promise<string[]> {
	const container = world.target.kind === 'compose' ? await presentContainer(world, service) : null;
	return container?.status === 'running' ? ((await world.docker.processes(container.id)) ?? []) : [];
}

export const serverHealth = probe<HealthReading>({
	id: 'server-health',
	title: service =>
		say(
			`Asking ${service || 'the database'} for connections, locks, slots, replication and transaction age`,
			`询问 ${service || '数据库'}：连接、锁、复制槽、复制与事务年龄`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c 'select … from pg_stat_activity, pg_replication_slots, pg_database'`,
	deadline: 10_000,
	async observe(world, service, signal) {
		const redact = (text: string): string => world.redact(text);
		try {
			const [row] = (await world.database(service).query(everything, {signal})) as ServerHealth[];
			if (!row) throw new Error('the health query gave no row');
			return {kind: 'read', health: harmlessAll(row, redact)};
		} catch (error) {
			if (!(error instanceof Trouble)) throw error;
			if (error.code === 'socket-denied') return {kind: 'socket-denied'};
			if (['not-running', 'conflict', 'exec-lost'].includes(error.code)) return {kind: 'not-running'};
			const says = redact((error.why ?? verbatim('')).en);
			if (!noRoom.test(says)) throw error;
			return {kind: 'full', says, holders: holdersFromTitles(await titlesOf(world, service))};
		}
	},
});
