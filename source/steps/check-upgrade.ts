import type {DataPlace} from '../core/data-place.ts';
import type {NewPlace} from '../core/new-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {measureScript, megabytes} from './measure-data.ts';
import {runScript, whole} from './parts/data-helper.ts';
import {requireFree} from './parts/made-place.ts';
import {putNote} from './parts/notes.ts';
import {fileWithMount} from './remount-data.ts';

type Input = {
	service: string;
	place: DataPlace;
	newPlace: NewPlace;
	/** Major versions and the image that has the old one. */
	from: string;
	to: string;
	image: string;
	files: string[];
};

/** What is known before anything stops. */
export type UpgradeSize = {bytes: number; free: number};
export const upgradeNote = 'upgrade-size.json';

/** A copy on which the old server runs, and the new data, which may be laid out less densely; with some air. */
const copies = 2;
const air = 512 * 1024 * 1024;

async function requireVersion(world: WriteWorld, image: string, name: string, major: string): Promise<void> {
	const {stdout} = await runScript(world, {image, mounts: [], script: 'postgres --version', purpose: 'version'});
	if (new RegExp(`\\) ${major}(?:\\.|[a-z]|\\s|$)`).test(stdout)) return;
	throw new Trouble(
		'other-version',
		say(`\`${name}\` does not hold PostgreSQL ${major}.`, `\`${name}\` 里不是 PostgreSQL ${major}。`),
		{why: say(`It says: ${stdout.trim()}`, `它的输出：${stdout.trim()}`)},
	);
}

/** The two servers reach each other by files that only their user may touch; images start with giving the data to theirs. */
async function requireSameUser(world: WriteWorld, image: string, place: DataPlace): Promise<void> {
	const {mounts, path} = whole(place, true);
	const script = `stat -c %u "$1/PG_VERSION"; id -u postgres`;
	const {stdout} = await runScript(world, {image, mounts, script, words: [path], purpose: 'owner'});
	const [data = '', own = ''] = stdout.trim().split('\n');
	if (data === own) return;
	throw new Trouble(
		'other-owner',
		say(
			`The data belongs to user ${data}, the image’s server runs as ${own}.`,
			`数据属于用户 ${data}，而镜像的服务器以 ${own} 运行。`,
		),
		{
			next: say(
				'Use the variant of the image that made the data (`-alpine` runs as 70, Debian as 999).',
				'请使用与创建数据时相同的镜像变体（`-alpine` 以 70 运行，Debian 以 999 运行）。',
			),
		},
	);
}

/** Looks for everything that could stop an upgrade half-way, while all is as it was. Changes nothing. */
export const checkUpgrade = step<Input, UpgradeSize>({
	id: 'check-upgrade',
	risk: 'none',
	says: ({from, to}) =>
		say(
			`Check both servers (${from} and ${to}), the free space and the Compose file`,
			`检查两个版本（${from} 与 ${to}）的服务器、剩余空间和 Compose 文件`,
		),
	like: ({place, image}) =>
		`docker run --rm --network none ${image} postgres --version; du -sk ${place.path}; df -Pk /`,
	async before(input, world) {
		const {service, place, newPlace, from, to, image} = input;
		const container = await containerOf(world, service);
		if (!(await world.write.compose.available()))
			throw new Trouble('no-compose', say('`docker compose` does not run here.', '此处无法运行 `docker compose`。'));
		await fileWithMount(world, {...input, at: place.mountedAt});
		await requireVersion(world, image, image, from);
		await requireVersion(world, container.imageId, container.image, to);
		await requireSameUser(world, container.imageId, place);
		await requireFree(world, container.imageId, newPlace);
		const {mounts, path} = whole(place, true);
		const {stdout} = await runScript(world, {
			image: container.imageId,
			mounts,
			script: `${measureScript}df -Pk /medic | awk 'NR == 2 {print "free " $4}'`,
			words: [path, place.path],
			purpose: 'measure',
		});
		const lines = stdout.split('\n').filter(line => line !== '');
		const [size = '', free = ''] = lines;
		const beside = Number(lines.at(-1)?.split(' ')[1]) * 1024;
		const links = lines.slice(2, -1);
		if (links.length > 0)
			throw new Trouble(
				'data-elsewhere',
				say('Part of the data lies outside the data directory.', '部分数据位于数据目录之外。'),
				{
					why: say(
						`Links lead out of it: ${links.slice(0, 5).join(', ')}`,
						`有链接指向外部：${links.slice(0, 5).join('、')}`,
					),
					next: say('Upgrade it by hand with `pg_dumpall`.', '请用 `pg_dumpall` 手动升级。'),
				},
			);
		const measure = {bytes: Number(size) * 1024, free: Math.min(Number(free) * 1024, beside)};
		const needed = measure.bytes * copies + air;
		if (!(measure.free >= needed))
			throw new Trouble('no-space', say('There is not enough free space for an upgrade.', '剩余空间不足以升级。'), {
				why: say(
					`The data takes ${megabytes(measure.bytes)}; ${megabytes(needed)} are needed for a copy and the new data, ${megabytes(measure.free)} are free.`,
					`数据占用 ${megabytes(measure.bytes)}；副本和新数据需要 ${megabytes(needed)}，剩余 ${megabytes(measure.free)}。`,
				),
				next: say('Free some space and try again.', '请先释放空间，再重试。'),
			});
		return measure;
	},
	async apply(_input, measure, world) {
		await putNote(world, upgradeNote, measure);
	},
	undo: say('Nothing was changed.', '没有任何改动。'),
});
