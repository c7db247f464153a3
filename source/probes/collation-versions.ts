import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** Which version of the C library's (or ICU's) sorting rules a database was made with, and which one the server has now. */
export type CollationVersion = {
	database: string;
	/** `datcollate`: `en_US.utf8`. */
	collation: string;
	/** Null when none was recorded, as under the alpine images' musl, which tells no version. */
	recorded: string | null;
	actual: string | null;
};

/** Only from PostgreSQL 15 on: before, no database recorded a version. */
export const collationVersions = probe<CollationVersion[]>({
	id: 'collation-versions',
	title: service =>
		say(
			`Comparing the collation versions that ${service || 'the database'} recorded with those it has now`,
			`对比 ${service || '数据库'} 记录的排序规则版本与当前版本`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c 'select datname, datcollversion, pg_database_collation_actual_version(oid) from pg_database'`,
	async observe(world, service, signal) {
		const rows = await world.database(service).query(
			`select datname as "database", datcollate as "collation", datcollversion as "recorded",
				pg_database_collation_actual_version(oid) as "actual"
			from pg_database where datallowconn order by datname`,
			{signal},
		);
		return rows as CollationVersion[];
	},
});
