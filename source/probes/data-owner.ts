import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, DockerReader, PathOwner} from '../core/world.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** Who owns a server's files and who has to read them, seen from outside. Ids are the image's own, never constants. */
export type DataOwner = {
	/** PGDATA inside the container. */
	path: string;
	/** PGDATA itself; null when it is not there. */
	directory: PathOwner | null;
	/** Files without which no server starts, as far as they are there. */
	files: (PathOwner & {path: string})[];
	/** Who the server runs as in the end. `uid` is null when the image does not know the name. */
	runsAs: {uid: number | null; name: string};
	/** The container starts as root, and the image's entrypoint hands the files over before it steps down. */
	handsOver: boolean;
	/** What `postmaster.pid` holds; null when it is not there. */
	lock: {holds: 'nothing' | 'garbage' | 'pid'; pid: number | null} | null;
	/** Folders for the server's socket, as the command line or the image has them. */
	sockets: {path: string; at: PathOwner | null; onTmpfs: boolean}[];
};

const telling = ['PG_VERSION', 'postgresql.conf', 'global/pg_control'];
const usualSockets = ['/var/run/postgresql'];

/** The user of a line of `/etc/passwd` (passwd(5)). */
function idIn(passwd: string, name: string): number | null {
	const line = passwd.split('\n').find(one => one.startsWith(`${name}:`));
	const uid = Number(line?.split(':')[2]);
	return line && Number.isInteger(uid) ? uid : null;
}

const isRoot = (user: string): boolean => ['', '0', 'root'].includes(user.split(':')[0] ?? '');

/** The official entrypoint by any of its names; with another one nobody changes an owner. */
const handsFilesOver = ({entrypoint, user}: Container): boolean =>
	isRoot(user) && entrypoint.some(word => /(?:^|\/)(?:docker-)?entrypoint(?:\.sh)?$/.test(word));

async function serverUser(docker: DockerReader, container: Container): Promise<DataOwner['runsAs']> {
	const [wanted = ''] = container.user.split(':');
	if (/^\d+$/.test(wanted) && wanted !== '0') return {uid: Number(wanted), name: wanted};
	const name = isRoot(wanted) ? 'postgres' : wanted;
	const passwd = await docker.readFile(container.id, '/etc/passwd');
	return {uid: idIn(passwd?.content.toString('latin1') ?? '', name), name};
}

/** `-c unix_socket_directories=a,b` or `--unix_socket_directories=a,b`; `-k a` is its short form (postgres(1)). */
function socketFolders(words: readonly string[]): string[] {
	for (const [index, word] of words.entries()) {
		const value =
			/^(?:--|-c)?unix[_-]socket[_-]directories=(.*)$/.exec(word)?.[1] ??
			(word === '-k' ? words[index + 1] : undefined);
		if (value !== undefined)
			return value
				.replaceAll(/["']/g, '')
				.split(',')
				.map(path => path.trim())
				.filter(path => path.startsWith('/'));
	}
	return usualSockets;
}

function readLock(content: Buffer): NonNullable<DataOwner['lock']> {
	const [first = ''] = content.toString('latin1').split('\n');
	if (content.length === 0) return {holds: 'nothing', pid: null};
	const pid = Number(first.trim());
	// A standalone server writes its number with a minus (PostgreSQL's miscinit.c, CreateLockFile).
	return Number.isInteger(pid) && pid !== 0 ? {holds: 'pid', pid: Math.abs(pid)} : {holds: 'garbage', pid: null};
}

const covers = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);

export const dataOwner = probe<DataOwner>({
	id: 'data-owner',
	title: service =>
		say(`Looking at who owns the files of ${service} from outside`, `从外部查看 ${service} 的文件归谁所有`),
	like: service => `docker cp <${service} container>:$PGDATA/PG_VERSION - | tar -tv`,
	deadline: 8000,
	async observe(world, service) {
		const {docker} = world;
		const container = await presentContainer(world, service);
		if (!container) throw new Error('there is no container');
		const path = await dataPathOf(world, container);
		const folders = socketFolders([...container.entrypoint, ...container.command]);
		const [directory, runsAs, lock, files, sockets] = await Promise.all([
			docker.owner(container.id, path),
			serverUser(docker, container),
			docker.readFile(container.id, `${path}/postmaster.pid`),
			Promise.all(
				telling.map(async name => {
					const found = await docker.owner(container.id, `${path}/${name}`);
					return found ? [{...found, path: `${path}/${name}`}] : [];
				}),
			),
			Promise.all(
				folders.map(async folder => ({
					path: folder,
					at: await docker.owner(container.id, folder),
					onTmpfs: (container.confinement?.tmpfs ?? []).some(one => covers(one, folder)),
				})),
			),
		]);
		return {
			path,
			directory,
			files: files.flat(),
			runsAs,
			handsOver: handsFilesOver(container),
			lock: lock && readLock(lock.content),
			sockets,
		};
	},
});
