import {isIP} from 'node:net';
import type {ClientCredential} from './deployment.ts';
import type {Container} from './world.ts';

type LeadsTo = ClientCredential['leadsTo'];

const loopback = /^(?:localhost|127(?:\.\d+){3}|::1|0\.0\.0\.0)$/i;
const hostGateway = /^(?:host\.docker\.internal|gateway\.docker\.internal)$/i;

const outside: LeadsTo = {kind: 'outside'};

/** What other containers of the deployment are called: by service; containers of other projects with their project's name before it. */
const named = (container: Container, project: string): string =>
	container.project === project
		? container.service
		: `${container.project || container.name}/${container.service || container.name}`;

function towards(found: readonly Container[], project: string): LeadsTo | null {
	// Containers of the client's own project first: they are what its author meant.
	const sorted = found.toSorted((a, b) => Number(b.project === project) - Number(a.project === project));
	const [service, ...also] = [...new Set(sorted.map(container => named(container, project)))];
	return service === undefined ? null : {kind: 'service', service, also};
}

/**
 * Names that Docker's embedded DNS answers on one network: the container's name, its aliases there (Compose adds the service
 * name) and the first twelve characters of its id. Names are compared without regard to case, as DNS does.
 */
function answersTo(container: Container, aliases: readonly string[], host: string): boolean {
	// The engine tells the aliases of a container that does not run only in part.
	const byService = container.status === 'running' ? [] : [container.service];
	return [container.name, container.id.slice(0, 12), ...aliases, ...byService].some(
		name => name.toLowerCase() === host.toLowerCase(),
	);
}

/** The server behind a port that is published on the host, for clients that go through the host. */
const published = (port: number, all: readonly Container[], project: string): LeadsTo | null =>
	towards(
		all.filter(({status, ports}) => status === 'running' && ports.some(({hostPort}) => hostPort === port)),
		project,
	);

/**
 * Where a host name leads a client, by the engine's own rules (moby's libnetwork; Docker's documentation, "Networking overview").
 * A stopped container counts: its name is right even though it answers nobody.
 * @param all every container of the engine; those of other projects matter on shared networks
 */
export function leadsTo(host: string, port: number, client: Container, all: readonly Container[]): LeadsTo {
	const {project} = client;
	const throughContainer = /^container:(.+)$/.exec(client.networkMode)?.[1];
	const carrier = throughContainer
		? all.find(({id, name}) => id === throughContainer || name === throughContainer)
		: undefined;
	if (host === '' || host.startsWith('/') || loopback.test(host)) {
		if (client.networkMode === 'host') return published(port, all, project) ?? outside;
		return carrier && carrier.id !== client.id ? (towards([carrier], project) ?? outside) : {kind: 'loopback'};
	}
	if (hostGateway.test(host)) return published(port, all, project) ?? outside;
	const own = (carrier ?? client).networks.map(({name}) => name);
	const others = all.filter(({id, oneOff}) => id !== client.id && !oneOff);
	const byAddress = isIP(host) > 0;
	const reached = towards(
		others.filter(container =>
			container.networks.some(({name, address, aliases}) => {
				if (!own.includes(name)) return false;
				// There is no DNS on the default bridge.
				return byAddress ? address === host : name !== 'bridge' && answersTo(container, aliases, host);
			}),
		),
		project,
	);
	if (reached) return reached;
	const elsewhere = others.find(
		container =>
			container.project === project &&
			(byAddress
				? container.networks.some(({address}) => address === host)
				: container.service === host || container.networks.some(({aliases}) => answersTo(container, aliases, host))),
	);
	if (elsewhere) return {kind: 'other-network', service: elsewhere.service};
	return byAddress || host.includes('.') ? outside : {kind: 'unknown-name'};
}
