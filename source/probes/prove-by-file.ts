import {authidFilenode, readAuthidFile, type StoredRole} from '../core/authid-file.ts';
import {Trouble} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';
import {writtenValues} from '../world/old-passwords.ts';
import {serverOf} from '../world/server-place.ts';
import {knownFor} from './known-passwords.ts';
import type {CredentialProof, PasswordProof} from './password-proof.ts';
import {verdictOf} from './prove-by-verifier.ts';

/** Null where there is no data directory to look into. */
async function storedRoles(world: ReadWorld, service: string): Promise<StoredRole[] | null> {
	try {
		const {container, data} = await serverOf(world, service);
		const map = await world.docker.readFile(container.id, `${data}/global/pg_filenode.map`);
		if (!map) return null;
		const table = await world.docker.readFile(container.id, `${data}/global/${authidFilenode(map.content)}`);
		return table && readAuthidFile(table.content);
	} catch (error) {
		if (error instanceof Trouble && (error.code === 'no-data' || error.code === 'no-container')) return null;
		throw error;
	}
}

/**
 * For a server that does not run: the stored verifiers out of pg_authid's own file, through the engine's archive call. No process
 * touches the data. What an unclean stop left in the write-ahead log only is not seen, so this is never more than likely.
 */
export async function proveByFile(world: ReadWorld, service: string): Promise<PasswordProof> {
	const credentials = (await world.credentials()).filter(
		({purpose, service: holder}) => purpose === 'client' || holder === service,
	);
	const roles = world.target.kind === 'compose' ? await storedRoles(world, service) : null;
	if (!roles || roles.length === 0) {
		const proofs = credentials.map(
			({id}): CredentialProof => ({credential: id, method: 'none', verdict: 'not-tried', mangling: null, login: null}),
		);
		return {proofs, known: [], socket: 'no-server'};
	}
	const stored = new Map(roles.map(({name, password}) => [name, password]));
	const written = await writtenValues(world.files, (await world.place()).envFiles);
	const proofs = credentials.map(
		(credential): CredentialProof => ({
			credential: credential.id,
			method: 'file',
			login: null,
			...verdictOf(credential, stored.get(credential.user), written, false),
		}),
	);
	return {proofs, known: await knownFor(world, credentials, stored), socket: 'no-server'};
}
