import {type DataPlace, withinMount} from '../../core/data-place.ts';
import {list, say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {serversOfHost} from '../../world/host-servers.ts';
import {aloneOn} from '../../world/server-place.ts';
import {requireAlone} from './data-helper.ts';

/** The data directory as this machine knows it, and whether programs outside of containers have a way to it by design. */
async function onHost(world: WriteWorld, place: DataPlace): Promise<{folder: string | null; open: boolean}> {
	const volume = place.kind === 'volume' ? await world.docker.volume(place.source) : null;
	const base =
		place.kind === 'bind' ? place.source : volume?.device?.startsWith('/') ? volume.device : volume?.mountpoint;
	const inside = withinMount(place);
	const open = place.kind === 'bind' || (volume?.device ?? null) !== null;
	return {folder: base ? `${base}${inside === '' ? '' : `/${inside}`}` : null, open};
}

/**
 * Proves that no server works on a data directory: no other container that could write to it, and no process of this machine.
 * @param may.run the container's own server may still be between two crashes: only others count
 * @param may.hostIsChecked somebody has looked at the machine's processes where this program can't
 * @throws Trouble `data-in-use`, or `host-unseen` where a folder of the machine might have a server that nobody can see from here
 */
export async function requireUnused(
	world: WriteWorld,
	container: Container,
	place: DataPlace,
	may: {run: boolean; hostIsChecked: boolean},
): Promise<void> {
	if (may.run) {
		const mounts = container.mounts.filter(({name, source}) => place.source === name || place.source === source);
		await aloneOn(world.docker, mounts, [container.id]);
	} else await requireAlone(world, container, place);
	const {folder, open} = await onHost(world, place);
	const {endpoint} = await world.docker.info(world.signal);
	const servers = endpoint.startsWith('unix:') && folder ? await serversOfHost(folder) : null;
	const there = (servers ?? []).filter(one => one.isThere && !(may.run && one.container === container.id));
	if (there.length > 0)
		throw new Trouble('data-in-use', say('A server works on this data directory.', '有服务器正在使用这个数据目录。'), {
			why: say(
				`Process ${list(there.map(({pid}) => String(pid))).en} of this machine has it as its working folder.`,
				`本机进程 ${list(there.map(({pid}) => String(pid))).zh} 以它为工作目录。`,
			),
			next: say('Stop that server, then try again.', '请先停止该服务器，然后重试。'),
		});
	// A named volume is out of the way of everything but containers, and those are known.
	if (!open || may.hostIsChecked) return;
	const known = new Set((await world.docker.containers(null)).map(({id}) => id));
	const hidden = servers?.filter(one => one.isThere === null && !(one.container && known.has(one.container))) ?? [];
	if (servers !== null && hidden.length === 0) return;
	throw new Trouble(
		'host-unseen',
		say(
			'It can’t be seen from here whether a server outside of Docker uses this folder.',
			'从这里无法看出 Docker 之外是否有服务器在使用该目录。',
		),
		{
			why:
				servers === null
					? say('The processes of that machine are out of sight.', '看不到那台机器上的进程。')
					: say(
							`This user may not look into process ${hidden.map(({pid}) => pid).join(', ')}.`,
							`当前用户无权查看进程 ${hidden.map(({pid}) => pid).join('、')}。`,
						),
			next: say(
				'Look yourself with `pgrep -a postgres` on that machine; when none of them uses the folder, run the fix again with `--set host=checked`, or run it as root.',
				'请在那台机器上用 `pgrep -a postgres` 自行确认；若没有进程使用该目录，请加 `--set host=checked` 再次执行修复，或以 root 身份执行。',
			),
		},
	);
}
