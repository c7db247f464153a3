import type {DataPlace} from '../core/data-place.ts';
import type {NewPlace} from '../core/new-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {containerOf} from '../world/server-place.ts';
import {earlierMounts, earlierPath} from './check-earlier-data.ts';
import {manifestOf, requireEqual, runScript} from './parts/data-helper.ts';
import {made, makePlace, requireFree, sealPlace, sourceOf, unmakePlace} from './parts/made-place.ts';

type Input = {service: string; place: DataPlace; newPlace: NewPlace; volume: string; within: string};

const copyScript = `
cp -a "$1/." "$2/"
chown "$(stat -c %u:%g "$1/PG_VERSION")" "$2"
chmod "$(stat -c %a "$1")" "$2"
sync
`;

/** Fills a new place with a kept copy and compares every file. The copy stays what it is, and so does the present data. */
export const copyKeptData = step<Input, {made: string}>({
	id: 'copy-kept-data',
	risk: 'none',
	says: ({volume, newPlace}) =>
		say(
			`Copy \`${volume}\` into a new ${newPlace.kind === 'volume' ? 'volume' : 'folder'} beside \`${newPlace.beside}\` and compare every file`,
			`把 \`${volume}\` 复制到 \`${newPlace.beside}\` 旁边的新${newPlace.kind === 'volume' ? '卷' : '文件夹'}，并逐个文件比对`,
		),
	like: ({volume, within, newPlace}) =>
		[
			newPlace.kind === 'volume'
				? `docker volume create ${newPlace.beside}-${newPlace.mark}-<time>`
				: `mkdir ${newPlace.beside}-${newPlace.mark}-<time>`,
			`docker run --rm --network none -v ${volume}:/earlier:ro -v ${newPlace.beside}-${newPlace.mark}-<time>:/new <image> cp -a ${earlierPath(within)}/. /new/${newPlace.within}`,
		].join('\n'),
	async before({service, newPlace}, world) {
		await requireFree(world, (await containerOf(world, service)).imageId, newPlace);
		return {made: sourceOf(world, newPlace)};
	},
	async apply({service, newPlace, volume, within}, _before, world, report) {
		const {imageId: image} = await containerOf(world, service);
		const earlier = {mounts: earlierMounts(volume), path: earlierPath(within)};
		const script = `stat -c %u:%g "$1/PG_VERSION"`;
		const owner = await runScript(world, {
			image,
			mounts: earlier.mounts,
			script,
			words: [earlier.path],
			purpose: 'owner',
		});
		await makePlace(world, image, newPlace, owner.stdout.trim());
		const target = made(world, newPlace, false);
		report(say('Copying', '正在复制'));
		await runScript(world, {
			image,
			mounts: [...earlier.mounts, ...target.mounts],
			script: copyScript,
			words: [earlier.path, target.path],
			purpose: 'copy',
		});
		report(say('Comparing every file', '正在逐个文件比对'));
		requireEqual(
			await manifestOf(world, image, earlier.mounts, earlier.path),
			await manifestOf(world, image, target.mounts, target.path),
		);
		await sealPlace(world, image, newPlace);
	},
	async undo({service, newPlace}, _before, world, report) {
		const kept = await unmakePlace(world, (await containerOf(world, service)).imageId, newPlace);
		if (kept)
			report(
				say(`Kept, because a server has worked on it: \`${kept}\``, `已有服务器在上面运行过，因此保留：\`${kept}\``),
			);
	},
});
