import type {Container, ReadWorld} from '../core/world.ts';
import {onePerService} from '../world/credentials.ts';

/** The containers that count: one for each service of the project; none for an external database. */
export const presentContainers = async ({docker, target}: ReadWorld): Promise<Container[]> =>
	target.kind === 'compose'
		? onePerService(await docker.containers(target.project)).filter(({service}) => service !== '')
		: [];

export const presentContainer = async (world: ReadWorld, service: string): Promise<Container | null> =>
	(await presentContainers(world)).find(container => container.service === service) ?? null;
