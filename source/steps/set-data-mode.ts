import {octal} from '../core/amount.ts';
import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {requireAlone, runScript, whole} from './parts/data-helper.ts';

type Input = {service: string; place: DataPlace; mode: number};
type Before = {mode: number};

const script = `
chmod "$2" "$1"
now=$(stat -c %a "$1")
[ "$now" = "$2" ] || { echo "the mode is $now, not $2" >&2; exit 3; }
sync
`;

async function setMode(world: WriteWorld, {service, place}: Input, mode: number): Promise<void> {
	const container = await containerOf(world, service);
	await requireAlone(world, container, place);
	const {mounts, path} = whole(place, false);
	await runScript(world, {
		image: container.imageId,
		mounts,
		script,
		words: [path, mode.toString(8)],
		purpose: 'mode',
	});
}

/** Changes the mode of PGDATA itself: that of the files inside it does not count. */
export const setDataMode = step<Input, Before>({
	id: 'set-data-mode',
	risk: 'changes-data',
	says: ({place, mode}) =>
		say(
			`Close \`${place.path}\` itself to others: mode ${octal(mode)}`,
			`收紧 \`${place.path}\` 目录本身的权限：${octal(mode)}`,
		),
	like: ({service, place, mode}) =>
		`docker run --rm --network none --user 0:0 --volumes-from <${service} container> --entrypoint chmod <image> ${octal(mode)} ${place.path}`,
	async before({service, place}, world) {
		const container = await containerOf(world, service);
		const found = await world.docker.owner(container.id, place.path);
		if (found?.kind !== 'folder')
			throw new Trouble('no-data', say(`\`${place.path}\` is no folder.`, `\`${place.path}\` 不是文件夹。`));
		return {mode: found.mode};
	},
	apply: (input, _before, world) => setMode(world, input, input.mode),
	undo: (input, {mode}, world) => setMode(world, input, mode),
});
