import type {ClientCredential} from '../core/deployment.ts';
import {leadsTo} from '../core/docker-dns.ts';
import type {Container, Credential, ReadWorld} from '../core/world.ts';
import {stackById} from '../stacks/index.ts';

/** Containers as a look at credentials needs them; none for an external database. */
export async function neighbourhood(
	world: ReadWorld,
): Promise<{own: Container[]; all: Container[]; servers: string[]}> {
	const {target} = world;
	if (target.kind !== 'compose') return {own: [], all: [], servers: ['']};
	const own = await world.docker.containers(target.project);
	// Containers of other projects matter only on shared networks; without the right to see them the own ones must do.
	const all = await world.docker.containers(null).catch(() => own);
	const stack = stackById(target.stack);
	const servers = own
		.filter(container => !container.oneOff && stack.roleOf(container) === 'database')
		.map(({service}) => service);
	return {own, all, servers: [...new Set(servers)]};
}

/** Where a credential's host name leads, as its own container would resolve it. */
export function resolve(
	credential: Credential,
	own: readonly Container[],
	all: readonly Container[],
): ClientCredential['leadsTo'] {
	if (credential.purpose === 'initial') return {kind: 'service', service: credential.service, also: []};
	const client = own.find(({service, oneOff}) => service === credential.service && !oneOff);
	return client ? leadsTo(credential.host, credential.port, client, all) : {kind: 'outside'};
}

/** The database service that a credential is meant for: by its host name, else the only one there is. Null when nothing tells. */
export async function serverFor(world: ReadWorld, credential: Credential): Promise<string | null> {
	const {own, all, servers} = await neighbourhood(world);
	if (world.target.kind === 'database') return '';
	const found = resolve(credential, own, all);
	if ((found.kind === 'service' || found.kind === 'other-network') && servers.includes(found.service))
		return found.service;
	return servers[0] ?? null;
}

/** The databases that clients ask one server for. */
export async function databasesAskedOf(world: ReadWorld, service: string): Promise<string[]> {
	const [credentials, {own, all, servers}] = await Promise.all([world.credentials(), neighbourhood(world)]);
	const names = credentials.flatMap(credential => {
		const found = resolve(credential, own, all);
		const here = found.kind === 'service' ? found.service === service : servers.length === 1;
		return here && credential.database !== '' ? [credential.database] : [];
	});
	return [...new Set(names)];
}
