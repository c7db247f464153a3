import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, ReadWorld, Space} from '../core/world.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer, presentContainers} from './present-container.ts';

/** Room in one file system that a service writes to. */
export type FileSpace = Space & {
	/** Path inside the container. */
	path: string;
	/** What it is: the engine's own disk, a volume on a disk of its own, a folder of the host, memory, or shared memory. */
	place: 'engine' | 'volume' | 'bind' | 'memory' | 'shared-memory';
	/** Volume name or host path; null for the container's own layer and for memory. */
	source: string | null;
	/** Whether the database's files lie there. */
	data: boolean;
};

const sharedMemory = '/dev/shm';

/** POSIX output, one line for each path, first in KiB and then in files (df(1); BusyBox knows the same flags). */
const script = 'df -P -k -- "$@"; echo; df -P -i -- "$@"';

type Row = {total: number; free: number; mountedAt: string};

/** Lines of `df -P`: file system, size, used, available, percentage, mount point, which may hold blanks. */
function rowsOf(text: string): Row[] {
	return text.split('\n').flatMap(line => {
		const [, total, free, mountedAt] = /\s(\d+|-)\s+(?:-?\d+|-)\s+(-?\d+|-)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line) ?? [];
		return mountedAt === undefined
			? []
			: [{total: Number(total) || 0, free: Math.max(0, Number(free) || 0), mountedAt}];
	});
}

/** @returns one entry for each mount point; null for one that `df` does not tell about */
export function readSpaces(output: string, paths: readonly string[]): (Space | null)[] {
	const [blocks = '', inodes = ''] = output.split(/\n\s*\n/);
	const bytes = rowsOf(blocks);
	const files = rowsOf(inodes);
	return paths.map(path => {
		const room = bytes.find(({mountedAt}) => mountedAt === path);
		if (!room) return null;
		const counted = files.find(({mountedAt}) => mountedAt === path);
		// File systems that make room for files as they need it count none.
		const counts = counted && counted.total > 0;
		return {
			bytes: room.total * 1024,
			free: room.free * 1024,
			files: counts ? counted.total : null,
			freeFiles: counts ? counted.free : null,
		};
	});
}

type Named = Pick<FileSpace, 'path' | 'place' | 'source' | 'data'>;

/** Every file system of a container that can fill up. */
function placesOf(container: Container, data: string | null): Named[] {
	const within = (mount: string): boolean => data !== null && (data === mount || data.startsWith(`${mount}/`));
	const mounts = container.mounts
		.filter(({writable, destination}) => writable && destination !== sharedMemory)
		.map(
			({type, name, source, destination}): Named => ({
				path: destination,
				place: type === 'volume' ? 'volume' : type === 'tmpfs' ? 'memory' : 'bind',
				source: type === 'volume' ? name : type === 'tmpfs' ? null : source,
				data: within(destination),
			}),
		);
	return [
		{path: '/', place: 'engine', source: null, data: data !== null && !mounts.some(mount => mount.data)},
		{path: sharedMemory, place: 'shared-memory', source: null, data: false},
		...mounts,
	];
}

/** A plain volume lies on the engine's own disk, which the container's own layer shows as well: same size, same room, within a moment. */
const sameDisk = (one: Space, other: Space): boolean => {
	const close = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(a, b) / 100;
	return one.bytes === other.bytes && close(one.free, other.free) && one.files === other.files;
};

function settled(places: readonly Named[], spaces: readonly (Space | null)[]): FileSpace[] {
	const found = places.flatMap((place, index) => {
		const space = spaces[index];
		return space ? [{...place, ...space}] : [];
	});
	const engine = found.find(({path}) => path === '/');
	return found.map(one =>
		one.place === 'volume' && engine && sameDisk(one, engine) ? {...one, place: 'engine' as const} : one,
	);
}

async function inside(
	{docker}: ReadWorld,
	{id}: Container,
	places: readonly Named[],
	signal: AbortSignal,
): Promise<FileSpace[]> {
	const paths = places.map(({path}) => path);
	const {stdout} = await docker.exec(id, ['sh', '-c', script, 'df', ...paths], {signal});
	return settled(places, readSpaces(stdout, paths));
}

/** What of a stopped container's file systems can be seen without it: its mounts from this machine, the engine's disk from a neighbour. */
async function outside(
	world: ReadWorld,
	container: Container,
	places: readonly Named[],
	signal: AbortSignal,
): Promise<FileSpace[]> {
	const {docker, files} = world;
	const neighbour = (await presentContainers(world)).find(
		({status, id}) => status === 'running' && id !== container.id,
	);
	const root = places.filter(({path}) => path === '/');
	const engine = neighbour ? (await inside(world, neighbour, root, signal).catch(() => []))[0] : undefined;
	const here = (await docker.info()).endpoint.startsWith('unix:');
	const seen = await Promise.all(
		places.map(async (place): Promise<FileSpace[]> => {
			if (place.path === '/') return engine ? [{...engine, data: place.data}] : [];
			if (place.source === null) return [];
			if (place.place === 'bind') {
				const space = here ? await files.space(place.source) : null;
				return space ? [{...place, ...space}] : [];
			}
			const volume = await docker.volume(place.source);
			// A volume with options of its own is mounted only while somebody uses it.
			if (volume?.driver !== 'local' || Object.keys(volume.options ?? {}).length > 0) return [];
			const space = (here ? await files.space(volume.mountpoint) : null) ?? engine ?? null;
			return space ? [{...space, ...place, place: 'engine' as const}] : [];
		}),
	);
	return seen.flat();
}

export const fileSpace = probe<FileSpace[]>({
	id: 'file-space',
	title: service =>
		say(`Measuring the file systems that ${service} writes to`, `查看 ${service} 所写文件系统的剩余空间`),
	like: service => `docker compose exec ${service} df -k / /dev/shm $PGDATA`,
	deadline: 6000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container) throw new Error('there is no container');
		const data = container.mounts.some(({destination}) => destination.startsWith('/var/lib/postgresql'))
			? await dataPathOf(world, container)
			: null;
		const places = placesOf(container, data);
		const seen = container.status === 'running' ? await inside(world, container, places, signal).catch(() => []) : [];
		const found = seen.length > 0 ? seen : await outside(world, container, places, signal);
		if (found.length > 0) return found;
		throw new Error('nobody can look at its file systems from here');
	},
});
