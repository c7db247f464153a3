import {say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {containerOf} from '../../world/server-place.ts';
import {runScript} from './data-helper.ts';

/**
 * `uid:gid` that the engine runs a container's user as: names by the image's own lists; a number without a group has the group of
 * its entry, else 0 (Docker's `--user`). `$1` is the user, `$2` the group or nothing.
 */
const ownerScript = `
line=$(awk -F: -v u="$1" '$1 == u || $3 == u {print $3 ":" $4; exit}' /etc/passwd)
case "$1" in *[!0-9]*) uid=\${line%%:*} ;; *) uid=$1 ;; esac
case "$2" in
	'') gid=\${line#*:} ;;
	*[!0-9]*) gid=$(awk -F: -v g="$2" '$1 == g {print $3; exit}' /etc/group) ;;
	*) gid=$2 ;;
esac
echo "\${uid:-unknown}:\${gid:-0}"
`;

/**
 * `uid:gid` that a server's container runs as in the end.
 * @param uid as it was seen when the fix was planned
 * @throws Trouble when it is another by now
 */
export async function serverOwner(world: WriteWorld, service: string, uid: number): Promise<string> {
	const container = await containerOf(world, service);
	const [user = '', group = ''] = container.user.split(':');
	const name = ['', '0', 'root'].includes(user) ? 'postgres' : user;
	const {stdout} = await runScript(world, {
		image: container.imageId,
		mounts: [],
		script: ownerScript,
		words: [name, name === user ? group : ''],
		purpose: 'owner',
	});
	const owner = stdout.trim();
	if (owner.split(':')[0] === String(uid)) return owner;
	throw new Trouble(
		'user-changed',
		say(`The server’s user is ${owner} by now, not ${uid}.`, `服务器的用户现在是 ${owner}，而不是 ${uid}。`),
		{next: say('Run the diagnosis again.', '请重新诊断。')},
	);
}
