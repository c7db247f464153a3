import {readdir, readFile, stat} from 'node:fs/promises';

/** A server's process as this machine's own process list shows it. */
export type HostServer = {
	pid: number;
	/** Whether it works in the folder asked about; null where this user may not look. */
	isThere: boolean | null;
	/** Id of the container that it lives in, of whatever engine; null outside of containers. */
	container: string | null;
};

/** The kernel's short name of a server: PostgreSQL's own, the old one, and that of builds that add to it. */
const server = /^(?:edb-)?postgres|^postmaster/;

/** Two folders are one when device and inode agree, whatever names and mounts lead to them. */
const identity = async (path: string): Promise<string | null> => {
	const found = await stat(path, {bigint: true}).catch(() => null);
	return found ? `${found.dev}:${found.ino}` : null;
};

/**
 * Servers of this machine, inside containers and outside, against one folder. A server's working folder is its data directory
 * (PostgreSQL's `ChangeToDataDir`), and `/proc/<pid>/cwd` leads there through every mount.
 * @param folder of this machine
 * @param root the process list; another one only in tests
 * @returns null where the machine's own process list can't be seen: another system, a container, a hidden `/proc`
 */
export async function serversOfHost(folder: string, root = '/proc'): Promise<HostServer[] | null> {
	// Only the list of the machine itself has the kernel's own second process.
	const second = await readFile(`${root}/2/comm`, 'utf8').catch(() => '');
	if (second.trim() !== 'kthreadd') return null;
	const wanted = await identity(folder);
	const found: HostServer[] = [];
	for (const name of await readdir(root)) {
		if (!/^\d+$/.test(name)) continue;
		const comm = await readFile(`${root}/${name}/comm`, 'utf8').catch(() => '');
		if (!server.test(comm)) continue;
		const [cgroup, place] = await Promise.all([
			readFile(`${root}/${name}/cgroup`, 'utf8').catch(() => ''),
			identity(`${root}/${name}/cwd`),
		]);
		found.push({
			pid: Number(name),
			isThere: place === null || wanted === null ? null : place === wanted,
			container: /[0-9a-f]{64}/.exec(cgroup)?.[0] ?? null,
		});
	}
	return found;
}
