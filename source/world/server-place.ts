import {otherUsers, type Place, placeOfMounts, touches} from '../core/mount-users.ts';
import {list, say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, DockerReader, ReadWorld, Volume} from '../core/world.ts';

/** A database server's container with where its data lies inside and whose the files are. */
export type Server = {
	container: Container;
	/** PGDATA inside the container. */
	data: string;
	/** `uid:gid` that owns the data: 70 or 999 by the image, or whatever `user:` says. */
	owner: string;
	environment: ReadonlyMap<string, string>;
};

const defaultData = '/var/lib/postgresql/data';

/** The data directory a command line names: `-D dir`, `-Ddir`, `--pgdata=dir`, `-c data_directory=dir`. */
function dataArgument(words: readonly string[]): string | null {
	for (const [index, word] of words.entries()) {
		const next = words[index + 1];
		if ((word === '-D' || word === '--pgdata') && next) return next;
		const joined = /^(?:-D|--pgdata=|--data_directory=|data_directory=)(\/.*)$/.exec(word)?.[1];
		if (joined) return joined;
	}
	return null;
}

/** The present container of a service: one-off containers of `compose run` don't count. */
export async function containerOf(world: ReadWorld, service: string): Promise<Container> {
	const project = world.target.kind === 'compose' ? world.target.project : null;
	const all = project === null ? [] : await world.docker.containers(project);
	const found = all.find(one => one.service === service && !one.oneOff);
	if (found) return found;
	throw new Trouble('no-container', say(`\`${service}\` has no container.`, `\`${service}\` 没有容器。`), {
		next: say(`Create it with \`docker compose up -d ${service}\`.`, `用 \`docker compose up -d ${service}\` 创建。`),
	});
}

/** PGDATA as the container's command line or environment has it, else where the official image keeps it up to version 17. */
export async function dataPathOf(
	world: ReadWorld,
	container: Container,
): Promise<Pick<Server, 'data' | 'environment'>> {
	const secrets = await world.docker.environment(container.id);
	const environment = new Map(
		['PGDATA', 'POSTGRES_USER', 'PGPORT'].flatMap(name => {
			const value = secrets.get(name)?.open();
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
	const data =
		dataArgument([...container.entrypoint, ...container.command]) ?? environment.get('PGDATA') ?? defaultData;
	return {data, environment};
}

/** @throws Trouble when there is no container or no initialised data directory */
export async function serverOf(world: ReadWorld, service: string): Promise<Server> {
	const container = await containerOf(world, service);
	const {data, environment} = await dataPathOf(world, container);
	const version = await world.docker.readFile(container.id, `${data}/PG_VERSION`);
	if (!version)
		throw new Trouble(
			'no-data',
			say(
				`\`${data}\` of \`${service}\` holds no initialised data directory.`,
				`\`${service}\` 的 \`${data}\` 中没有已初始化的数据目录。`,
			),
		);
	return {container, data, owner: `${version.uid}:${version.gid}`, environment};
}

/**
 * Every name under which the server's mounts can be mounted elsewhere: mount points of volumes, the folders that volumes only lead
 * to (`driver_opts: {type: none, o: bind, device: …}`), and other volumes that lead to the same folder.
 */
export async function placeOfServer(docker: DockerReader, mounts: Container['mounts']): Promise<Place> {
	const {names, paths} = placeOfMounts(mounts);
	const volumes = await docker.volumes();
	const folderOf = ({device}: Volume): string[] => (device?.startsWith('/') ? [device] : []);
	const own = volumes.filter(({name}) => names.includes(name));
	const all = [...paths, ...own.flatMap(volume => [volume.mountpoint, ...folderOf(volume)])].filter(
		path => path !== '',
	);
	const others = volumes.filter(volume => folderOf(volume).some(folder => all.some(path => touches(path, folder))));
	return {
		names: [...new Set([...names, ...others.map(({name}) => name)])],
		paths: [...new Set([...all, ...others.map(({mountpoint}) => mountpoint)])],
	};
}

/**
 * Proves that nobody else could write to these mounts, right before a process of postgres is started on them: two servers
 * in two containers see different process ids, so `postmaster.pid` protects nothing.
 * @param except ids of containers that may run
 * @throws Trouble naming the others
 */
export async function aloneOn(
	docker: DockerReader,
	mounts: Container['mounts'],
	except: readonly string[],
): Promise<void> {
	const place = await placeOfServer(docker, mounts);
	const others = otherUsers(await docker.containers(null), place, except).map(({name}) => name);
	if (others.length === 0) return;
	throw new Trouble(
		'data-in-use',
		say(`The data directory is in use by ${others.join(', ')}.`, `数据目录正被 ${list(others).zh} 使用。`),
		{
			why: say(
				'A second server on one data directory would destroy it.',
				'同一个数据目录上若有第二个服务器，数据会被毁坏。',
			),
			next: say(
				`Stop it first: \`docker stop ${others.join(' ')}\`.`,
				`请先停止：\`docker stop ${others.join(' ')}\`。`,
			),
		},
	);
}

/** The data mounts of a server, as a helper takes them: everything below or above PGDATA, links to other mounts included. */
export const dataMounts = (container: Container, data: string): Container['mounts'] =>
	container.mounts.filter(
		({type, destination}) =>
			type !== 'tmpfs' &&
			(data === destination ||
				data.startsWith(`${destination}/`) ||
				destination.startsWith(`${data}/`) ||
				destination.startsWith('/var/lib/postgresql')),
	);

export const helperMounts = (
	mounts: Container['mounts'],
	readonly: boolean,
): {source: string; destination: string; readonly: boolean}[] =>
	mounts.map(({type, name, source, destination}) => ({
		source: type === 'volume' ? name : source,
		destination,
		readonly,
	}));

/** One variable of a container that holds no secret, such as PGDATA. Null when it is not set. */
export async function plainVariable(
	docker: DockerReader,
	containerId: string,
	name: 'PGDATA' | 'PGPORT' | 'PG_MAJOR' | 'PATH',
): Promise<string | null> {
	return (await docker.environment(containerId)).get(name)?.open() ?? null;
}
