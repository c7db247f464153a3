import {evidentReadings} from '../core/scram.ts';
import type {Secret} from '../core/secret.ts';
import type {Credential, LoginResult, ReadWorld} from '../core/world.ts';
import {offers} from './known-passwords.ts';
import type {CredentialProof, PasswordProof} from './password-proof.ts';
import {neighbourhood, resolve} from './server-for.ts';

const wrongPassword = '28P01';
/** Each try leaves a line in the server's log and costs a container's start, so only the likeliest passwords are tried. */
const mostTries = 6;

const doorOf = ({user, host, port}: Credential): string => JSON.stringify([user, host, port]);
const at = (credential: Credential): string => JSON.stringify([doorOf(credential), credential.database]);

/** Verdicts that depend on the database which is asked for. */
const telling: readonly CredentialProof['verdict'][] = ['fits', 'other-refusal'];

function verdictOf(result: LoginResult, {password, urlProblem}: Credential): CredentialProof['verdict'] {
	if (result.outcome === 'ok') return urlProblem ? 'mangled' : 'fits';
	if (result.outcome !== 'refused') return 'not-tried';
	if (!password) return 'no-password-given';
	return result.sqlstate === wrongPassword ? 'wrong' : 'other-refusal';
}

/** One credential proved by the login that its client would make, by a second one where its password shows how it was mangled. */
export async function loginProof(
	world: ReadWorld,
	service: string,
	credential: Credential,
	signal: AbortSignal,
): Promise<CredentialProof> {
	const login = (password?: Secret): Promise<LoginResult> =>
		world.database(service).login(credential, password ? {password, signal} : {signal});
	const result = await login();
	const verdict = verdictOf(result, credential);
	const proof: CredentialProof = {
		credential: credential.id,
		method: 'login',
		verdict,
		mangling: verdict === 'mangled' ? 'url-encoding' : null,
		login:
			result.outcome === 'ok'
				? null
				: {sqlstate: result.outcome === 'refused' ? result.sqlstate : null, message: world.redact(result.message)},
	};
	if (verdict !== 'wrong' || !credential.password) return proof;
	for (const {mangling, password} of evidentReadings(credential.password))
		if ((await login(password)).outcome === 'ok') return {...proof, verdict: 'mangled', mangling, login: null};
	return proof;
}

/**
 * For servers whose socket asks for a password: one real login for each distinct set of user, password and address.
 * Credentials that lead to another server are not tried here.
 */
export async function proveByLogin(world: ReadWorld, service: string, signal: AbortSignal): Promise<PasswordProof> {
	const [all, {own, all: everybody, servers}] = await Promise.all([world.credentials(), neighbourhood(world)]);
	const leadsHere = (credential: Credential): boolean => {
		if (world.target.kind === 'database') return true;
		const found = resolve(credential, own, everybody);
		if (found.kind === 'service' || found.kind === 'other-network') return found.service === service;
		return servers.length === 1;
	};
	const credentials = all.filter(({purpose, service: holder}) => purpose === 'client' || holder === service);
	const made: {credential: Credential; proof: Promise<CredentialProof>}[] = [];
	const same = (one: Secret | null, other: Secret | null): boolean =>
		one && other ? one.equals(other) : one === other;
	async function prove(credential: Credential): Promise<CredentialProof> {
		const alike = made.filter(
			({credential: {user, password}}) => user === credential.user && same(password, credential.password),
		);
		// What the server's own variables hold is told as well by any client that uses the same.
		const like = alike.find(({credential: known}) => credential.purpose === 'initial' || at(known) === at(credential));
		if (like) return like.proof;
		// The password is checked before the database: where it is refused, asking for another database tells nothing new.
		const door = alike.find(({credential: known}) => doorOf(known) === doorOf(credential));
		const attempt = door
			? door.proof.then(proof =>
					telling.includes(proof.verdict) ? loginProof(world, service, credential, signal) : proof,
				)
			: loginProof(world, service, credential, signal);
		made.push({credential, proof: attempt});
		return attempt;
	}
	// The server's own credential last: most often a client has answered for it.
	const inOrder = credentials.toSorted((a, b) => Number(a.purpose === 'initial') - Number(b.purpose === 'initial'));
	const proofs = await Promise.all(
		inOrder.map(async (credential): Promise<CredentialProof> => {
			if (!leadsHere(credential))
				return {credential: credential.id, method: 'none', verdict: 'not-tried', mangling: null, login: null};
			return {...(await prove(credential)), credential: credential.id};
		}),
	);
	return {proofs, known: await findKnown(world, service, inOrder, proofs, signal), socket: 'denied'};
}

/** Which password at hand fits each role: what just proved right, else the offers one after the other. */
async function findKnown(
	world: ReadWorld,
	service: string,
	credentials: readonly Credential[],
	proofs: readonly CredentialProof[],
	signal: AbortSignal,
): Promise<PasswordProof['known']> {
	const offered = await offers(world, credentials);
	const known: PasswordProof['known'] = [];
	let tries = 0;
	for (const role of new Set(credentials.map(({user}) => user))) {
		const own = credentials.filter(({user}) => user === role);
		const verdict = (id: string) => proofs.find(({credential}) => credential === id)?.verdict;
		const right = own.find(({id}) => verdict(id) === 'fits');
		const wrong = own.find(({id}) => verdict(id) === 'wrong');
		if (right) {
			const offer = offered.find(({password}) => right.password?.equals(password));
			if (offer) known.push({role, reference: offer.reference, from: offer.from});
		} else if (wrong) {
			const untried = offered.filter(({password}) => !own.some(tried => tried.password?.equals(password)));
			for (const {reference, from, password} of untried) {
				if (++tries > mostTries) return known;
				if ((await world.database(service).login(wrong, {password, signal})).outcome !== 'ok') continue;
				known.push({role, reference, from});
				break;
			}
		}
	}
	return known;
}
