import {dirname, join} from 'node:path';
import {parse} from 'dotenv';
import {isDsn, parseDsn} from '../core/dsn.ts';
import {say, type Text} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import type {FileReader} from '../core/world.ts';

/** Copies that editors, people and upgrade guides leave beside `.env`. */
const copies = ['.bak', '.old', '~', '.orig', '.save', '.backup', '.example', '.1'];

const speaksOfPassword = /PASS(?:WORD|WD)?$|_PW$|PWD$/i;

/** The right-hand sides in `.env` exactly as written, line ends taken off: what Compose may have cut before a client got it. */
export async function writtenValues(files: Pick<FileReader, 'read'>, envFiles: readonly string[]): Promise<Secret[]> {
	const texts = await Promise.all(envFiles.map(file => files.read(file).catch(() => null)));
	return texts.flatMap(bytes =>
		(bytes?.toString('utf8') ?? '').split('\n').flatMap(line => {
			const value = /^\s*(?:export\s+)?[A-Za-z_][\w.]*\s*[=:](.*?)\r?$/.exec(line)?.[1];
			return value?.trim() ? [new Secret(value)] : [];
		}),
	);
}

/** Passwords in one env file: of variables that are named so, and inside connection URLs. */
export function passwordsIn(text: string): Secret[] {
	return Object.entries(parse(text)).flatMap(([name, value]) => {
		const password = isDsn(value) ? parseDsn(value)?.password : speaksOfPassword.test(name) ? value : null;
		return password ? [new Secret(password)] : [];
	});
}

/**
 * Passwords that may be the older one, in a stable order: what a person gives in `COMPOSE_MEDIC_PASSWORD`, then what older copies
 * of the env file hold. They are only ever tried against a stored verifier.
 */
export async function oldPasswords(
	files: Pick<FileReader, 'read'>,
	envFiles: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	remember?: (password: Secret) => void,
): Promise<{from: Text; password: Secret}[]> {
	const found: {from: Text; password: Secret}[] = [];
	const add = (from: Text, password: Secret): void => {
		if (found.some(known => known.password.equals(password))) return;
		remember?.(password);
		found.push({from, password});
	};
	const given = environment['COMPOSE_MEDIC_PASSWORD'];
	if (given) add(say('`COMPOSE_MEDIC_PASSWORD`', '`COMPOSE_MEDIC_PASSWORD`'), new Secret(given));
	const paths = envFiles.flatMap(file => [
		...copies.map(ending => file + ending),
		...['env.bak', 'env.old', '.env.local', '.env.prod'].map(name => join(dirname(file), name)),
		file,
	]);
	for (const path of new Set(paths)) {
		const bytes = await files.read(path).catch(() => null);
		for (const password of passwordsIn(bytes?.toString('utf8') ?? '')) add(say(`\`${path}\``, `\`${path}\``), password);
	}
	return found;
}
