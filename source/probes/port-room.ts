import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** Whether a port of the machine is free on all addresses, and the next one that is. */
export type PortRoom = {free: boolean; next: number | null};

/** What people take where a well-known port is taken. */
const usual: Record<number, number> = {80: 8080, 443: 8443, 5432: 5433};
const tries = 200;
const highest = 65_535;

export const portRoom = probe<PortRoom>({
	id: 'port-room',
	title: port => say(`Looking for a free port near ${port}`, `查找 ${port} 附近的空闲端口`),
	like: port => `ss -ltn sport = :${port}; docker ps -a --format '{{.Ports}}'`,
	async observe(world, about, signal) {
		const port = Number(about);
		const all = await world.docker.containers(null, signal);
		// A stopped container wants its port back when it is started.
		const wanted = new Set(
			all.flatMap(({ports, wantedPorts}) => [...ports, ...wantedPorts].map(({hostPort}) => hostPort)),
		);
		const isFree = async (one: number): Promise<boolean> => !wanted.has(one) && (await world.listener(one)) === null;
		const first = usual[port] ?? port + 1;
		let next: number | null = null;
		for (let one = first; next === null && one < first + tries && one <= highest; one++)
			if (await isFree(one)) next = one;
		return {free: await isFree(port), next};
	},
});
