import {list, say, type Text} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Container, ReadWorld, Volume} from '../core/world.ts';
import {keptLabel} from '../steps/parts/snapshot-volume.ts';
import {createKeep, forgetKeep} from '../world/keep.ts';
import type {Opened} from '../world/open.ts';
import {type JournalRecord, listJournals, reopenJournal} from './journal.ts';
import {type Kept, listKept} from './kept.ts';
import {acquireLock} from './lock.ts';
import {deploymentFolder} from './state.ts';

/** What one word on the command line means. */
export type Forgettable = {
	/** Null for a copy whose journal is not here. */
	record: JournalRecord | null;
	/** At most one: each copy is confirmed by its own name. */
	volume: Kept | null;
	/** The private files; null when they stay, because another copy of the same repair does. */
	files: Kept | null;
	/** What must be typed. */
	confirm: string;
};

const refuse = (code: string, what: Text, next?: Text, why?: Text): Trouble =>
	new Trouble(code, what, {why, next, exitCode: exitCode.unconfirmed});

const toList = say('`compose-medic undo --list` lists what is kept.', '`compose-medic undo --list` 可列出保留的内容。');

function unknown(word: string, names: readonly string[], stranger: Volume | undefined): Trouble {
	if (stranger?.labels[keptLabel])
		return refuse(
			'not-here',
			say(`\`${word}\` is a copy of another deployment.`, `\`${word}\` 是另一个部署的副本。`),
			say('Name that one by `--project`.', '请用 `--project` 指定那个部署。'),
		);
	if (stranger)
		return refuse(
			'not-ours',
			say(
				`\`${word}\` was not made by this program: it does not carry the label \`${keptLabel}\`.`,
				`\`${word}\` 不是由本程序创建的：没有标签 \`${keptLabel}\`。`,
			),
			toList,
		);
	const meant = nearest(word, names);
	return new Trouble('unknown-name', say(`Nothing is kept under \`${word}\`.`, `没有以 \`${word}\` 保留的内容。`), {
		next: meant ? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`) : toList,
		exitCode: exitCode.usage,
	});
}

const unfinished = ({id}: JournalRecord): Trouble =>
	refuse(
		'unfinished-fix',
		say(
			`\`${id}\` is not finished, so what is kept of it may be all that is left.`,
			`\`${id}\` 尚未结束，保留的内容可能是仅存的一份。`,
		),
		say(
			'Finish it first by `compose-medic undo --resume`, or take it back by `compose-medic undo`.',
			'请先用 `compose-medic undo --resume` 完成，或用 `compose-medic undo` 撤销。',
		),
	);

/** Which containers mount a volume, running or not. */
const usersOf = (containers: readonly Container[], volume: string): string[] =>
	containers.filter(({mounts}) => mounts.some(({name}) => name === volume)).map(({name}) => name);

/**
 * What a word means among what is kept, or why it must stay. Pure.
 * @param word id of a repair, or name of a volume
 * @param kept as `listKept` gives it
 * @throws Trouble: `unknown-name` (2); `not-ours`, `not-here`, `unfinished-fix`, `in-use`, `several`, `folder` (5)
 */
export function chooseKept(
	word: string,
	kept: readonly Kept[],
	journals: readonly JournalRecord[],
	engine: {volumes: readonly Volume[]; containers: readonly Container[]},
): Forgettable {
	const named = kept.find(({kind, name}) => kind === 'volume' && name === word);
	const id = named?.journal ?? word;
	const record = journals.find(one => one.id === id) ?? null;
	const mine = kept.filter(({journal}) => journal === id);
	if (!named && !record) {
		const names = kept.flatMap(({kind, name, journal}) => (kind === 'volume' ? [name, journal] : [journal]));
		throw unknown(
			word,
			[...new Set(names)],
			engine.volumes.find(({name}) => name === word),
		);
	}
	if (record && (record.closed === null || record.closed === 'roll-back-failed')) throw unfinished(record);
	if (mine.length === 0)
		throw new Trouble(
			'nothing-kept',
			say(`Nothing is kept of \`${word}\` any more.`, `\`${word}\` 已没有保留的内容。`),
			{next: toList, exitCode: exitCode.usage},
		);
	const volumes = mine.filter(({kind}) => kind === 'volume');
	if (!named && volumes.length > 1)
		throw refuse(
			'several',
			say(
				`Several copies are kept of \`${word}\`: ${list(volumes.map(({name}) => name)).en}`,
				`\`${word}\` 保留了多份副本：${list(volumes.map(({name}) => name)).zh}`,
			),
			say(
				'Forget each by its own name: `compose-medic forget VOLUME`.',
				'请按名称逐个清除：`compose-medic forget VOLUME`。',
			),
		);
	const folder = mine.find(({kind}) => kind === 'folder');
	if (!named && folder)
		throw refuse(
			'folder',
			say(
				`The old data is a folder, which carries no label of ours: \`${folder.name}\`. This program does not remove it.`,
				`旧数据是一个文件夹，没有本程序的标签：\`${folder.name}\`。本程序不会删除它。`,
			),
			say('Look into it, and remove it yourself.', '请查看后自行删除。'),
		);
	const volume = named ?? volumes[0] ?? null;
	const users = volume ? usersOf(engine.containers, volume.name) : [];
	if (volume && users.length > 0)
		throw refuse(
			'in-use',
			say(`\`${volume.name}\` is mounted by ${list(users).en}.`, `\`${volume.name}\` 正被 ${list(users).zh} 挂载。`),
			say(`Remove that first: \`docker rm ${users.join(' ')}\`.`, `请先移除：\`docker rm ${users.join(' ')}\`。`),
		);
	const last = mine.every(one => one === volume || one.kind === 'files');
	const files = last ? (mine.find(({kind}) => kind === 'files') ?? null) : null;
	return {record, volume, files, confirm: volume?.name ?? id};
}

const identifierScript = `for place in /copy /original; do
	file=$(find "$place" -maxdepth 5 -path '*/global/pg_control' | head -n 1)
	if [ -n "$file" ]; then pg_controldata -D "\${file%/global/pg_control}" | sed -n 's/^Database system identifier: *//p'; else echo none; fi
done`;

/**
 * Without its journal nobody knows whether a repair is unfinished. The copy goes only while the original keeps the same cluster.
 * @throws Trouble `maybe-the-only-one` (5)
 */
async function requireOriginal(
	{docker}: ReadWorld,
	{name, source}: Kept,
	containers: readonly Container[],
	volumes: readonly Volume[],
	signal: AbortSignal,
): Promise<void> {
	const there = source !== null && (source.startsWith('/') || volumes.some(volume => volume.name === source));
	const image = containers.find(one =>
		one.mounts.some(mount => mount.name === source || mount.source === source),
	)?.imageId;
	const look =
		there && image
			? await docker
					.helper(
						{
							image,
							network: 'none',
							user: '0:0',
							environment: {LC_ALL: 'C'},
							command: ['sh', '-c', identifierScript],
							mounts: [
								{source: name, destination: '/copy'},
								{source, destination: '/original'},
							],
						},
						signal,
					)
					.catch(() => null)
			: null;
	const [copy, original] = look?.code === 0 ? look.stdout.trim().split('\n') : [];
	if (copy !== undefined && copy !== 'none' && copy === original) return;
	throw refuse(
		'maybe-the-only-one',
		say(
			`The journal of \`${name}\` is not here, and \`${source ?? '?'}\` does not hold the same database: the copy may be all that is left.`,
			`\`${name}\` 的日志不在此处，且 \`${source ?? '?'}\` 中不是同一个数据库：这份副本可能是仅存的一份。`,
		),
		say(`If you are sure: \`docker volume rm ${name}\`.`, `如果确定不需要：\`docker volume rm ${name}\`。`),
	);
}

/** Finds what a word means, and that it may go. Reads only. */
export async function findKept(
	world: ReadWorld,
	folder: string,
	word: string,
	signal: AbortSignal,
): Promise<Forgettable> {
	const journals = await listJournals(folder);
	const [kept, volumes, containers] = await Promise.all([
		listKept(world, folder, journals, signal),
		world.target.kind === 'compose' ? world.docker.volumes() : [],
		world.target.kind === 'compose' ? world.docker.containers(null, signal) : [],
	]);
	const found = chooseKept(word, kept, journals, {volumes, containers});
	if (!found.record && found.volume) await requireOriginal(world, found.volume, containers, volumes, signal);
	return found;
}

/**
 * Removes what is kept of one finished repair, for good. The journal notes it before anything goes, so that no later undo counts
 * on what is not there any more.
 * @param confirmed what was typed: the exact name of the volume, or the id of a repair of which only private files are kept
 * @throws Trouble: `locked` (11), `not-confirmed` (5), and what `findKept` refuses
 */
export async function forget(input: {
	opened: Opened;
	word: string;
	confirmed: string | null;
	signal: AbortSignal;
	stateRoot?: string;
}): Promise<Forgettable> {
	const {opened, word, confirmed, signal} = input;
	const {world} = opened;
	const folder = await deploymentFolder(world, input.stateRoot);
	const lock = await acquireLock(folder, `forget ${word}`);
	try {
		const found = await findKept(world, folder, word, signal);
		const {record, volume, files, confirm} = found;
		if (confirmed !== confirm)
			throw refuse(
				'not-confirmed',
				say(`This is for good, so the name must be typed: ${confirm}`, `此操作不可恢复，必须输入名称：${confirm}`),
				say(`Without a terminal: \`--confirm=${confirm}\`.`, `没有终端时：\`--confirm=${confirm}\`。`),
			);
		if (record) {
			const journal = await reopenJournal(folder, record, {redact: text => world.redact(text)});
			try {
				const what = [volume, files].flatMap(one => (one ? [one.name] : []));
				await journal.append({kind: 'forgotten', what, at: world.now().toISOString()});
			} finally {
				await journal.close();
			}
		}
		const directory = record ? files?.name : undefined;
		const {write} = opened.grant({keep: createKeep(directory ?? folder), signal, settings: new Map()});
		if (volume) await write.docker.removeKeptVolume(volume.name);
		if (directory !== undefined) await forgetKeep(directory);
		return found;
	} finally {
		await lock.release();
	}
}
