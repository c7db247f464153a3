import {isIP} from 'node:net';
import type {HbaRule} from '../core/catalog.ts';
import {firstMatch} from '../core/hba.ts';
import {matches, provenMangling, storedKind} from '../core/scram.ts';
import {Secret} from '../core/secret.ts';
import type {Container, Credential, ReadWorld} from '../core/world.ts';
import {writtenValues} from '../world/old-passwords.ts';
import {knownFor} from './known-passwords.ts';
import type {CredentialProof, PasswordProof} from './password-proof.ts';
import {loginProof} from './prove-by-login.ts';
import {neighbourhood} from './server-for.ts';

type Row = {
	roles: {name: string; stored: string | null}[] | null;
	rules: Omit<HbaRule, 'line' | 'file'>[] | null;
	sessions: {user: string; address: string}[] | null;
};

const question = `
	select
		(select json_agg(json_build_object('name', rolname, 'stored', rolpassword)) from pg_authid) as roles,
		(select json_agg(json_build_object(
			'type', coalesce(type, ''), 'databases', coalesce(database, '{}'), 'users', coalesce(user_name, '{}'),
			'address', address, 'netmask', netmask, 'method', coalesce(auth_method, ''), 'error', error
		)) from (select * from pg_hba_file_rules) rule) as rules,
		(select json_agg(distinct jsonb_build_object('user', usename, 'address', host(client_addr)))
			from pg_stat_activity where backend_type = 'client backend' and client_addr is not null) as sessions`;

/** Methods that compare with the password the server keeps. */
const byPassword = ['scram-sha-256', 'md5', 'password'];

/** The address that the server sees this client come from. Null when there is no network that both are on. */
function addressOf(
	credential: Credential,
	client: Container | undefined,
	server: Container | undefined,
): string | null {
	// Without a container the server is a process of this machine, and so are its clients as far as we can log in.
	if (!server) return isIP(credential.host) > 0 ? credential.host : '127.0.0.1';
	const shared = client?.networks.find(({name}) => server.networks.some(other => other.name === name));
	if (!shared) return null;
	// A client between two crashes has no address; its neighbour's stands for it, since rules speak of subnets.
	return shared.address || server.networks.find(({name}) => name === shared.name)?.address || null;
}

/** How the server's rules treat this client, as far as addresses are known here. */
function methodFor(
	row: Row,
	credential: Credential,
	client: Container | undefined,
	server: Container | undefined,
): string | null {
	const address = addressOf(credential, client, server);
	if (!address) return null;
	const rules = (row.rules ?? []).map(rule => ({...rule, line: 0, file: null}));
	const serverAddresses = server?.networks.map(({address: own, prefix}) => ({address: own, prefix}));
	const match = firstMatch(rules, {user: credential.user, database: credential.database, address, serverAddresses});
	return match === 'no-entry' ? null : match.method;
}

/** Whether this client holds a session now: proof that it reads its own URL, however the rest of the world would. */
const isIn = (row: Row, {user}: Credential, client: Container | undefined): boolean =>
	(row.sessions ?? []).some(
		session => session.user === user && (client?.networks.some(({address}) => address === session.address) ?? false),
	);

/** Pure: how one configured password relates to what is stored for its role. */
export function verdictOf(
	credential: Credential,
	stored: Secret | null | undefined,
	written: readonly Secret[],
	isReading: boolean,
): Pick<CredentialProof, 'verdict' | 'mangling'> {
	const {password, user, urlProblem} = credential;
	if (!password) return {verdict: 'no-password-given', mangling: null};
	if (stored === undefined) return {verdict: 'role-missing', mangling: null};
	if (stored === null || storedKind(stored) === 'none') return {verdict: 'no-stored-password', mangling: null};
	if (matches(stored, user, password))
		return urlProblem && !isReading
			? {verdict: 'mangled', mangling: 'url-encoding'}
			: {verdict: 'fits', mangling: null};
	const proven = provenMangling(stored, user, password, written);
	return proven ? {verdict: 'mangled', mangling: proven.mangling} : {verdict: 'wrong', mangling: null};
}

/**
 * Reads the stored verifiers over the socket and compares every configured password with them here, so that nobody has to log in.
 * Also passwords that belong to another server of the deployment are compared: that is how a wrong server is found.
 * @throws Trouble `socket-denied` or `not-running` as the database reader does
 */
export async function proveByVerifier(world: ReadWorld, service: string, signal: AbortSignal): Promise<PasswordProof> {
	const [row] = (await world.database(service).query(question, {signal})) as Row[];
	if (!row) throw new Error('the query for stored passwords gave no row');
	const stored = new Map(
		(row.roles ?? []).map(({name, stored: text}) => [name, text === null ? null : new Secret(text)]),
	);
	const [all, {own}] = await Promise.all([world.credentials(), neighbourhood(world)]);
	const credentials = all.filter(({purpose, service: holder}) => purpose === 'client' || holder === service);
	const written = await writtenValues(world.files, (await world.place()).envFiles);
	const server = own.find(container => container.service === service && !container.oneOff);
	const proofs = await Promise.all(
		credentials.map(async (credential): Promise<CredentialProof> => {
			const client = own.find(container => container.service === credential.service && !container.oneOff);
			const method = credential.purpose === 'client' ? methodFor(row, credential, client, server) : null;
			const base = {credential: credential.id, method: 'verifier', login: null} as const;
			if (method === 'trust')
				return {...base, verdict: stored.has(credential.user) ? 'fits' : 'role-missing', mangling: null};
			// What another service checks (LDAP, certificates) only a login can tell.
			if (method && method !== 'reject' && !byPassword.includes(method))
				return loginProof(world, service, credential, signal);
			return {...base, ...verdictOf(credential, stored.get(credential.user), written, isIn(row, credential, client))};
		}),
	);
	return {proofs, known: await knownFor(world, credentials, stored), socket: 'trust'};
}
