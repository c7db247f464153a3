import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {quoteLiteral} from '../core/sql-text.ts';

/**
 * Tables in which Dify notes how its workflows ran: history for the log pages, which nothing else reads. Conversations and
 * messages are the users' own and are not among them.
 */
export const knownLogTables = ['workflow_node_executions', 'workflow_runs', 'workflow_app_logs'] as const;

/** One such table, counted exactly. Bytes. */
export type LogTable = {
	schema: string;
	name: string;
	/** With indexes and TOAST. */
	bytes: number;
	rows: number;
	/** Rows from before the day that was asked about. */
	old: number;
	/** Other tables refer to it, or it has columns that compute themselves: then its rows can't be put aside and back. */
	bound: boolean;
	/** Columns in their order. */
	columns: string[];
};

/** What the probe is asked about. A service's name holds no slash, and a day none either. */
export const logTablesOf = (service: string, database: string, before: string): string =>
	`${service}/${before}/${database}`;

const count = (expression: string, where: string): string =>
	`(xpath('/row/n/text()', query_to_xml(format('select ${expression} as n from only %I.%I t where ${where}', n.nspname, c.relname), false, true, '')))[1]::text::bigint`;

/** `query_to_xml` runs one query per table inside a single one, only for tables that are there with this column. */
function question(before: string): string {
	const day = quoteLiteral(before).replaceAll("'", "''");
	const names = knownLogTables.map(quoteLiteral).join(', ');
	return `
	select n.nspname as "schema", c.relname as "name", pg_total_relation_size(c.oid) as "bytes",
		${count('count(*)', 'true')} as "rows",
		${count('count(*)', `created_at < ${day}`)} as "old",
		exists (select from pg_constraint f where f.confrelid = c.oid and f.contype = 'f')
			or exists (select from pg_inherits i where i.inhparent = c.oid or i.inhrelid = c.oid)
			or exists (select from pg_attribute a where a.attrelid = c.oid
				and (to_jsonb(a)->>'attidentity' <> '' or to_jsonb(a)->>'attgenerated' <> '')) as "bound",
		(select json_agg(attname order by attnum) from pg_attribute a
			where a.attrelid = c.oid and attnum > 0 and not attisdropped) as "columns"
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname = 'public' and c.relname in (${names})
		and exists (select from pg_attribute a join pg_type y on y.oid = a.atttypid
			where a.attrelid = c.oid and a.attname = 'created_at' and y.typname in ('timestamp', 'timestamptz'))
	order by 3 desc`;
}

export const logTables = probe<LogTable[]>({
	id: 'log-tables',
	title: () => say('Counting old rows in the tables of run logs', '统计运行日志表中的旧数据行'),
	like: about =>
		`docker compose exec -u postgres ${about.split('/')[0]} psql -d ${about.split('/')[2]} -c "select count(*) from workflow_node_executions where created_at < '${about.split('/')[1]}'"`,
	deadline: 120_000,
	async observe(world, about, signal) {
		const [service = '', before = '', ...rest] = about.split('/');
		const rows = await world.database(service).query(question(before), {database: rest.join('/'), signal});
		const tables = rows.map(row => ({
			...(row as LogTable),
			bytes: Number(row['bytes']),
			rows: Number(row['rows']),
			old: Number(row['old']),
		}));
		return harmlessAll(tables, text => world.redact(text));
	},
});
