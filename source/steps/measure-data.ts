import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {controlOf, runScript, whole} from './parts/data-helper.ts';
import {putNote} from './parts/notes.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Everything on the mount is copied, into a volume; without it the method of the place tells. */
	wholeMount?: boolean;
};

export type Measure = {bytes: number; free: number; systemIdentifier: string};

/** Room for the copy and for the throwaway server's copy of it, with some air: the same file system holds both. */
const copies = 2;
const air = 256 * 1024 * 1024;

/**
 * Prints the size of the data in KiB, the free KiB where the engine keeps volumes and container layers, and every link that
 * leads out of the data directory: a tablespace or a pg_wal elsewhere would not be part of a copy or a rename.
 */
export const measureScript = `
du -sk "\${3:-$1}" | cut -f1
df -Pk / | awk 'NR == 2 {print $4}'
find "$1" -type l | while IFS= read -r link; do
	target=$(readlink "$link")
	case "$target" in "$2"/*) continue ;; /*) ;; *) case "$target" in *..*) ;; *) continue ;; esac ;; esac
	printf '%s -> %s\\n' "\${link#"$1"/}" "$target"
done
`;

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** Looks at the data before anything stops: size, room for a copy, identity, and whether it lies in one place. Changes nothing. */
export const measureData = step<Input, Measure>({
	id: 'measure-data',
	risk: 'none',
	says: () => say('Measure the data directory and the free space', '测量数据目录大小和剩余空间'),
	like: ({place}) => `du -sk ${place.path}; df -Pk /; find ${place.path} -type l; pg_controldata ${place.path}`,
	async before({service, place, wholeMount = false}, world) {
		const container = await containerOf(world, service);
		const {mounts, path} = whole(place, true);
		const {stdout} = await runScript(world, {
			image: container.imageId,
			mounts,
			script: measureScript,
			words: [path, place.path, wholeMount ? (mounts[0]?.destination ?? path) : path],
			purpose: 'measure',
		});
		const [size, free, ...links] = stdout.split('\n').filter(line => line !== '');
		if (links.length > 0)
			throw new Trouble(
				'data-elsewhere',
				say('Part of the data lies outside the data directory.', '部分数据位于数据目录之外。'),
				{
					why: say(
						`Links lead out of it: ${links.slice(0, 5).join(', ')}`,
						`有链接指向外部：${links.slice(0, 5).join('、')}`,
					),
					next: say(
						'Move tablespaces and `pg_wal` back first, or make a `pg_dumpall` backup and start over by hand.',
						'请先把表空间和 `pg_wal` 移回，或用 `pg_dumpall` 备份后手动重建。',
					),
				},
			);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (!control)
			throw new Trouble('no-data', say('The data directory has no control file.', '数据目录中没有控制文件。'), {
				why: say(
					'It is empty or was never initialised to the end, so there is nothing to keep.',
					'它是空的，或从未完整初始化，因此没有可以保留的内容。',
				),
			});
		const measure = {bytes: Number(size) * 1024, free: Number(free) * 1024, systemIdentifier: control.systemIdentifier};
		const needed = place.method === 'copy' || wholeMount ? measure.bytes * copies + air : 0;
		if (measure.free < needed)
			throw new Trouble(
				'no-space',
				say('There is not enough free space for a proven copy.', '剩余空间不足以制作并验证副本。'),
				{
					why: say(
						`The data takes ${megabytes(measure.bytes)}; ${megabytes(needed)} are needed, ${megabytes(measure.free)} are free.`,
						`数据占用 ${megabytes(measure.bytes)}；需要 ${megabytes(needed)}，剩余 ${megabytes(measure.free)}。`,
					),
					next: say(
						'Free some space, for example with `docker image prune`, and try again.',
						'请先释放空间（例如 `docker image prune`），再重试。',
					),
				},
			);
		return measure;
	},
	async apply(_input, measure, world) {
		await putNote(world, 'measure.json', measure);
	},
	undo: say('Nothing was changed.', '没有任何改动。'),
});
