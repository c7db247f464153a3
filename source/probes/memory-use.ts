import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {presentContainer, presentContainers} from './present-container.ts';

/** Memory of the machine that the engine runs on, and what the kernel counted for one container. Bytes. */
export type MemoryUse = {
	machine: {total: number; available: number};
	/** Kills for lack of memory on the whole machine since it was started, of any cause; null where the kernel does not count. */
	machineKills: number | null;
	/** Kills inside the container since its last start; null when it does not run or does not show its counter. */
	containerKills: number | null;
	/** What the container uses now, and used at most since its last start; null where the kernel does not tell. Older records lack it. */
	containerUse?: number | null;
	containerPeak?: number | null;
};

/**
 * The kernel's own files: proc(5) `/proc/meminfo` and `/proc/vmstat`, which show the whole machine inside a container too; the
 * control group's counter, version 2 (`memory.events`) or version 1 (`memory.oom_control`).
 */
const script = `
cat /proc/meminfo; grep '^oom_kill ' /proc/vmstat | sed 's/^/machine_/'
cat /sys/fs/cgroup/memory.events 2>/dev/null || cat /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null
tell() { for file in "$2" "$3"; do [ -r "$file" ] && { echo "$1 $(cat "$file")"; return; }; done; }
tell own_use /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory/memory.usage_in_bytes
tell own_peak /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes
true`;

const field = (text: string, name: string): number | null => {
	const found = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text)?.[1];
	return found === undefined ? null : Number(found);
};

/** @param own whether the counter of the control group is that of the container asked about */
export function readMemory(text: string, own: boolean): MemoryUse | null {
	const total = field(text, 'MemTotal');
	const available = field(text, 'MemAvailable') ?? field(text, 'MemFree');
	if (total === null || available === null) return null;
	return {
		machine: {total: total * 1024, available: available * 1024},
		machineKills: field(text, 'machine_oom_kill') ?? (own ? null : field(text, 'oom_kill')),
		containerKills: own ? field(text, 'oom_kill') : null,
		containerUse: own ? field(text, 'own_use') : null,
		containerPeak: own ? field(text, 'own_peak') : null,
	};
}

const inside = async ({docker}: ReadWorld, {id}: Container, signal: AbortSignal): Promise<string> =>
	(await docker.exec(id, ['sh', '-c', script], {signal})).stdout;

/** This machine's own numbers, where the engine runs on it. */
async function ofThisMachine({docker, files}: ReadWorld): Promise<string> {
	const {endpoint, os} = await docker.info();
	if (!endpoint.startsWith('unix:') || os !== 'linux') throw new Error('the engine runs on another machine');
	const parts = await Promise.all(['/proc/meminfo', '/proc/vmstat'].map(path => files.read(path)));
	return parts.map(part => part?.toString('latin1') ?? '').join('\n');
}

export const memoryUse = probe<MemoryUse>({
	id: 'memory-use',
	title: service =>
		say(`Reading the memory counters of ${service} and of its machine`, `读取 ${service} 及其主机的内存计数`),
	like: service => `docker compose exec ${service} cat /sys/fs/cgroup/memory.events /proc/meminfo`,
	deadline: 5000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		const runs = container?.status === 'running';
		const other = runs ? null : (await presentContainers(world)).find(({status}) => status === 'running');
		const chosen = runs ? container : other;
		const text = chosen ? await inside(world, chosen, signal).catch(() => '') : '';
		const found = readMemory(text, runs) ?? readMemory(await ofThisMachine(world), false);
		if (found) return found;
		throw new Error('the kernel does not tell');
	},
});
