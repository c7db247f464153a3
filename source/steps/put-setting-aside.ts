import {createHash} from 'node:crypto';
import {basename} from 'node:path';
import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {withoutSetting} from '../core/settings-text.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {runScript, whole} from './parts/data-helper.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Path inside the server's container, below the data directory. */
	file: string;
	name: string;
	/** Counted from 1. */
	line: number;
};

/** Byte copies by reference, with their SHA-256 in hex. */
type Before = {old: string; oldHash: string; wanted: string; wantedHash: string};

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/**
 * Replaces a file in one rename, with its owner and mode, only while it is what it was. The bytes come by standard input: a
 * settings file may hold a password.
 */
const script = `
[ -L "$1" ] && { echo "the file is a link" >&2; exit 4; }
now=$(sha256sum "$1" | cut -c 1-64)
[ "$now" = "$3" ] && exit 0
[ "$now" = "$2" ] || { echo "the file was changed in the meantime" >&2; exit 3; }
cp -p "$1" "$1.compose-medic.new"
IFS= read -r content
printf %s "$content" | base64 -d >"$1.compose-medic.new"
sync
mv "$1.compose-medic.new" "$1"
sync`;

async function become(
	world: WriteWorld,
	{service, place, file}: Input,
	{from, to, hash}: {from: string; to: string; hash: string},
): Promise<void> {
	const content = await world.keep.get(to);
	if (!content)
		throw new Trouble('copy-lost', say(`The kept copy of \`${file}\` is gone.`, `\`${file}\` 的备份已不存在。`));
	const {mounts, path} = whole(place, false);
	const {imageId: image} = await containerOf(world, service);
	await runScript(world, {
		image,
		mounts,
		script,
		words: [`${path}${file.slice(place.path.length)}`, from, hash],
		stdin: `${content.toString('base64')}\n`,
		purpose: 'setting',
	});
}

export const putSettingAside = step<Input, Before>({
	id: 'put-setting-aside',
	risk: 'changes-data',
	says: ({file, name, line}) =>
		say(
			`Put \`${name}\` in \`${file}\`, line ${line}, out of force, and keep a copy of the file`,
			`使 \`${file}\` 第 ${line} 行的 \`${name}\` 失效，并保留该文件的副本`,
		),
	like: ({service, place, file, line}) =>
		`docker run --rm --network none --volume ${place.source}:${place.mountedAt} <image of ${service}> sed -i '${line}s/^/#/' ${file}`,
	async before({service, file, name, line}, world) {
		const {id} = await containerOf(world, service);
		const content = (await world.docker.readFile(id, file))?.content;
		const wanted = content ? withoutSetting(content.toString('latin1'), name, line) : null;
		if (!content || wanted === null)
			throw new Trouble(
				'no-such-setting',
				say(`\`${file}\` says something else on line ${line} by now.`, `\`${file}\` 第 ${line} 行的内容已经改变。`),
				{next: say('Run the diagnosis again.', '请重新诊断。')},
			);
		const bytes = Buffer.from(wanted, 'latin1');
		return {
			old: await world.keep.put(`before-${basename(file)}`, content),
			oldHash: hashOf(content),
			wanted: await world.keep.put(`after-${basename(file)}`, bytes),
			wantedHash: hashOf(bytes),
		};
	},
	apply: (input, {oldHash, wanted, wantedHash}, world) =>
		become(world, input, {from: oldHash, to: wanted, hash: wantedHash}),
	undo: (input, {old, oldHash, wantedHash}, world) => become(world, input, {from: wantedHash, to: old, hash: oldHash}),
});
