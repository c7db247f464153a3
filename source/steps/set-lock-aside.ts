import {createHash} from 'node:crypto';
import {basename} from 'node:path';
import type {DataPlace} from '../core/data-place.ts';
import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {requireAlone, runScript, seenByHelper, whole} from './parts/data-helper.ts';
import {requireUnused} from './parts/unused.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Lock files as the server's container knows them, inside the mount of the data. */
	files: string[];
	hostIsChecked: boolean;
};

type Lock = {path: string; kept: string; digest: string; mode: string; owner: string; seconds: number};
type Before = {locks: Lock[]};

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Only the very bytes that were kept are removed; what is gone already stays gone. */
const removeScript = `
[ -e "$1" ] || exit 0
now=$(sha256sum "$1" | cut -d' ' -f1)
[ "$now" = "$2" ] || { echo "it was written anew meanwhile" >&2; exit 3; }
rm "$1"
sync
`;

const putBackScript = `
umask 077
base64 -d >"$1.compose-medic"
chown "$2" "$1.compose-medic"
chmod "$3" "$1.compose-medic"
touch -d "@$4" "$1.compose-medic"
mv -f "$1.compose-medic" "$1"
sync
`;

/** A lock file is the only guard against two servers, so it goes only while nobody at all is on the data. */
export const setLockAside = step<Input, Before>({
	id: 'set-lock-aside',
	risk: 'changes-data',
	says: ({files}) =>
		say(
			`Keep ${list(files.map(file => `\`${file}\``)).en} and take it away, once nobody is on the data`,
			`确认无人使用数据后，备份并移走 ${list(files.map(file => `\`${file}\``)).zh}`,
		),
	like: ({service, files}) =>
		files
			.flatMap(file => [
				`docker cp <${service} container>:${file} <kept>/lock-${basename(file)}`,
				`docker run --rm --network none --user 0:0 --volumes-from <${service} container> --entrypoint rm <image> ${file}`,
			])
			.join('\n'),
	async before({service, files}, world) {
		const container = await containerOf(world, service);
		const locks: Lock[] = [];
		for (const path of files) {
			const file = await world.docker.readFile(container.id, path);
			if (!file) continue;
			locks.push({
				path,
				kept: await world.keep.put(`lock-${basename(path)}`, file.content),
				digest: digest(file.content),
				mode: (file.mode & 0o7777).toString(8),
				owner: `${file.uid}:${file.gid}`,
				seconds: Math.floor(Date.parse(file.modifiedAt) / 1000),
			});
		}
		return {locks};
	},
	async apply({service, place, hostIsChecked}, {locks}, world) {
		const container = await containerOf(world, service);
		const {mounts} = whole(place, false);
		for (const {path, digest: wanted} of locks) {
			await requireUnused(world, container, place, {run: false, hostIsChecked});
			await runScript(world, {
				image: container.imageId,
				mounts,
				script: removeScript,
				words: [seenByHelper(place, path), wanted],
				purpose: 'lock',
			});
		}
	},
	async undo({service, place}, {locks}, world) {
		const container = await containerOf(world, service);
		const {mounts} = whole(place, false);
		for (const {path, kept, digest: wanted, owner, mode, seconds} of locks) {
			const content = await world.keep.get(kept);
			if (!content || digest(content) !== wanted)
				throw new Trouble('copy-lost', say(`The kept copy of \`${path}\` is gone.`, `\`${path}\` 的备份已不存在。`), {
					why: say(`\`${world.keep.directory}\` lacks it.`, `\`${world.keep.directory}\` 中没有它。`),
				});
			await requireAlone(world, container, place);
			await runScript(world, {
				image: container.imageId,
				mounts,
				script: putBackScript,
				words: [seenByHelper(place, path), owner, mode, String(seconds)],
				stdin: content.toString('base64'),
				purpose: 'lock',
			});
		}
	},
});
