import {asideName, type DataPlace, withinMount} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {controlOf, renamable, requireAlone, runId, runScript, whole} from './parts/data-helper.ts';

type Input = {service: string; place: DataPlace};
type Before = {aside: string; owner: string; mode: string; systemIdentifier: string};

/** Renaming within one folder is atomic, so a kill leaves the old name, the new one, or both with an empty folder: all are seen. */
const swapScript = `
cd "$1"
[ -e "$3" ] || mv "$2" "$3"
[ -e "$2" ] || { mkdir "$2"; chmod "$4" "$2"; chown "$5" "$2"; }
sync
`;

/** What the new server stored is renamed as well, under a name that is free. */
const swapBackScript = `
cd "$1"
[ -e "$3" ] || exit 0
if [ -e "$2" ]; then
	new="$3-new"; count=1
	while [ -e "$new" ]; do count=$((count + 1)); new="$3-new-$count"; done
	mv "$2" "$new"
fi
mv "$3" "$2"
sync
`;

/** Sets a data directory aside by renaming it: nothing is copied, nothing is deleted, and the old folder stays whole. */
export const swapDataDirectory = step<Input, Before>({
	id: 'swap-data-directory',
	risk: 'destroys-data',
	says: ({place}) =>
		say(
			`Rename the data directory in \`${place.source}\` and make an empty one`,
			`把 \`${place.source}\` 中的数据目录改名，并新建一个空目录`,
		),
	like({place}) {
		const {name} = renamable(place);
		const path = place.method === 'swap-parent' ? place.source : `${place.source}/${withinMount(place)}`;
		const aside = asideName(path, '<id>');
		if (place.kind === 'bind') return `mv ${path} ${aside} && mkdir -m 700 ${path}`;
		return `docker run --rm --network none -v ${place.source}:/v <image> sh -c 'cd /v && mv ${name} ${asideName(name, '<id>')} && mkdir -m 700 ${name}'`;
	},
	async before({service, place}, world) {
		const container = await containerOf(world, service);
		const {mounts, path} = whole(place, true);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (control?.state !== 'shut down')
			throw new Trouble(
				'not-shut-down',
				say('The data directory is not cleanly shut down.', '数据目录没有干净地停止。'),
			);
		const {stdout} = await runScript(world, {
			image: container.imageId,
			mounts,
			script: `stat -c '%a %u:%g' "$1"`,
			words: [path],
			purpose: 'owner',
		});
		const [mode = '700', owner = '0:0'] = stdout.trim().split(' ');
		return {
			aside: asideName(renamable(place).name, runId(world)),
			mode,
			owner,
			systemIdentifier: control.systemIdentifier,
		};
	},
	async apply({service, place}, {aside, mode, owner}, world) {
		const container = await containerOf(world, service);
		await requireAlone(world, container, place);
		const {mounts, folder, name} = renamable(place);
		await runScript(world, {
			image: container.imageId,
			mounts,
			script: swapScript,
			words: [folder, name, aside, mode, owner],
			purpose: 'swap',
		});
	},
	async undo({service, place}, {aside, systemIdentifier}, world) {
		const container = await containerOf(world, service);
		await requireAlone(world, container, place);
		const {mounts, folder, name} = renamable(place);
		const kept = await controlOf(world, container.imageId, mounts, `${folder}/${aside}`);
		if (kept && kept.systemIdentifier !== systemIdentifier)
			throw new Trouble(
				'data-replaced',
				say(
					`\`${aside}\` holds other data than the one that was set aside.`,
					`\`${aside}\` 中的数据并非当初保留的数据。`,
				),
			);
		await runScript(world, {
			image: container.imageId,
			mounts,
			script: swapBackScript,
			words: [folder, name, aside],
			purpose: 'swap',
		});
	},
});
