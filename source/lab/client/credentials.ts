import {readFileSync} from 'node:fs';
import type {ClientConfig} from 'pg';

type Environment = Record<string, string | undefined>;

/**
 * Reads a value, or the file that `NAME_FILE` names. Only the line feed is taken off, as most applications do:
 * a file saved on Windows leaves its carriage return in the password, and that is one of the faults of the lab.
 */
function setting(environment: Environment, name: string): string | undefined {
	const file = environment[`${name}_FILE`];
	return file ? readFileSync(file, 'utf8').replace(/\n$/, '') : environment[name];
}

/** How the application was told to reach its database: a URL, Dify's `DB_*` variables, or libpq's `PG*` variables. */
export function credentials(environment: Environment): ClientConfig {
	const url = setting(environment, 'DATABASE_URL');
	if (url) return {connectionString: url};
	const names = environment.DB_HOST
		? {host: 'DB_HOST', port: 'DB_PORT', user: 'DB_USERNAME', password: 'DB_PASSWORD', database: 'DB_DATABASE'}
		: {host: 'PGHOST', port: 'PGPORT', user: 'PGUSER', password: 'PGPASSWORD', database: 'PGDATABASE'};
	return {
		host: setting(environment, names.host),
		port: Number(setting(environment, names.port) ?? 5432),
		user: setting(environment, names.user),
		password: setting(environment, names.password),
		database: setting(environment, names.database),
	};
}
