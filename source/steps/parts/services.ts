import type {Deployment, ServiceState} from '../../core/deployment.ts';
import {dependencyOrder} from '../../core/order.ts';
import {say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {deploymentState} from '../../probes/deployment-state.ts';

/**
 * Seconds before the engine kills: a database wants to write a checkpoint first. Between two crashes there is no process to be
 * patient with, and the engine would wait all the same.
 */
export const graceFor = ({role, status}: Pick<ServiceState, 'role' | 'status'>): number =>
	role === 'database' ? (status === 'restarting' ? 10 : 120) : status === 'restarting' ? 1 : 20;

export const isUp = (status: string): boolean => status === 'running' || status === 'restarting' || status === 'paused';

export const lookAround = (world: WriteWorld): Promise<Deployment> => deploymentState.observe(world, '', world.signal);

/** The services as they are now, in the order in which they start. Those without a container are left out. */
export async function inOrder(world: WriteWorld, names: readonly string[], reversed = false): Promise<ServiceState[]> {
	const {services} = await lookAround(world);
	return dependencyOrder(names, services, reversed).flatMap(name =>
		services.filter(({service, status}) => service === name && status !== 'missing'),
	);
}

/** The present container of a service. @throws Trouble when there is none */
export async function containerNow(world: WriteWorld, service: string): Promise<Container> {
	const {target} = world;
	const all = target.kind === 'compose' ? await world.docker.containers(target.project, world.signal) : [];
	const found = all.find(one => one.service === service && !one.oneOff);
	if (found) return found;
	throw new Trouble('no-container', say(`\`${service}\` has no container.`, `\`${service}\` 没有容器。`), {
		next: say(`Create it with \`docker compose up -d ${service}\`.`, `用 \`docker compose up -d ${service}\` 创建。`),
	});
}
