import {readdir, readFile, readlink} from 'node:fs/promises';
import {connect} from 'node:net';

/** State `LISTEN` in the kernel's table (Linux, Documentation/networking/proc_net_tcp.rst). */
const listening = '0A';

/** Inodes of the sockets that listen on a port, or null where there is no such table. */
async function listeningInodes(port: number): Promise<string[] | null> {
	const tables = await Promise.all(
		['/proc/net/tcp', '/proc/net/tcp6'].map(path => readFile(path, 'utf8').catch(() => null)),
	);
	if (tables.every(table => table === null)) return null;
	const wanted = port.toString(16).toUpperCase().padStart(4, '0');
	return tables.flatMap(table =>
		(table ?? '').split('\n').flatMap(line => {
			const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
			return state === listening && local.endsWith(`:${wanted}`) && inode ? [inode] : [];
		}),
	);
}

/** The program that owns one of the sockets. Only root sees other users' programs. */
async function ownerOf(inodes: readonly string[]): Promise<string | null> {
	const wanted = new Set(inodes.map(inode => `socket:[${inode}]`));
	const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name));
	for (const pid of pids) {
		const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
		const links = await Promise.all(files.map(file => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
		if (!links.some(link => wanted.has(link))) continue;
		const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
		return name === '' ? null : `${name}, PID ${pid}`;
	}
	return null;
}

const answers = (port: number): Promise<boolean> =>
	new Promise(resolve => {
		const socket = connect({host: '127.0.0.1', port});
		const leave = (answer: boolean): void => {
			socket.destroy();
			resolve(answer);
		};
		socket.setTimeout(500, () => leave(false));
		socket.once('connect', () => leave(true));
		socket.once('error', () => leave(false));
	});

/** Who listens on a TCP port of this machine. */
export async function listenerOn(port: number): Promise<{says: string | null} | null> {
	const inodes = await listeningInodes(port);
	if (inodes === null) return (await answers(port)) ? {says: null} : null;
	return inodes.length > 0 ? {says: await ownerOf(inodes)} : null;
}
