import {matches, provenMangling} from '../core/scram.ts';
import {Secret} from '../core/secret.ts';
import {quoteLiteral} from '../core/sql-text.ts';
import type {Credential, ReadWorld} from '../core/world.ts';
import {writtenValues} from './old-passwords.ts';

/**
 * The password that was meant where a client got a mangled one: proven against the stored verifier, so it is the one that works.
 * The configured password itself when nothing is wrong with it; null when no known mangling leads to the stored one.
 * @param service the database service that keeps the role
 * @throws Trouble as `DatabaseReader.query` does
 */
export async function restoredPassword(
	world: ReadWorld,
	service: string,
	{user, password}: Credential,
	signal?: AbortSignal,
): Promise<Secret | null> {
	if (!password) return null;
	const sql = `select rolpassword as stored from pg_catalog.pg_authid where rolname = ${quoteLiteral(user)}`;
	const [row] = await world.database(service).query(sql, {signal});
	if (typeof row?.['stored'] !== 'string') return null;
	const stored = new Secret(row['stored']);
	if (matches(stored, user, password)) return password;
	const written = await writtenValues(world.files, (await world.place()).envFiles);
	return provenMangling(stored, user, password, written)?.password ?? null;
}
