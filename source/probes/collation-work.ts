import type {CollationWork} from '../core/collation-work.ts';
import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** Before 15 no database records a version, and the functions that tell it are not there. */
const ownChanged =
	'select datcollversion <> pg_database_collation_actual_version(oid) as changed from pg_database where datname = current_database()';

/**
 * Indexes by the database's own collation (oid 100, `default`) or by another one whose version has changed: of a key column, or inside
 * an expression or a predicate, where the parse tree names it (PostgreSQL's primnodes.h, `inputcollid`). C and POSIX never change.
 * Whether the database's own collation has changed decides about the first kind.
 */
const query = (own: string): string => `
	with own as (
		${own}
	), changed as (
		select c.oid, format('%I.%I', n.nspname, collname) as name, collversion as recorded, pg_collation_actual_version(c.oid) as actual
		from pg_collation c join pg_namespace n on n.oid = collnamespace
		where collversion <> pg_collation_actual_version(c.oid)
	), rule as (
		select oid from changed union select 100 from own where changed
	), stale as (
		select i.*, c.relname, n.nspname from pg_index i
			join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
		where c.relkind = 'i' and c.relpersistence <> 't' and i.indislive
			and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
			and exists (
				select from rule where rule.oid = any (i.indcollation)
					or i.indexprs::text like '%collid ' || rule.oid || ' %' or i.indpred::text like '%collid ' || rule.oid || ' %'
			)
	)
	select
		(select coalesce(json_agg(json_build_object(
			'index', format('%I.%I', nspname, relname), 'table', indrelid::regclass::text, 'bytes', pg_relation_size(indexrelid),
			'unique', indisunique, 'concurrently', not indisexclusion
		) order by pg_relation_size(indexrelid) desc, nspname, relname), '[]') from stale) as "indexes",
		(select coalesce(json_agg(json_build_object('name', name, 'recorded', recorded, 'actual', actual) order by name), '[]')
			from changed where exists (
				select from stale where changed.oid = any (indcollation)
			) or exists (select from pg_attribute a where a.attcollation = changed.oid and a.attnum > 0 and a.attrelid >= 16384)
		) as "collations",
		(select coalesce(json_agg(partrelid::regclass::text order by 1), '[]') from pg_partitioned_table
			where partstrat = 'r' and exists (select from rule where rule.oid = any (partcollation))) as "partitioned"`;

/** What a changed collation makes wrong in one database. Asked about `service/database`. */
export const collationWork = probe<CollationWork>({
	id: 'collation-work',
	title: about =>
		say(`Looking which indexes of ${about} are sorted by old rules`, `查看 ${about} 中哪些索引按旧规则排序`),
	like: about => {
		const [service = '', database = ''] = about.split('/', 2);
		return `docker compose exec -u postgres ${service} psql -d ${database} -c 'select indexrelid::regclass, indcollation from pg_index'`;
	},
	deadline: 15_000,
	async observe(world, about, signal) {
		const slash = about.indexOf('/');
		const server = world.database(about.slice(0, slash));
		const options = {database: about.slice(slash + 1), signal};
		const [version] = await server.query(
			"select current_setting('server_version_num')::int >= 150000 as recent",
			options,
		);
		const own = version?.['recent'] === true ? ownChanged : 'select false as changed';
		const [row] = (await server.query(query(own), options)) as CollationWork[];
		if (!row) throw new Error('the query about collations gave no row');
		return harmlessAll(row, text => world.redact(text));
	},
});
