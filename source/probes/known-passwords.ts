import {say, type Text} from '../core/say.ts';
import {matches} from '../core/scram.ts';
import type {Secret} from '../core/secret.ts';
import type {Credential, ReadWorld} from '../core/world.ts';
import type {PasswordProof} from './password-proof.ts';

/** A password that may be the right one for a role, and how a fix refers to it. */
export type Offer = {reference: string; from: Text; password: Secret};

/** Every distinct password at hand: the configured ones first, then what a person or an older file offers. */
export async function offers(world: ReadWorld, credentials: readonly Credential[]): Promise<Offer[]> {
	const candidates = await world.candidates();
	const all = [
		...credentials.flatMap(({id, service, password, variables}) => {
			const name = variables.password ?? variables.url ?? id;
			const from = service
				? say(`\`${name}\` of ${service}`, `${service} 的 \`${name}\``)
				: say(`\`${name}\``, `\`${name}\``);
			return password ? [{reference: id, from, password}] : [];
		}),
		...candidates.map(({from, password}, index) => ({reference: `candidate:${index}`, from, password})),
	];
	return all.filter(({password}, index) => all.findIndex(other => other.password.equals(password)) === index);
}

/** Which of the passwords at hand fit the roles that clients use. @param stored verifiers by role, null for a role without one */
export async function knownFor(
	world: ReadWorld,
	credentials: readonly Credential[],
	stored: ReadonlyMap<string, Secret | null>,
): Promise<PasswordProof['known']> {
	const offered = await offers(world, credentials);
	return [...new Set(credentials.map(({user}) => user))].flatMap(role => {
		const verifier = stored.get(role);
		if (!verifier) return [];
		return offered
			.filter(({password}) => matches(verifier, role, password))
			.map(({reference, from}) => ({role, reference, from}));
	});
}
