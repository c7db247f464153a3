import {otherUsers, placeOfMounts} from '../core/mount-users.ts';
import type {Container, DockerReader, ReadWorld} from '../core/world.ts';
import {roleFromImage} from '../stacks/images.ts';
import {plainVariable} from '../world/server-place.ts';

/** Another running container whose server keeps its data in the very same folder. */
export type OtherServer = {
	/** The container's name: the one thing that is unique on the engine. */
	name: string;
	project: string | null;
	service: string | null;
	startedAt: string | null;
	/** `name`: the same volume; `path`: the same folder of the host under another name. */
	sharedBy: 'name' | 'path';
	/** Whether a server was seen at work there, or only its image says so (between two starts there is no process). */
	seen: boolean;
};

const defaultPath = '/var/lib/postgresql/data';

/** The data directory that a command line names: `-D dir`, `-Ddir`, `--pgdata=dir`, `-c data_directory=dir`. */
function namedIn(words: readonly string[]): string | null {
	for (const [index, word] of words.entries()) {
		const next = words[index + 1];
		if ((word === '-D' || word === '--pgdata') && next) return next;
		const joined = /^(?:-D|--pgdata=|--data_directory=|data_directory=)(\/.*)$/.exec(word)?.[1];
		if (joined) return joined;
	}
	return null;
}

/** PGDATA of a server's container: its command line, its environment, the image's default. */
export async function dataPathOf({docker}: Pick<ReadWorld, 'docker'>, container: Container): Promise<string> {
	const named = namedIn([...container.entrypoint, ...container.command]);
	const path = named ?? (await plainVariable(docker, container.id, 'PGDATA')) ?? '';
	return (path || defaultPath).replace(/(?<=.)\/+$/, '');
}

export type Mount = Container['mounts'][number];

/** The innermost mount that a path lies in. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
	const around = mounts.filter(
		({destination}) => path === destination || path.startsWith(`${destination.replace(/\/$/, '')}/`),
	);
	return around.toSorted((a, b) => b.destination.length - a.destination.length)[0] ?? null;
}

/** Every name of the place where a mount's content lies. */
export async function namesOf(mount: Mount, docker: DockerReader): Promise<{names: string[]; paths: string[]}> {
	const {names, paths} = placeOfMounts([mount]);
	const volume = mount.type === 'volume' ? await docker.volume(mount.name) : null;
	return {
		names: [...names],
		paths: [...paths, ...[volume?.mountpoint, volume?.device].filter(path => typeof path === 'string' && path !== '')],
	} as {names: string[]; paths: string[]};
}

/** Where a server's data lies on the host, under every name of it: volume names and paths, each with the way down to the data. */
async function homesOf(world: Pick<ReadWorld, 'docker'>, container: Container): Promise<string[]> {
	const path = await dataPathOf(world, container);
	const mount = mountOf(path, container.mounts);
	if (!mount || mount.type === 'tmpfs' || !mount.writable) return [];
	const {names, paths} = await namesOf(mount, world.docker);
	const down = path.slice(mount.destination.replace(/\/$/, '').length);
	return [
		...names.map(name => `volume ${name}${down}`),
		...paths.map(base => `path ${base.replace(/(?<=.)\/+$/, '')}${down}`),
	];
}

/** The server itself, not one of the processes that it starts (`postgres: checkpointer`), nor a tool with a name like it. */
const server = /^(?:\S*\/)?(?:postgres|postmaster)(?=\s|$)/;

/**
 * Other containers whose server works on the same files, whatever they are mounted as. A folder above that two servers share, each
 * with a directory of its own below it, is no trouble; neither is a tool that only looks at the files.
 */
export async function otherServers(
	world: Pick<ReadWorld, 'docker'>,
	container: Container,
	all: readonly Container[],
): Promise<OtherServer[]> {
	const own = await homesOf(world, container);
	if (own.length === 0) return [];
	const places = await Promise.all(container.mounts.map(mount => namesOf(mount, world.docker)));
	const place = {names: places.flatMap(({names}) => names), paths: places.flatMap(({paths}) => paths)};
	const found = await Promise.all(
		otherUsers(all, place, [container.id]).map(async (other): Promise<OtherServer | null> => {
			const homes = await homesOf(world, other);
			const common = homes.filter(home => own.includes(home));
			if (common.length === 0) return null;
			const processes = await world.docker.processes(other.id);
			const seen = processes?.some(line => server.test(line)) ?? false;
			if (processes ? !seen : roleFromImage(other) !== 'database') return null;
			const {name, project, service, startedAt} = other;
			return {
				name,
				project: project || null,
				service: service || null,
				startedAt,
				sharedBy: common.some(home => home.startsWith('volume ')) ? 'name' : 'path',
				seen,
			};
		}),
	);
	return found.filter(other => other !== null);
}
