import {otherUsers} from '../core/mount-users.ts';
import {readPostmasterPid} from '../core/postmaster-pid.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, DockerReader} from '../core/world.ts';
import {plainVariable} from '../world/server-place.ts';
import {presentContainer} from './present-container.ts';
import {dataPathOf, type Mount, mountOf, namesOf, type OtherServer, otherServers} from './shared-data.ts';

export {dataPathOf} from './shared-data.ts';

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
	/** Those of them whose server keeps its data in the very same folder. */
	otherServers: OtherServer[];
	/** PG_VERSION's content, or null when there is no initialised data directory. */
	majorVersion: string | null;
	/** When initdb made it (modification time of PG_VERSION). */
	initialisedAt: string | null;
	postmasterPid: {status: string; address: string; port: number | null} | null;
	/** The image's own major version (`PG_MAJOR`, which the official image and those made from it set). */
	imageMajor: string | null;
	/** What stands in a directory without PG_VERSION: its first names, in alphabetical order. Empty where there is a database. */
	entries: string[];
	/** Where else a PG_VERSION stands: folders below such a directory, those between it and its mount, and the mount of images before 18. */
	databasesNearby: {path: string; majorVersion: string | null}[];
};

/** Docker names a volume that nobody named by 64 hexadecimal digits; Compose labels the volumes that it made itself. */
async function kindOf(mount: Mount | null, project: string, docker: DockerReader): Promise<DataDirectory['kind']> {
	if (!mount || mount.type === 'tmpfs') return 'none';
	if (mount.type !== 'volume') return 'bind';
	const labels = (await docker.volume(mount.name))?.labels ?? {};
	const owner = labels['com.docker.compose.project'];
	if (owner === project) return 'named-volume';
	return /^[0-9a-f]{64}$/.test(mount.name) && owner === undefined ? 'anonymous-volume' : 'external-volume';
}

const mostNames = 20;

/** What is in a directory that holds no database, and where one may be instead: one level off in either direction. */
async function lookAround(
	docker: DockerReader,
	{id, mounts}: Container,
	path: string,
): Promise<Pick<DataDirectory, 'entries' | 'databasesNearby'>> {
	const found = (await docker.list(id, path))?.entries ?? [];
	const below = found.flatMap(({name}) => /^(.+)\/PG_VERSION$/.exec(name)?.[1] ?? []).map(name => `${path}/${name}`);
	// Up to the outermost mount: data directories are mounted one level too high or too low.
	const highest = Math.min(
		...mounts
			.map(({destination}) => destination)
			.filter(at => path.startsWith(at))
			.map(at => at.length),
		path.length,
	);
	const above: string[] = [];
	for (
		let at = path.slice(0, path.lastIndexOf('/'));
		at.length >= Math.max(1, highest);
		at = at.slice(0, at.lastIndexOf('/'))
	)
		above.push(at);
	const read = async (folder: string) => ({folder, file: await docker.readFile(id, `${folder}/PG_VERSION`)});
	// Images of 18 and later don't look where those before kept their data.
	const former = mounts
		.map(({destination}) => destination)
		.filter(at => at === '/var/lib/postgresql/data' && at !== path && !above.includes(at) && !below.includes(at));
	const files = await Promise.all([...below, ...above, ...former].map(read));
	return {
		entries: found
			.filter(({name}) => !name.includes('/'))
			.map(({name}) => name)
			.slice(0, mostNames),
		databasesNearby: files.flatMap(({folder, file}) =>
			file ? [{path: folder, majorVersion: file.content.toString('latin1').trim() || null}] : [],
		),
	};
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
			otherServers: [],
			imageMajor: null,
			entries: [],
			databasesNearby: [],
			majorVersion: null,
			initialisedAt: null,
			postmasterPid: null,
			source: null,
			mountedAt: null,
		};
		if (!container) return {...nothing, path: '', kind: world.target.kind === 'database' ? 'outside' : 'none'};
		const path = await dataPathOf(world, container);
		const mount = mountOf(path, container.mounts);
		const [kind, place, all, version, pid, imageMajor] = await Promise.all([
			kindOf(mount, container.project, docker),
			mount && mount.type !== 'tmpfs' ? namesOf(mount, docker) : null,
			docker.containers(null, signal),
			docker.readFile(container.id, `${path}/PG_VERSION`),
			docker.readFile(container.id, `${path}/postmaster.pid`),
			plainVariable(docker, container.id, 'PG_MAJOR'),
		]);
		const majorVersion = version?.content.toString('latin1').trim() || null;
		const others = place ? otherUsers(all, place, [container.id]) : [];
		const {status, address, port} = readPostmasterPid(pid?.content.toString('latin1') ?? '');
		return {
			path,
			kind,
			source: kind === 'none' || !mount ? null : mount.type === 'volume' ? mount.name : mount.source,
			mountedAt: kind === 'none' || !mount ? null : mount.destination,
			sharedWith: others.map(nameOf),
			otherServers: others.length > 0 ? await otherServers(world, container, all) : [],
			majorVersion,
			initialisedAt: version && version.content.length > 0 ? version.modifiedAt : null,
			postmasterPid: pid ? {status, address, port} : null,
			imageMajor: imageMajor || null,
			...(majorVersion === null ? await lookAround(docker, container, path) : {entries: [], databasesNearby: []}),
		};
	},
});
