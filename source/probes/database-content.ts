import {
	type Bookkeeping,
	type DatabaseContent,
	type MigrationTool,
	mostRelations,
	rowsOfXml,
} from '../core/database-content.ts';
import {harmlessAll} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** What the probe is asked about: a database of one server. A service's name holds no slash. */
export const contentOf = (service: string, database: string): string => `${service}/${database}`;

/**
 * The tables in which migration tools keep their own state, and what is worth reading in them. Columns are read by name out of
 * the row's JSON, because other tools use tables of the same name: Rails' `schema_migrations` has no `dirty`.
 * Alembic: `alembic_version`. Prisma's schema engine: `_prisma_migrations` (a row without `finished_at` and `rolled_back_at` is
 * what P3009 is about). golang-migrate's postgres driver: `schema_migrations(version, dirty)`. Flyway: `flyway_schema_history.success`.
 * Liquibase: `databasechangeloglock.locked`.
 */
const books: readonly {
	tool: MigrationTool;
	table: string;
	state: Bookkeeping['state'];
	version: string;
	where: string;
}[] = [
	{tool: 'alembic', table: 'alembic_version', state: 'at', version: 'version_num', where: 'true'},
	{
		tool: 'prisma',
		table: '_prisma_migrations',
		state: 'failed',
		version: 'migration_name',
		where: "r->>'finished_at' is null and r->>'rolled_back_at' is null",
	},
	{
		tool: 'golang-migrate',
		table: 'schema_migrations',
		state: 'dirty',
		version: 'version',
		where: "r->>'dirty' = 'true'",
	},
	{
		tool: 'flyway',
		table: 'flyway_schema_history',
		state: 'failed',
		version: 'script',
		where: "r->>'success' = 'false'",
	},
	{
		tool: 'liquibase',
		table: 'databasechangeloglock',
		state: 'locked',
		version: 'lockedby',
		where: "r->>'locked' = 'true'",
	},
];

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const bookRows = books
	.map(({tool, table, state, version, where}) => {
		const query = `select r->>${literal(version)} as version from (select to_jsonb(t) as r from %I.%I t) rows where ${where} limit 5`;
		return `(${[tool, table, state, query].map(literal).join(', ')})`;
	})
	.join(',\n\t\t\t');

const ownSchemas = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/** Types that somebody made begin here (PostgreSQL's transam.h). What turns one into JSON may be a function of theirs: such a table is no tool's. */
const firstOwn = 16_384;

/** Catalogs only, but for the few rows of migration tools, which \`query_to_xml\` reads where their table exists. */
const everything = `
	with relation as (
		select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${ownSchemas}
	), ordering as (
		select i.indexrelid, k.rule from pg_index i
			join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace,
			unnest(i.indcollation) k (rule)
		where k.rule <> 0 and ${ownSchemas}
	), offered as (
		select name from pg_available_extensions where exists (select from pg_extension where extname <> 'plpgsql')
	)
	select
		(select coalesce(json_agg(name order by name), '[]') from (
			select name from relation order by name limit ${mostRelations}
		) named) as "relations",
		(select count(*) > ${mostRelations} from relation) as "more",
		(select coalesce(json_agg(json_build_object(
			'name', extname, 'version', extversion,
			'available', extname = 'plpgsql' or exists (select from offered where name = extname)
		) order by extname), '[]') from pg_extension) as "extensions",
		(select coalesce(json_agg(json_build_object(
			'tool', tool, 'table', n.nspname || '.' || c.relname, 'state', state,
			'rows', query_to_xml(format(query, n.nspname, c.relname), true, false, '')::text
		) order by n.nspname, c.relname), '[]') from pg_class c join pg_namespace n on n.oid = c.relnamespace join (values
			${bookRows}
		) book (tool, relname, state, query) on c.relname = book.relname
		where c.relkind = 'r' and ${ownSchemas} and not exists (
			select from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped and atttypid >= ${firstOwn}
		)) as "books",
		(select count(distinct indexrelid) from ordering where rule = 100)::int as "defaultOrder",
		(select coalesce(json_agg(json_build_object(
			'name', collname, 'recorded', collversion, 'actual', pg_collation_actual_version(oid)
		) order by collname), '[]') from pg_collation where oid in (select rule from ordering)
			and collversion <> coalesce(pg_collation_actual_version(oid), '')) as "collations",
		(select json_agg(json_build_object(
			'role', rolname, 'inDatabase', has_database_privilege(oid, current_database(), 'CREATE'),
			'inPublic', coalesce((select has_schema_privilege(r.oid, n.oid, 'CREATE') from pg_namespace n where nspname = 'public'), false)
		) order by rolname) from pg_roles r where rolcanlogin) as "creators"`;

type Row = Omit<DatabaseContent, 'bookkeeping'> & {
	books: (Pick<Bookkeeping, 'tool' | 'table' | 'state'> & {rows: string})[];
};

export const databaseContent = probe<DatabaseContent>({
	id: 'database-content',
	title: about => say(`Looking at what is in ${about}`, `查看 ${about} 中有什么`),
	like: about => {
		const [service = '', database = ''] = about.split('/', 2);
		return `docker compose exec -u postgres ${service} psql -d ${database} -c '\\d' -c '\\dx'`;
	},
	deadline: 10_000,
	async observe(world, about, signal) {
		const slash = about.indexOf('/');
		const database = about.slice(slash + 1);
		const [row] = (await world.database(about.slice(0, slash)).query(everything, {database, signal})) as Row[];
		if (!row) throw new Error('the content query gave no row');
		const {books: read, ...rest} = row;
		const redact = (text: string): string => world.redact(text);
		const bookkeeping = read.flatMap(({rows, ...book}) =>
			rowsOfXml(rows).map(({version = ''}) => ({...book, version})),
		);
		return harmlessAll({...rest, bookkeeping}, redact);
	},
});
