import {basename, dirname} from 'node:path';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {presentContainers} from './present-container.ts';

type LogFile = {name: string; bytes: number};

/** The log of one container on the engine's machine: the file that grows, and those that rotation has put aside. */
export type LogFiles = {service: string; folder: string; live: LogFile | null; rotated: LogFile[]};

/** What takes room on the engine's own disk and is nobody's data. Bytes. */
export type RoomTakers = {
	/** Images without a name from which no container was made. */
	dangling: {id: string; bytes: number; createdAt: string}[];
	/** Images with a name that no container uses: only told, for somebody may need them. */
	unused: {count: number; bytes: number};
	/** Build cache that nothing uses. */
	cache: {id: string; says: string; bytes: number}[];
	logs: LogFiles[];
};

const listScript =
	'for folder in "$@"; do for file in "$folder"/*-json.log*; do [ -f "$file" ] && stat -c "%s %n" "$file"; done; done; true';

/** Docker's own names: `<id>-json.log`, then `.1`, `.2`, … or `.1.gz` where they are compressed (moby's loggerutils). */
const rotatedName = /-json\.log\.\d+(?:\.gz)?$/;

/** The sizes of log files, by a read-only look of a throwaway container at the folders that hold them. */
async function logsOf(world: ReadWorld, containers: readonly Container[], signal: AbortSignal): Promise<LogFiles[]> {
	const {docker} = world;
	const image = containers[0]?.imageId;
	const named = await Promise.all(
		containers.map(async ({id, service}) => ({service, file: await docker.logFile(id).catch(() => null)})),
	);
	const known = named.flatMap(({service, file}) =>
		file ? [{service, folder: dirname(file), file: basename(file)}] : [],
	);
	if (!image || known.length === 0) return [];
	const {code, stdout} = await docker.helper(
		{
			image,
			network: 'none',
			user: '0:0',
			command: ['sh', '-c', listScript, 'sh', ...known.map((_, index) => `/logs/${index}`)],
			mounts: known.map(({folder}, index) => ({source: folder, destination: `/logs/${index}`})),
		},
		signal,
	);
	if (code !== 0) return [];
	const files = stdout.split('\n').flatMap(line => {
		const [, bytes, index, name] = /^(\d+) \/logs\/(\d+)\/(.+)$/.exec(line) ?? [];
		return name === undefined ? [] : [{index: Number(index), name, bytes: Number(bytes)}];
	});
	return known.map(({service, folder, file}, index) => {
		const own = files.filter(one => one.index === index).map(({name, bytes}) => ({name, bytes}));
		return {
			service,
			folder,
			live: own.find(({name}) => name === file) ?? null,
			rotated: own.filter(({name}) => name.startsWith(file) && rotatedName.test(name)),
		};
	});
}

/** Asked only when a disk is full: the engine adds up the files of every image for it. */
export const roomTakers = probe<RoomTakers>({
	id: 'room-takers',
	title: () => say('Adding up images, build cache and container logs', '统计镜像、构建缓存和容器日志占用的空间'),
	like: () => 'docker system df -v; ls -l /var/lib/docker/containers/*/*-json.log*',
	deadline: 30_000,
	async observe(world, _about, signal) {
		const [use, all, own] = await Promise.all([
			world.docker.diskUse(signal),
			world.docker.containers(null, signal),
			presentContainers(world),
		]);
		const used = new Set(all.map(({imageId}) => imageId));
		const idle = use.images.filter(({id, containers}) => containers === 0 && !used.has(id));
		const named = idle.filter(({names}) => names.length > 0);
		return {
			dangling: idle
				.filter(({names}) => names.length === 0)
				.map(({id, bytes, createdAt}) => ({id, bytes, createdAt}))
				.sort((one, other) => other.bytes - one.bytes),
			unused: {count: named.length, bytes: named.reduce((sum, {bytes}) => sum + bytes, 0)},
			cache: use.cache
				.filter(({inUse, shared, bytes}) => !inUse && !shared && bytes > 0)
				.map(({id, says, bytes}) => ({id, says, bytes}))
				.sort((one, other) => other.bytes - one.bytes),
			logs: await logsOf(world, own, signal).catch(() => []),
		};
	},
});
