import {type Listening, readListening} from '../core/listening.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {presentContainer} from './present-container.ts';

/** The TCP ports that a service listens on; null when its container does not run or has no `cat` to ask with. */
export const listeningPorts = probe<Listening[] | null>({
	id: 'listening-ports',
	title: service => say(`Reading which ports ${service} listens on`, `读取 ${service} 监听的端口`),
	like: service => `docker compose exec ${service} cat /proc/net/tcp /proc/net/tcp6`,
	deadline: 5000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (container?.status !== 'running') return null;
		const command = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
		const {stdout} = await world.docker.exec(container.id, command, {signal});
		// A kernel without IPv6 has the first file only.
		return stdout.includes('local_address') ? readListening(stdout) : null;
	},
});
