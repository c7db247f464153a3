import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {runId, runScript, whole} from './parts/data-helper.ts';
import {type MountTrial, mountTrialScript, trialFolder} from './parts/mount-trial.ts';

type Input = {service: string; place: DataPlace; wants: 'modes' | 'owners'};

/** Finds out before anything stops whether a mount keeps modes and owners at all. */
export const tryMount = step<Input, Record<string, never>>({
	id: 'try-mount',
	risk: 'none',
	says: ({place, wants}) =>
		wants === 'modes'
			? say(
					`Try on a folder of its own whether \`${place.source}\` keeps modes`,
					`用一个临时文件夹试验 \`${place.source}\` 是否保存权限`,
				)
			: say(
					`Try on a folder of its own whether \`${place.source}\` keeps owners`,
					`用一个临时文件夹试验 \`${place.source}\` 是否保存所有者`,
				),
	like: ({place}) =>
		`mkdir ${place.path}/${trialFolder('<id>')}; chmod 700 …; chown … ; stat -c '%a %u:%g' …; rmdir …  # in a helper container`,
	async before({service, place, wants}, world) {
		const container = await containerOf(world, service);
		const {mounts, path} = whole(place, false);
		const {stdout} = await runScript(world, {
			image: container.imageId,
			mounts,
			script: mountTrialScript,
			words: [path, trialFolder(runId(world)), '2:3'],
			purpose: 'try',
		});
		const result = stdout.trim() as MountTrial;
		if (result === 'refuses-modes' || (wants === 'owners' && result === 'refuses-owners'))
			throw new Trouble(
				'mount-refuses',
				result === 'refuses-modes'
					? say(`\`${place.source}\` does not keep modes.`, `\`${place.source}\` 不保存权限。`)
					: say(`\`${place.source}\` does not keep owners.`, `\`${place.source}\` 不保存所有者。`),
				{
					why: say(
						'It was tried on a folder of its own; nothing else was touched. NTFS, exFAT, CIFS, shared folders of a virtual machine and NFS with `root_squash` are like that.',
						'已用一个临时文件夹试验；没有触碰其他内容。NTFS、exFAT、CIFS、虚拟机共享文件夹以及启用 `root_squash` 的 NFS 都是如此。',
					),
					next: say(
						'Move the data to a named volume: `compose-medic fix move-to-named-volume`.',
						'请把数据移到命名卷：`compose-medic fix move-to-named-volume`。',
					),
				},
			);
		return {};
	},
	apply: async () => {},
	/** Only a killed run leaves its folder behind. */
	async undo({service, place}, _before, world) {
		const container = await containerOf(world, service);
		const {mounts, path} = whole(place, false);
		await runScript(world, {
			image: container.imageId,
			mounts,
			script: 'rm -rf "$1/$2"',
			words: [path, trialFolder(runId(world))],
			purpose: 'try',
		});
	},
});
