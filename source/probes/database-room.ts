import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** What takes room among the files of one server. Bytes. */
export type DatabaseRoom = {
	databases: {name: string; bytes: number; encoding: string}[];
	/** The largest tables with indexes and TOAST, each with its dead rows as the statistics estimate them. */
	tables: {database: string; name: string; bytes: number; dead: number}[];
	wal: {
		bytes: number;
		/** What can still be written into files that are there already: only beyond that a new one of `segment` bytes is made. */
		ahead: number;
		segment: number;
		most: number;
		/** Failures of `archive_command` since its last success; null where nothing is archived. */
		archiveFailures: number | null;
	};
};

/** One row over catalogs and the names in pg_wal: `pg_ls_waldir` is from 10 on, and superusers may always ask. */
const whole = `
	select
		(select coalesce(json_agg(json_build_object(
			'name', datname, 'bytes', pg_database_size(oid), 'encoding', pg_encoding_to_char(encoding)
		) order by pg_database_size(oid) desc), '[]') from pg_database where datallowconn) as "databases",
		(select json_build_object(
			'bytes', (select coalesce(sum(size), 0)::bigint from pg_ls_waldir()),
			'segment', segment, 'most', pg_size_bytes(current_setting('max_wal_size')),
			'ahead', (segment - (here - '0/0'::pg_lsn) % segment
				+ segment * (select count(*) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name > pg_walfile_name(here)))::bigint,
			'archiveFailures', case when current_setting('archive_mode') <> 'off' then (
				select case when coalesce(last_failed_time > last_archived_time, last_failed_time is not null) then failed_count else 0 end
				from pg_stat_archiver) end
		) from (select pg_size_bytes(current_setting('wal_segment_size')) as segment, pg_current_wal_lsn() as here) now) as "wal"`;

const largest = `
	select n.nspname || '.' || c.relname as "name", pg_total_relation_size(c.oid) as "bytes",
		coalesce(pg_stat_get_dead_tuples(c.oid), 0)::bigint as "dead"
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
	order by 2 desc limit 5`;

/** Tables are looked at in so many of the largest databases. */
const databasesAtMost = 3;

export const databaseRoom = probe<DatabaseRoom>({
	id: 'database-room',
	title: service =>
		say(`Adding up the databases and the log of ${service}`, `统计 ${service} 的数据库和预写日志占用的空间`),
	like: service =>
		`docker compose exec -u postgres ${service} psql -c 'select datname, pg_database_size(oid) from pg_database' -c 'select sum(size) from pg_ls_waldir()'`,
	deadline: 30_000,
	async observe(world, service, signal) {
		const database = world.database(service);
		const [row] = (await database.query(whole, {signal})) as Omit<DatabaseRoom, 'tables'>[];
		if (!row) throw new Error('the server gave no row');
		const tables: DatabaseRoom['tables'] = [];
		for (const {name} of row.databases.slice(0, databasesAtMost)) {
			const found = (await database.query(largest, {database: name, signal})) as Omit<
				DatabaseRoom['tables'][number],
				'database'
			>[];
			tables.push(
				...found.map(table => ({...table, bytes: Number(table.bytes), dead: Number(table.dead), database: name})),
			);
		}
		tables.sort((one, other) => other.bytes - one.bytes);
		return harmlessAll({...row, tables}, text => world.redact(text));
	},
});
