import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {serversOfHost} from '../../source/world/host-servers.ts';
import {withFolder} from '../helpers/cli.ts';

/** A process list as the kernel lays it out, with one process for each entry. */
async function processes(
	folder: string,
	list: Record<string, {comm: string; cwd?: string; cgroup?: string}>,
): Promise<string> {
	const root = join(folder, 'proc');
	for (const [pid, {comm, cwd, cgroup = '0::/'}] of Object.entries(list)) {
		await mkdir(join(root, pid), {recursive: true});
		await writeFile(join(root, pid, 'comm'), `${comm}\n`);
		await writeFile(join(root, pid, 'cgroup'), `${cgroup}\n`);
		if (cwd) await symlink(cwd, join(root, pid, 'cwd'));
	}
	return root;
}

const kernel = {'2': {comm: 'kthreadd'}};

test('a server is found by its working folder, whatever name leads there', () =>
	withFolder(async folder => {
		const [data, other, name] = ['data', 'other', 'name'].map(one => join(folder, one)) as [string, string, string];
		await mkdir(data);
		await mkdir(other);
		await symlink(data, name);
		const root = await processes(folder, {
			...kernel,
			'10': {comm: 'postgres', cwd: name},
			'11': {comm: 'postgres', cwd: other, cgroup: `0::/docker/${'a'.repeat(64)}`},
			'12': {comm: 'postmaster'},
			'13': {comm: 'bash', cwd: data},
		});
		expect(await serversOfHost(data, root)).toEqual([
			{pid: 10, isThere: true, container: null},
			{pid: 11, isThere: false, container: 'a'.repeat(64)},
			{pid: 12, isThere: null, container: null},
		]);
	}));

test('the process list of a container proves nothing', () =>
	withFolder(async folder => {
		const root = await processes(folder, {'1': {comm: 'node'}, '2': {comm: 'sh'}});
		expect(await serversOfHost(folder, root)).toBeNull();
		expect(await serversOfHost(folder, join(folder, 'nothing'))).toBeNull();
	}));
