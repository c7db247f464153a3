import {otherUsers, type Place, placeOfMounts} from '../core/mount-users.ts';
import {readPostmasterPid} from '../core/postmaster-pid.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, DockerReader, ReadWorld} from '../core/world.ts';
import {plainVariable} from '../world/server-place.ts';
import {presentContainer} from './present-container.ts';

export type DataDirectory = {
	/** PGDATA inside the container. */
	path: string;
	/** `none`: the data lives in the container's own layer. */
	kind: 'bind' | 'named-volume' | 'anonymous-volume' | 'external-volume' | 'none' | 'outside';
	/** Volume name or host path of the mount that holds PGDATA. */
	source: string | null;
	/** Where that mount sits in the container. */
	mountedAt: string | null;
	/** Other running containers that mount the same volume or path: project/service names. */
	sharedWith: string[];
	/** PG_VERSION's content, or null when there is no initialised data directory. */
	majorVersion: string | null;
	/** When initdb made it (modification time of PG_VERSION). */
	initialisedAt: string | null;
	postmasterPid: {status: string; address: string; port: number | null} | null;
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

type Mount = Container['mounts'][number];

/** The innermost mount that a path lies in. */
function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
	const around = mounts.filter(
		({destination}) => path === destination || path.startsWith(`${destination.replace(/\/$/, '')}/`),
	);
	return around.toSorted((a, b) => b.destination.length - a.destination.length)[0] ?? null;
}

/** Docker names a volume that nobody named by 64 hexadecimal digits; Compose labels the volumes that it made itself. */
async function kindOf(mount: Mount | null, project: string, docker: DockerReader): Promise<DataDirectory['kind']> {
	if (!mount || mount.type === 'tmpfs') return 'none';
	if (mount.type !== 'volume') return 'bind';
	const labels = (await docker.volume(mount.name))?.labels ?? {};
	const owner = labels['com.docker.compose.project'];
	if (owner === project) return 'named-volume';
	return /^[0-9a-f]{64}$/.test(mount.name) && owner === undefined ? 'anonymous-volume' : 'external-volume';
}

/** Every name of the place where a mount's content lies. */
async function placeOf(mount: Mount, docker: DockerReader): Promise<Place> {
	const {names, paths} = placeOfMounts([mount]);
	const mountpoint = mount.type === 'volume' ? (await docker.volume(mount.name))?.mountpoint : undefined;
	return {names, paths: mountpoint ? [...paths, mountpoint] : paths};
}

const nameOf = ({project, service, name}: Container): string => (project && service ? `${project}/${service}` : name);

export const dataDirectory = probe<DataDirectory>({
	id: 'data-directory',
	title: service =>
		say(
			`Looking at the data directory of ${service || 'the database'} from outside`,
			`从外部查看 ${service || '数据库'} 的数据目录`,
		),
	like: service => `docker cp <${service} container>:$PGDATA/PG_VERSION -`,
	async observe(world, service, signal) {
		const {docker} = world;
		const container = await presentContainer(world, service);
		const nothing = {
			sharedWith: [],
			majorVersion: null,
			initialisedAt: null,
			postmasterPid: null,
			source: null,
			mountedAt: null,
		};
		if (!container) return {...nothing, path: '', kind: world.target.kind === 'database' ? 'outside' : 'none'};
		const path = await dataPathOf(world, container);
		const mount = mountOf(path, container.mounts);
		const [kind, place, all, version, pid] = await Promise.all([
			kindOf(mount, container.project, docker),
			mount && mount.type !== 'tmpfs' ? placeOf(mount, docker) : null,
			docker.containers(null, signal),
			docker.readFile(container.id, `${path}/PG_VERSION`),
			docker.readFile(container.id, `${path}/postmaster.pid`),
		]);
		const others = place ? otherUsers(all, place, [container.id]) : [];
		const {status, address, port} = readPostmasterPid(pid?.content.toString('latin1') ?? '');
		return {
			path,
			kind,
			source: kind === 'none' || !mount ? null : mount.type === 'volume' ? mount.name : mount.source,
			mountedAt: kind === 'none' || !mount ? null : mount.destination,
			sharedWith: others.map(nameOf),
			majorVersion: version?.content.toString('latin1').trim() || null,
			initialisedAt: version && version.content.length > 0 ? version.modifiedAt : null,
			postmasterPid: pid ? {status, address, port} : null,
		};
	},
});
