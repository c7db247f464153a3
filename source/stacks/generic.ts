import {say} from '../core/say.ts';
import {roleFromImage} from './images.ts';
import type {CredentialGroup, Stack} from './stack.ts';

/**
 * What the server's image uses at its first start (docker-library/postgres, "Environment Variables"; PGPORT is the server's own
 * variable for its port). The second is Bitnami's image.
 */
export const initialGroups: readonly CredentialGroup[] = [
	{
		purpose: 'initial',
		user: ['POSTGRES_USER'],
		password: ['POSTGRES_PASSWORD'],
		host: [],
		port: ['PGPORT'],
		database: ['POSTGRES_DB'],
		otherwise: {user: 'postgres', port: 5432},
	},
	{
		purpose: 'initial',
		user: ['POSTGRESQL_USERNAME'],
		password: ['POSTGRESQL_PASSWORD', 'POSTGRESQL_POSTGRES_PASSWORD'],
		host: [],
		port: ['POSTGRESQL_PORT_NUMBER'],
		database: ['POSTGRESQL_DATABASE'],
		otherwise: {user: 'postgres', port: 5432, database: 'postgres'},
	},
];

const endings = {
	user: ['USER', 'USERNAME', 'LOGIN'],
	password: ['PASSWORD', 'PASS', 'PASSWD', 'PWD'],
	host: ['HOST', 'HOSTNAME', 'SERVER', 'ADDR', 'ADDRESS'],
	port: ['PORT'],
	database: ['NAME', 'DATABASE', 'DB', 'DBNAME', 'DATABASE_NAME', 'DB_NAME'],
} as const;
const kindEndings = ['TYPE', 'CONNECTION', 'ENGINE', 'DRIVER', 'DIALECT', 'CLIENT', 'VENDOR', 'ADAPTER', 'KIND'];

/** Prefixes of variable names that speak of a PostgreSQL server: `PG`, `POSTGRES_`, `DB_`, `APP_DATABASE_`, `GITEA__database__`. */
const prefixForm = /(?:^|[_.])(?:PG|POSTGRES|POSTGRESQL|POSTGRESDB|PSQL|DB|DATABASE|DATASOURCE)[_.]*$/i;
const otherKinds = /mysql|maria|mongo|redis|mssql|oracle|sqlite|clickhouse|influx|couch|neo4j|cassandra|vector_?db/i;
const decisive = new RegExp(`^(.*?)(?:${[...endings.password, ...endings.host].join('|')})(?:_FILE)?$`, 'i');

function groupFor(prefix: string, variables: readonly string[]): CredentialGroup {
	// Names are compared without regard to case, because some applications write their prefix in lower case.
	const named = (list: readonly string[]): string[] =>
		list.flatMap(ending =>
			variables
				.map(name => name.replace(/_FILE$/, ''))
				.filter(name => name.toUpperCase() === `${prefix}${ending}`.toUpperCase()),
		);
	const upperPassword = `${prefix}PASSWORD`;
	const password = named(endings.password);
	return {
		purpose: 'client',
		user: named(endings.user),
		password: password.length > 0 ? password : [upperPassword],
		host: named(endings.host),
		port: named(endings.port),
		database: named(endings.database),
		otherwise: {port: 5432},
		unless: {
			variables: [...named(kindEndings), ...named(endings.port)],
			like: /mysql|maria|sqlite|mongo|mssql|sqlserver|oracle|^(?:3306|1433|1521|27017)$/i,
		},
	};
}

/**
 * Finds credentials by how their variables are named, for applications that nobody has described yet. `variables` of kinds that
 * are no PostgreSQL (`MYSQL_*`, `REDIS_*`) are left alone.
 */
export function groupsByName(variables: readonly string[]): CredentialGroup[] {
	const prefixes = new Map<string, string>();
	for (const name of variables) {
		const prefix = decisive.exec(name)?.[1];
		if (prefix !== undefined && prefixForm.test(prefix) && !otherKinds.test(prefix))
			prefixes.set(prefix.toUpperCase(), prefix);
	}
	return [...prefixes.values()].map(prefix => groupFor(prefix, variables));
}

export const generic: Stack = {
	id: 'generic',
	title: say('A Compose application with PostgreSQL', '使用 PostgreSQL 的 Compose 应用'),
	recognises: () => true,
	roleOf: roleFromImage,
	credentialGroups(container, variables) {
		const role = roleFromImage(container);
		if (role === 'database') return initialGroups;
		return role === 'client' ? groupsByName(variables) : [];
	},
	readsUrls: container => roleFromImage(container) === 'client',
	wellKnownPasswords: [
		'postgres',
		'password',
		'example',
		'changeme',
		'secret',
		'admin',
		'root',
		'test',
		'docker',
		'123456',
		'mysecretpassword',
		'postgrespw',
	],
};
