import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

/** Who holds a port that a service wants to publish. `about` is the service. */
export type PortHolders = {
	port: number;
	address: string;
	holder:
		| {kind: 'container'; name: string; project: string | null}
		| {kind: 'host-process'; says: string | null}
		| null;
}[];

const everywhere = new Set(['', '0.0.0.0', '::']);

/** Two bindings of one port collide when their addresses are the same or one of them means all. */
const collide = (one: string, other: string): boolean => one === other || everywhere.has(one) || everywhere.has(other);

const holds = (container: Container, port: number, address: string, protocol: string): boolean =>
	container.ports.some(
		binding => binding.hostPort === port && binding.protocol === protocol && collide(binding.hostAddress, address),
	);

export const portHolders = probe<PortHolders>({
	id: 'port-holders',
	title: service => say(`Finding out who holds the port that ${service} wants`, `查找占用 ${service} 所需端口的程序`),
	like: () => "docker ps --format '{{.Names}} {{.Ports}}'",
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container) return [];
		const all = await world.docker.containers(null, signal);
		const wanted = container.wantedPorts.filter(({hostPort}) => hostPort > 0);
		return Promise.all(
			wanted.map(async ({hostPort: port, hostAddress: address, protocol}) => {
				const taken =
					all.filter(({id}) => id !== container.id).find(one => holds(one, port, address, protocol)) ?? null;
				if (taken)
					return {
						port,
						address,
						holder: {kind: 'container' as const, name: taken.name, project: taken.project || null},
					};
				// What it publishes itself is listened on by the engine's own proxy.
				if (holds(container, port, address, protocol) || protocol !== 'tcp') return {port, address, holder: null};
				const listener = await world.listener(port);
				return {port, address, holder: listener && {kind: 'host-process' as const, says: listener.says}};
			}),
		);
	},
});
