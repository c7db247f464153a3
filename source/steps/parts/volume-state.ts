import {asideName, type DataPlace} from '../../core/data-place.ts';
import {say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {renamable, runId, runScript, whole} from './data-helper.ts';

export const oldFolder = (id: string): string => `.compose-medic-old-${id}`;
export const restoreMark = (id: string): string => `.compose-medic-restoring-${id}`;

const lookScript = `
cd "$1"
if [ -e "$2" ]; then echo emptying; elif [ -e "$3" ]; then echo restoring; elif [ -z "$(ls -A)" ]; then echo empty; else echo full; fi
`;

/** `emptying` and `restoring` are marks of a run that was broken off. */
export type Look = 'emptying' | 'restoring' | 'empty' | 'full';

export async function lookAt(world: WriteWorld, {imageId}: Container, place: DataPlace): Promise<Look> {
	const id = runId(world);
	const {mounts, path} = whole(place, true);
	const {stdout} = await runScript(world, {
		image: imageId,
		mounts,
		script: lookScript,
		words: [path, oldFolder(id), restoreMark(id)],
		purpose: 'look',
	});
	return stdout.trim() as Look;
}

const asideScript = 'if [ -e "$1/$2" ]; then echo aside; fi';

/** Whether the old data is not back yet, so that a server must not be started on what is there. */
async function isAway(world: WriteWorld, container: Container, place: DataPlace): Promise<boolean> {
	if (place.method === 'copy') {
		const state = await lookAt(world, container, place);
		return state === 'emptying' || state === 'restoring';
	}
	const {mounts, folder, name} = renamable(place);
	const readable = mounts.map(mount => ({...mount, readonly: true}));
	const words = [folder, asideName(name, runId(world))];
	const {stdout} = await runScript(world, {
		image: container.imageId,
		mounts: readable,
		script: asideScript,
		words,
		purpose: 'look',
	});
	return stdout.trim() === 'aside';
}

/** @throws Trouble when an undo could not bring the old data back: a server that starts now would make a new cluster or a mixture */
export async function requireBack(world: WriteWorld, container: Container, place: DataPlace): Promise<void> {
	if (!(await isAway(world, container, place))) return;
	throw new Trouble(
		'data-away',
		say(
			`The old data is not back, so \`${container.service}\` is not started.`,
			`旧数据尚未恢复，因此不启动 \`${container.service}\`。`,
		),
		{
			next: say('Run `compose-medic undo` again.', '请再次执行 `compose-medic undo`。'),
		},
	);
}
