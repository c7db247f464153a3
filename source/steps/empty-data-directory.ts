import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import type {ProvenSnapshot} from '../core/snapshot.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container} from '../core/world.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {controlOf, requireAlone, runId, runScript, whole} from './parts/data-helper.ts';
import {restoreVolume} from './parts/restore-volume.ts';
import {provenSnapshot} from './parts/snapshot-volume.ts';
import {lookAt, oldFolder} from './parts/volume-state.ts';

type Input = {service: string; place: DataPlace};
type Before = {systemIdentifier: string};

/**
 * Empties in two moves, so that a kill in between is seen: first everything goes into one marked folder, then only that
 * folder is deleted.
 */
const emptyScript = `
cd "$1"
mkdir -p "$2"
find . -mindepth 1 -maxdepth 1 ! -name "$2" -exec mv {} "$2"/ ';'
sync
rm -rf "$2"
sync
`;

const replaced = (): Trouble =>
	new Trouble(
		'data-replaced',
		say('The volume holds other data than the one that was copied.', '卷中的数据与已复制的数据不同。'),
		{
			why: say('Somebody started a server on it meanwhile.', '期间有人在其上启动了服务器。'),
			next: say('Nothing is deleted. Run `compose-medic undo`.', '不会删除任何东西。请执行 `compose-medic undo`。'),
		},
	);

/**
 * The only code that deletes user data: it can't be called without a snapshot that was proven.
 */
async function emptyVolume(
	proven: ProvenSnapshot,
	world: WriteWorld,
	container: Container,
	place: DataPlace,
): Promise<void> {
	const {systemIdentifier} = proven.evidence;
	const state = await lookAt(world, container, place);
	if (state === 'empty') return;
	const readable = whole(place, true);
	const control = await controlOf(world, container.imageId, readable.mounts, readable.path);
	if (control ? control.systemIdentifier !== systemIdentifier : state !== 'emptying') throw replaced();
	await requireAlone(world, container, place);
	const {mounts, path} = whole(place, false);
	await runScript(world, {
		image: container.imageId,
		mounts,
		script: emptyScript,
		words: [path, oldFolder(runId(world))],
		purpose: 'empty',
	});
}

export const emptyDataDirectory = step<Input, Before>({
	id: 'empty-data-directory',
	risk: 'destroys-data',
	says: ({place}) =>
		say(`Empty volume \`${place.source}\`; its proven copy stays`, `清空卷 \`${place.source}\`；已验证的副本保留`),
	like: ({place}) =>
		`docker run --rm --network none -v ${place.source}:/v <image> sh -c 'cd /v && mkdir .compose-medic-old-<id> && mv everything into it && rm -rf .compose-medic-old-<id>'`,
	async before({service}, world) {
		const proven = await provenSnapshot(world, (await containerOf(world, service)).imageId);
		return {systemIdentifier: proven.evidence.systemIdentifier};
	},
	async apply({service, place}, _before, world) {
		const container = await containerOf(world, service);
		await emptyVolume(await provenSnapshot(world, container.imageId), world, container, place);
	},
	async undo({service, place}, _before, world, report) {
		const container = await containerOf(world, service);
		report(say('Copying the old data back', '正在复制旧数据回卷'));
		await restoreVolume(await provenSnapshot(world, container.imageId), world, container, place, report);
	},
});
