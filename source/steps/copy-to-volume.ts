import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {copyFiles} from './parts/copy-files.ts';
import {controlOf, manifestOf, requireAlone, requireEqual, whole} from './parts/data-helper.ts';
import {dropMoved, makeVolume, target, volumeMounts} from './parts/moved-volume.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** The new volume as the engine knows it, and as the Compose file does. */
	volume: string;
	key: string;
	project: string;
	/** The data directory below its mount; '' when it is the mount. */
	inside: string;
};
type Before = {systemIdentifier: string};

/** Copies everything on a mount into a new volume and compares every file. The mount is only read. */
export const copyToVolume = step<Input, Before>({
	id: 'copy-to-volume',
	risk: 'none',
	says: ({place, volume}) =>
		say(
			`Copy \`${place.source}\` into a new volume \`${volume}\` and compare every file`,
			`把 \`${place.source}\` 复制到新卷 \`${volume}\` 并逐个文件比对`,
		),
	like: ({place, volume, key, project}) =>
		[
			`docker volume create --label com.docker.compose.project=${project} --label com.docker.compose.volume=${key} ${volume}`,
			`docker run --rm --network none -v ${place.source}:/src:ro -v ${volume}:/dst <image> sh -c 'cp -a /src/. /dst/ && sync'`,
			'(cd /src && find . -type f -exec sha256sum {} +)  # equal on both sides, with owner, mode, size and links',
		].join('\n'),
	async before({service, place}, world) {
		const container = await containerOf(world, service);
		if (place.kind === 'volume') {
			const present = await world.docker.volume(place.source);
			if (present?.driver === 'local' && present.device === null)
				throw new Trouble(
					'plain-volume',
					say(`\`${place.source}\` is a plain volume already.`, `\`${place.source}\` 已经是普通的卷。`),
					{
						next: say(
							'It keeps owners and modes: use `compose-medic fix fix-ownership`.',
							'它能保存所有者和权限：请用 `compose-medic fix fix-ownership`。',
						),
					},
				);
		}
		const {mounts, path} = whole(place, true);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (!control)
			throw new Trouble('no-data', say('The data directory has no control file.', '数据目录中没有控制文件。'));
		return {systemIdentifier: control.systemIdentifier};
	},
	async apply({service, place, volume, key, project}, {systemIdentifier}, world, report) {
		const {imageId: image, ...container} = await containerOf(world, service);
		await requireAlone(world, {...container, imageId: image}, place);
		await makeVolume(world, volume, {
			'com.docker.compose.project': project,
			'com.docker.compose.volume': key,
			'compose-medic.source': place.source,
		});
		const {mounts, path} = whole(place, true);
		const [root] = mounts;
		const from = root?.destination ?? path;
		report(say('Copying', '正在复制'));
		const both = [...mounts, ...volumeMounts(volume, false)];
		await copyFiles(world, {image, mounts: both, from, to: target, purpose: 'copy'}, report);
		report(say('Comparing every file', '正在逐个文件比对'));
		const original = await manifestOf(world, image, mounts, from);
		requireEqual(original, await manifestOf(world, image, volumeMounts(volume), target));
		const control = await controlOf(world, image, mounts, path);
		if (control?.systemIdentifier !== systemIdentifier)
			throw new Trouble('data-changed', say('The data directory was replaced meanwhile.', '数据目录在此期间被替换。'));
	},
	undo: (input, _before, world, report) => dropMoved(world, input, report),
});
