import {imageUser} from '../../core/image-user.ts';
import {say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {containerOf} from '../../world/server-place.ts';

/**
 * `uid:gid` that a server's container runs as in the end, by the image's own lists: one that starts as root steps down to `postgres`.
 * @param uid as it was seen when the fix was planned
 * @throws Trouble when it is another by now
 */
export async function serverOwner(world: WriteWorld, service: string, uid: number): Promise<string> {
	const container = await containerOf(world, service);
	const [passwd, group] = await Promise.all(
		['/etc/passwd', '/etc/group'].map(
			async path => (await world.docker.readFile(container.id, path))?.content.toString('utf8') ?? '',
		),
	);
	const [name = ''] = container.user.split(':');
	const user = ['', '0', 'root'].includes(name) ? 'postgres' : container.user;
	const found = imageUser(user, passwd ?? '', group ?? '');
	if (found?.uid === uid) return `${found.uid}:${found.gid}`;
	throw new Trouble(
		'user-changed',
		say(
			`The server’s user is ${found ? found.uid : 'unknown'} by now, not ${uid}.`,
			`服务器的用户现在是 ${found ? found.uid : '未知'}，而不是 ${uid}。`,
		),
		{next: say('Run the diagnosis again.', '请重新诊断。')},
	);
}
