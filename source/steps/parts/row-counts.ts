import type {RowCounts} from '../../core/snapshot.ts';

export const databasesQuery =
	"select datname from pg_database where datallowconn and datname <> 'template0' order by 1;";

/**
 * Counts user tables and all their rows exactly. `query_to_xml` runs one `count(*)` per table inside a single query; partitions
 * are counted themselves, so their parents are left out, and so are temporary and foreign tables.
 */
export const countQuery =
	"select count(*), coalesce(sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from only %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::bigint), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and c.relpersistence in ('p', 'u') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_';";

/**
 * Counts the rows of every database of a server.
 * @param ask runs one query in one database and gives its rows as psql prints them, columns parted by tabs
 */
export async function countRows(ask: (query: string, database: string) => Promise<string>): Promise<RowCounts> {
	const names = (await ask(databasesQuery, 'template1')).split('\n').filter(name => name !== '');
	const counts: RowCounts = {};
	for (const name of names) {
		const [tables, rows] = (await ask(countQuery, name)).trim().split('\t');
		counts[name] = {tables: Number(tables), rows: Number(rows)};
	}
	return counts;
}
