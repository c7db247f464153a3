import type {Catalog, HbaRule, RoleRow} from '../core/catalog.ts';
import {probe} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';

/** Either what the server says over its local socket, or why it does not talk there. */
export type CatalogReading =
	| {kind: 'read'; catalog: Catalog}
	| {kind: 'socket-denied'; says: string}
	| {kind: 'not-running'};

type HbaRow = {
	line_number: number;
	file_name?: string;
	type: string | null;
	database: string[] | null;
	user_name: string[] | null;
	address: string | null;
	netmask: string | null;
	auth_method: string | null;
	error: string | null;
};
type Row = Omit<Catalog, 'hba'> & {hba: HbaRow[] | null};

const utc = (expression: string): string =>
	`to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One row, so that all of it is seen at one moment. Stored passwords stay in the server: only their kind is asked for. */
const everything = `
	with sessions as (
		select usename, datname from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
	)
	select
		current_setting('server_version') as "version",
		current_setting('server_version_num')::int as "versionNumber",
		(select system_identifier::text from pg_control_system()) as "systemIdentifier",
		${utc('pg_postmaster_start_time()')} as "startedAt",
		(select rolname from pg_roles where oid = 10) as "superuser",
		(select json_agg(json_build_object(
			'name', rolname, 'oid', oid::bigint, 'superuser', rolsuper, 'canLogin', rolcanlogin,
			'secret', case when rolpassword like 'SCRAM-SHA-256$%' then 'scram' when rolpassword like 'md5%' then 'md5' else 'none' end,
			'validUntil', case when isfinite(rolvaliduntil) then ${utc('rolvaliduntil')} end,
			'expired', coalesce(rolvaliduntil < now(), false),
			'connectionLimit', rolconnlimit,
			'connections', (select count(*) from sessions where usename = rolname)
		) order by oid) from pg_authid where rolname !~ '^pg_') as "roles",
		(select json_agg(json_build_object(
			'name', datname, 'allowConnections', datallowconn, 'connectionLimit', datconnlimit,
			'connections', (select count(*) from sessions where sessions.datname = pg_database.datname)
		) order by oid) from pg_database) as "databases",
		(select json_agg(to_jsonb(rule)) from pg_hba_file_rules rule) as "hba",
		current_setting('hba_file') as "hbaFile",
		current_setting('data_directory') as "dataDirectory",
		current_setting('listen_addresses') as "listenAddresses",
		current_setting('port')::int as "port",
		current_setting('password_encryption') as "passwordEncryption",
		current_setting('ssl')::bool as "ssl",
		current_setting('max_connections')::int as "maxConnections",
		(select count(*) from sessions)::int as "connections",
		pg_is_in_recovery() as "inRecovery"`;

const ruleOf = (row: HbaRow): HbaRule => ({
	line: row.line_number,
	file: row.file_name ?? null,
	type: row.type ?? '',
	databases: row.database ?? [],
	users: row.user_name ?? [],
	address: row.address,
	netmask: row.netmask,
	method: row.auth_method ?? '',
	error: row.error,
});

const wordsOf = ({why, what}: Trouble): Text => why ?? what;

export const databaseCatalog = probe<CatalogReading>({
	id: 'database-catalog',
	title: service =>
		say(
			`Asking ${service || 'the database'} over its local socket for roles, databases and rules`,
			`通过本地套接字询问 ${service || '数据库'}：角色、数据库与规则`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c 'select … from pg_authid, pg_database, pg_hba_file_rules'`,
	deadline: 10_000,
	async observe(world, service, signal) {
		try {
			const [row] = (await world.database(service).query(everything, {signal})) as Row[];
			if (!row) throw new Error('the catalog query gave no row');
			return {kind: 'read', catalog: {...row, roles: row.roles as RoleRow[], hba: (row.hba ?? []).map(ruleOf)}};
		} catch (error) {
			if (error instanceof Trouble && error.code === 'socket-denied')
				return {kind: 'socket-denied', says: world.redact(wordsOf(error).en)};
			if (error instanceof Trouble && ['not-running', 'conflict', 'exec-lost'].includes(error.code))
				return {kind: 'not-running'};
			throw error;
		}
	},
});
