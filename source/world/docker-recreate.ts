import {setTimeout as sleep} from 'node:timers/promises';
import type Docker from 'dockerode';
import type {ContainerInspectInfo, EndpointSettings} from 'dockerode';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';
import {environmentOf} from './docker-inspect.ts';

const grace = 120;
const settle = 1500;

/** What the old container is called until the new one runs. */
const suffix = '.compose-medic-replaced';

type Inspected = ContainerInspectInfo & {NetworkSettings: {Networks: Record<string, EndpointSettings>}};

async function inspect(docker: Docker, id: string): Promise<Inspected | null> {
	try {
		return (await docker.getContainer(id).inspect()) as Inspected;
	} catch (error) {
		if (statusOf(error) === 404) return null;
		throw error;
	}
}

/** The tag when it still means the same image: a newer one behind it must not slip in. */
async function imageOf(docker: Docker, {Config: {Image: tag}, Image: id}: Inspected): Promise<string> {
	const present = await docker
		.getImage(tag)
		.inspect()
		.catch(() => null);
	return present?.Id === id ? tag : id;
}

/** The endpoint as it was asked for, without what the engine filled in: addresses, and the old container's short id. */
const endpointOf = (end: EndpointSettings, shortId: string) => ({
	Aliases: (end.Aliases ?? []).filter(alias => alias !== shortId),
	IPAMConfig: end.IPAMConfig ?? undefined,
	Links: end.Links ?? undefined,
	DriverOpts: end.DriverOpts ?? undefined,
});

/** Volumes that the image asked for have a name only the engine knows; without it the new container would get empty ones. */
function bindsOf({HostConfig: host, Mounts: mounts}: Inspected): string[] {
	const binds = host.Binds ?? [];
	const said = new Set([...binds.map(bind => bind.split(':')[1]), ...(host.Mounts ?? []).map(({Target}) => Target)]);
	const nameless = mounts.filter(({Type, Destination}) => Type === 'volume' && !said.has(Destination));
	return [...binds, ...nameless.map(({Name, Destination, RW}) => `${Name}:${Destination}${RW ? '' : ':ro'}`)];
}

async function createLike(
	docker: Docker,
	name: string,
	old: Inspected,
	environment: ReadonlyMap<string, Secret> | null,
): Promise<Docker.Container> {
	const shortId = old.Id.slice(0, 12);
	const networks = Object.entries(old.NetworkSettings.Networks);
	const shares = /^(?:host|none|container:)/.test(old.HostConfig.NetworkMode ?? '');
	const [first, ...others] = shares ? [] : networks;
	const kept = environmentOf(old);
	const wanted = environment
		? [...new Map([...kept, ...[...environment].map(([key, value]) => [key, value.open()] as const)])]
		: kept;
	const {Hostname: hostname, ...config} = old.Config;
	const made = await docker.createContainer({
		...config,
		name,
		...(shares || hostname === shortId ? {} : {Hostname: hostname}),
		Image: await imageOf(docker, old),
		Env: wanted.map(([key, value]) => `${key}=${value}`),
		HostConfig: {...old.HostConfig, Binds: bindsOf(old)},
		...(first ? {NetworkingConfig: {EndpointsConfig: {[first[0]]: endpointOf(first[1], shortId)}}} : {}),
	} as Docker.ContainerCreateOptions);
	// Engines before API 1.44 take one network at creation.
	for (const [network, end] of others)
		await docker
			.getNetwork(network)
			.connect({Container: made.id, EndpointConfig: endpointOf(end, shortId) as EndpointSettings});
	return made;
}

async function stop(docker: Docker, id: string): Promise<void> {
	try {
		await docker.getContainer(id).stop({t: grace});
	} catch (error) {
		// It had ended by itself already.
		if (statusOf(error) !== 304) throw error;
	}
}

async function putBack(docker: Docker, name: string, old: Inspected, made: Docker.Container | null): Promise<void> {
	await made?.remove({force: true}).catch(() => undefined);
	await docker.getContainer(old.Id).rename({name});
	await docker
		.getContainer(old.Id)
		.start()
		.catch(() => undefined);
}

/**
 * Makes a container anew with the configuration of the old one: image, mounts, networks, labels, limits. The old one is kept under
 * another name until the new one runs, and comes back when that can't be started. Safe to repeat after a kill at any point.
 * @param environment values that replace the old ones by name; null keeps all
 * @returns the new container's id
 */
export async function recreateContainer(
	docker: Docker,
	container: Container,
	environment: ReadonlyMap<string, Secret> | null,
): Promise<string> {
	const name = container.name.endsWith(suffix) ? container.name.slice(0, -suffix.length) : container.name;
	const aside = name + suffix;
	const left = await inspect(docker, aside);
	const present = await inspect(docker, name);
	// An earlier run was ended between the new container's creation and the old one's removal.
	if (left && present) await docker.getContainer(present.Id).remove({force: true});
	const old = left ?? present;
	if (!old) throw new Trouble('not-found', say(`The container \`${name}\` is gone.`, `容器 \`${name}\` 已不存在。`));
	// Stopped before it is renamed: one that is in a crash loop can't be renamed between two crashes.
	if (old.State.Running || old.State.Restarting) await stop(docker, old.Id);
	if (!left) await docker.getContainer(old.Id).rename({name: aside});
	let made: Docker.Container | null = null;
	try {
		made = await createLike(docker, name, old, environment);
		await made.start();
		await sleep(settle);
	} catch (error) {
		await putBack(docker, name, old, made);
		throw error;
	}
	await docker.getContainer(old.Id).remove({force: true});
	return made.id;
}
