import {createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual} from 'node:crypto';
import {evidentManglings, type Mangling, waysOfMangling} from './mangling.ts';
import {saslprep} from './saslprep.ts';
import {Secret} from './secret.ts';

/** What `pg_authid.rolpassword` can hold. */
export type StoredKind = 'scram' | 'md5' | 'none';

type Scram = {iterations: number; salt: Buffer; storedKey: Buffer; serverKey: Buffer};

const keyLength = 32;
const base64 = '[A-Za-z0-9+/]+=*';
const scramForm = new RegExp(`^SCRAM-SHA-256\\$(\\d+):(${base64})\\$(${base64}):(${base64})$`);
const md5Form = /^md5[0-9a-f]{32}$/;

function parse(stored: string): Scram | null {
	const [, iterations, salt, storedKey, serverKey] = scramForm.exec(stored) ?? [];
	if (!iterations || !salt || !storedKey || !serverKey) return null;
	const scram = {
		iterations: Number(iterations),
		salt: Buffer.from(salt, 'base64'),
		storedKey: Buffer.from(storedKey, 'base64'),
		serverKey: Buffer.from(serverKey, 'base64'),
	};
	return scram.iterations > 0 && scram.storedKey.length === keyLength && scram.serverKey.length === keyLength
		? scram
		: null;
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function keysOf(password: string, salt: Buffer, iterations: number): Pick<Scram, 'storedKey' | 'serverKey'> {
	const salted = pbkdf2Sync(saslprep(password), salt, iterations, keyLength, 'sha256');
	return {
		storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
		serverKey: hmac(salted, 'Server Key'),
	};
}

function fits(stored: string, role: string, password: string): boolean {
	const scram = parse(stored);
	if (scram) return timingSafeEqual(keysOf(password, scram.salt, scram.iterations).storedKey, scram.storedKey);
	return (
		md5Form.test(stored) &&
		stored ===
			`md5${createHash('md5')
				.update(password + role)
				.digest('hex')}`
	);
}

/** How a stored password is kept. Anything that is neither a well-formed SCRAM verifier nor an md5 hash can't be logged in with. */
export function storedKind(stored: Secret | null): StoredKind {
	if (!stored) return 'none';
	if (parse(stored.open())) return 'scram';
	return md5Form.test(stored.open()) ? 'md5' : 'none';
}

/**
 * Whether a login with this password would pass, computed here with no login at all.
 * @param stored `pg_authid.rolpassword`: RFC 5803's form of a SCRAM-SHA-256 verifier, or `md5` and the hash of password and role name
 */
export const matches = (stored: Secret, role: string, password: Secret): boolean =>
	fits(stored.open(), role, password.open());

/**
 * A verifier that `ALTER ROLE … PASSWORD` stores as it is. PostgreSQL hashes a malformed one as if it were a clear password,
 * without a word, so whoever sends it must read `rolpassword` back.
 * @param options.salt 16 random bytes unless given; PostgreSQL's own defaults are 4096 iterations and 16 bytes
 */
export function makeVerifier(password: Secret, {iterations = 4096, salt = randomBytes(16)} = {}): Secret {
	const {storedKey, serverKey} = keysOf(password.open(), salt, iterations);
	const parts = [salt, storedKey, serverKey].map(part => part.toString('base64'));
	return new Secret(`SCRAM-SHA-256$${iterations}:${parts[0]}$${parts[1]}:${parts[2]}`);
}

/**
 * Why a configured password does not fit although the right one stands behind it: the first well-known mangling that, taken back
 * or applied, gives a password that fits the stored verifier. Null when none does.
 * @param raw right-hand sides of `.env` entries exactly as written
 */
export function provenMangling(
	stored: Secret,
	role: string,
	password: Secret,
	raw: readonly Secret[] = [],
): {mangling: Mangling; password: Secret} | null {
	const ways = waysOfMangling(
		password.open(),
		raw.map(text => text.open()),
	);
	const way = ways.find(({password: candidate}) => fits(stored.open(), role, candidate));
	return way ? {mangling: way.mangling, password: new Secret(way.password)} : null;
}

/** What a password was before the manglings that can be seen in it, without a stored verifier to tell: for a second login at most. */
export const evidentReadings = (password: Secret): {mangling: Mangling; password: Secret}[] =>
	evidentManglings(password.open()).map(({mangling, password: value}) => ({mangling, password: new Secret(value)}));
