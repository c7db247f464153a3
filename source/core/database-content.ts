/** What a migration tool noted in the database: one row of its own table, as far as it tells that something is unfinished. */
export type Bookkeeping = {
	tool: MigrationTool;
	/** `schema.table`. */
	table: string;
	/** What stands in the row: a version, or the name of a migration. */
	version: string;
	/** `at` is simply where the schema is; the others are the tool's own words for trouble. */
	state: 'at' | 'dirty' | 'failed' | 'locked';
};

export const migrationTools = {
	alembic: 'Alembic',
	prisma: 'Prisma',
	'golang-migrate': 'golang-migrate',
	flyway: 'Flyway',
	liquibase: 'Liquibase',
} as const;
export type MigrationTool = keyof typeof migrationTools;

/** One database from inside: its relations by name, its extensions, and how far its migrations came. No row of a user's table. */
export type DatabaseContent = {
	/** `schema.name` of tables, views and the like, without PostgreSQL's own. At most `mostRelations`. */
	relations: string[];
	/** Whether there are more than are named. */
	more: boolean;
	/** `available` is false where the server's files no longer hold what the catalog says is installed. */
	extensions: {name: string; version: string; available: boolean}[];
	bookkeeping: Bookkeeping[];
	/** How many indexes sort text by the database's own collation. */
	defaultOrder: number;
	/** Other collations that indexes sort by and whose version has changed since. */
	collations: {name: string; recorded: string; actual: string | null}[];
	/** Roles that may make objects: in the database as a whole (schemas, trusted extensions) and in the schema `public`. */
	creators: {role: string; inDatabase: boolean; inPublic: boolean}[];
};

export const mostRelations = 2000;

/**
 * Where a relation that a client asked for is: `exists` under that name where an unqualified name finds it by default, `elsewhere`
 * in another schema only, `missing` nowhere; `unknown` when not all names were read.
 */
export function findRelation(
	{relations, more}: Pick<DatabaseContent, 'relations' | 'more'>,
	name: string,
): 'exists' | 'missing' | 'unknown' | {schema: string} {
	if (name.includes('.')) return relations.includes(name) ? 'exists' : more ? 'unknown' : 'missing';
	if (relations.includes(`public.${name}`)) return 'exists';
	const elsewhere = relations.find(one => one.slice(one.indexOf('.') + 1) === name);
	if (elsewhere) return {schema: elsewhere.slice(0, elsewhere.indexOf('.'))};
	return more ? 'unknown' : 'missing';
}

/** The rows of `query_to_xml`, each a map of its columns. Its output escapes `<`, `>`, `&` and carriage returns only (PostgreSQL's xml.c). */
export function rowsOfXml(xml: string): Record<string, string>[] {
	const plain = (text: string): string =>
		text.replaceAll('&#x0D;', '\r').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
	return [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row = '']) =>
		Object.fromEntries(
			[...row.matchAll(/<(\w+)>(.*?)<\/\1>/gs)].map(([, name = '', value = '']) => [name, plain(value)]),
		),
	);
}
