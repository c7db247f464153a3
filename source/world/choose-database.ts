import {dirname, join, resolve} from 'node:path';
import {evaluateEnv, parseEnv} from '../core/compose-dotenv.ts';
import {isDsn} from '../core/dsn.ts';
import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Credential, FileReader, Target} from '../core/world.ts';
import {externalCredentials} from './credentials.ts';

type Variables = ReadonlyMap<string, Secret>;

/** A database outside of any deployment, and how to read its credentials again later. */
export type DatabaseChoice = {
	target: Extract<Target, {kind: 'database'}>;
	credentials(remember: (password: Secret) => void): Promise<Credential[]>;
	/** The env file that it was read from, or null for a URL. */
	envFile: string | null;
};

const targetOf = ({host, port, database, user}: Credential): DatabaseChoice['target'] => ({
	kind: 'database',
	name: `${database}@${host}:${port}`,
	stack: 'external',
	host,
	port,
	database,
	user,
});

/** Only what means the chosen server: an env file may name others as well. */
const ofServer = (target: DatabaseChoice['target'], all: Credential[]): Credential[] =>
	all.filter(({host, port}) => host === target.host && port === target.port);

async function choice(
	variables: () => Promise<Variables>,
	files: FileReader,
	envFile: string | null,
): Promise<DatabaseChoice | null> {
	const read = async (remember?: (password: Secret) => void): Promise<Credential[]> =>
		externalCredentials(await variables(), path => files.read(path), remember);
	const [first] = await read();
	if (!first) return null;
	const target = targetOf(first);
	return {target, envFile, credentials: async remember => ofServer(target, await read(remember))};
}

/**
 * @param url as `--database-url` gives it; without a password in it, PGPASSWORD is the one
 * @throws Trouble (usage) when it is no URL of a PostgreSQL server
 */
export async function databaseFromUrl(
	url: Secret,
	environment: Readonly<Record<string, string | undefined>>,
	files: FileReader,
): Promise<DatabaseChoice> {
	const text = url.open().trim();
	const bare = /^([a-z+]+:\/\/)([^/?#:@]+)@/i.exec(text);
	const password = environment['PGPASSWORD'];
	const whole =
		bare && password ? text.replace(bare[0], `${bare[1]}${bare[2]}:${encodeURIComponent(password)}@`) : text;
	const variables = new Map([['DATABASE_URL', new Secret(whole)]]);
	const found = isDsn(text) ? await choice(async () => variables, files, null) : null;
	if (found) return found;
	throw new Trouble(
		'bad-database-url',
		say('`--database-url` is no URL of a PostgreSQL server.', '`--database-url` 不是 PostgreSQL 服务器的 URL。'),
		{
			next: say('Write it as `postgres://user@host:5432/database`.', '请写成 `postgres://user@host:5432/database`。'),
			exitCode: exitCode.usage,
		},
	);
}

/**
 * The database that an env file speaks of: `--env-file`, else `.env` in the folder. Read anew each time, so that an edited
 * file counts at once.
 * @returns null when there is no such file or no credential with a host in it
 */
export async function databaseFromEnvFile(
	where: {directory?: string; envFile?: string; environment: Readonly<Record<string, string | undefined>>},
	files: FileReader,
): Promise<DatabaseChoice | null> {
	const path = where.envFile ? resolve(where.envFile) : join(resolve(where.directory ?? '.'), '.env');
	const variables = async (): Promise<Variables> => {
		const content = await files.read(path);
		const values = evaluateEnv(content ? [parseEnv(content)] : [], name => where.environment[name]);
		return new Map([...values].map(([name, value]) => [name, new Secret(value)]));
	};
	return choice(variables, files, path);
}

export const folderOf = ({envFile}: DatabaseChoice): string | null => (envFile ? dirname(envFile) : null);
