import {createHash} from 'node:crypto';
import {basename, dirname} from 'node:path';
import {type DataPlace, withinMount} from '../../core/data-place.ts';
import {differences, type ManifestSummary, manifestScript, summarise} from '../../core/manifest.ts';
import {placeOfMounts} from '../../core/mount-users.ts';
import {say} from '../../core/say.ts';
import {type ControlData, parseControlData} from '../../core/snapshot.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container, ExecResult} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {endLeftover, serverPrefix} from '../../world/private-server.ts';
import {helperLabel} from '../../world/read-guard.ts';
import {aloneOn, dataMounts, dataPathOf} from '../../world/server-place.ts';

export type Mount = {source: string; destination: string; readonly: boolean};

/** Where a data directory's mount, or the folder above a bind mount, sits in every helper: away from PGDATA, so that no image volume covers it. */
const root = '/medic';

/** Journal id of this run: folders and volumes that keep old data carry it in their names. */
export const runId = (world: WriteWorld): string => basename(world.keep.directory);

/** The mount that holds the data, and the data directory below it as the helper sees it. */
export const whole = (place: DataPlace, readonly: boolean): {mounts: Mount[]; path: string} => ({
	mounts: [{source: place.source, destination: root, readonly}],
	path: withinMount(place) === '' ? root : `${root}/${withinMount(place)}`,
});

/** A path of the server's container, below the mount of its data, as the helper sees it. */
export const seenByHelper = ({mountedAt}: DataPlace, path: string): string =>
	`${root}${path.slice(mountedAt === '/' ? 0 : mountedAt.length)}`;

/** The folder in which the data directory can be renamed, and its name there. */
export function renamable(place: DataPlace): {mounts: Mount[]; folder: string; name: string} {
	if (place.method === 'swap-parent')
		return {
			mounts: [{source: dirname(place.source), destination: root, readonly: false}],
			folder: root,
			name: basename(place.source),
		};
	const inside = withinMount(place);
	return {
		mounts: [{source: place.source, destination: root, readonly: false}],
		folder: dirname(`${root}/${inside}`),
		name: basename(inside),
	};
}

/**
 * Runs a POSIX shell script as root in a throwaway container without network. Its name comes from the data it works on, so
 * that the engine's name conflict keeps two runs apart; a leftover of a killed run is ended first.
 * @throws Trouble with the script's own last words
 */
export async function runScript(
	world: WriteWorld,
	{
		image,
		mounts,
		script,
		words = [],
		purpose,
		stdin,
		onLine,
	}: {
		image: string;
		mounts: Mount[];
		script: string;
		words?: string[];
		purpose: string;
		stdin?: string;
		/** Told every line of both outputs as it comes. */
		onLine?: (line: string) => void;
	},
): Promise<ExecResult> {
	const places = mounts.map(({source}) => source).sort();
	const name = `compose-medic-${purpose}-${createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 12)}`;
	await world.write.docker.removeHelper(name);
	const result = await world.write.docker.helper(
		{
			name,
			image,
			entrypoint: ['sh'],
			command: ['-c', `set -eu\n${script}`, 'sh', ...words],
			user: '0:0',
			network: 'none',
			environment: {LC_ALL: 'C'},
			...(stdin === undefined ? {} : {stdin}),
			mounts,
			onLine,
		},
		world.signal,
	);
	if (result.code === 0) return result;
	const says = world.redact(result.stderr.trim().split('\n').slice(-3).join(' / ').slice(0, 400));
	if (/No space left on device|Disk quota exceeded/.test(result.stderr))
		throw new Trouble('no-space', say('There is no room left for it.', '剩余空间不足。'), {
			why: say(`It says: ${says}`, `它的输出：${says}`),
			next: say(
				'Free some space, for example with `docker image prune`, and try again.',
				'请先释放空间（例如 `docker image prune`），再重试。',
			),
		});
	throw new Trouble('helper-failed', say('A helper container could not do its work.', '辅助容器未能完成工作。'), {
		why: say(`It says: ${says}`, `它的输出：${says}`),
	});
}

/** @param path data directory inside the helper */
export async function manifestOf(
	world: WriteWorld,
	image: string,
	mounts: Mount[],
	path: string,
): Promise<ManifestSummary & {text: string}> {
	const {stdout} = await runScript(world, {image, mounts, script: manifestScript, words: [path], purpose: 'manifest'});
	return {...summarise(stdout), text: stdout};
}

/** Null when there is no readable control file: an empty or half-made directory. */
export async function controlOf(
	world: WriteWorld,
	image: string,
	mounts: Mount[],
	path: string,
): Promise<ControlData | null> {
	const {stdout} = await runScript(world, {
		image,
		mounts,
		script: '[ -s "$1/global/pg_control" ] || exit 0; pg_controldata -D "$1"',
		words: [path],
		purpose: 'control',
	});
	return parseControlData(stdout);
}

/** @throws Trouble naming some of the differing files */
export function requireEqual(one: {digest: string; text: string}, other: {digest: string; text: string}): void {
	if (one.digest === other.digest) return;
	const odd = differences(one.text, other.text).join(', ');
	throw new Trouble('copy-differs', say('The copy differs from the original.', '副本与原件不一致。'), {
		why: say(`First differences: ${odd}`, `首先发现的差异：${odd}`),
	});
}

/**
 * Ends helpers on this data that a killed run left behind: they may still copy, move or delete. The lock of the deployment
 * says that no other run is going on. A server among them is stopped cleanly, because killing it would cost a recovery.
 */
export async function endLeftovers(world: WriteWorld, sources: readonly string[]): Promise<void> {
	const touches = (container: Container): boolean =>
		container.mounts.some(({name, source}) => sources.includes(name) || sources.includes(source));
	for (const helper of await world.docker.containers(null)) {
		if (!(helperLabel in helper.labels) || !touches(helper)) continue;
		if (helper.name.startsWith(serverPrefix)) await endLeftover({world, docker: world.write.docker}, helper.name);
		else await world.write.docker.removeHelper(helper.name);
	}
}

/**
 * Starts a database's container, once nobody else is on its data: a private server of a killed run would be a second one.
 * @throws Trouble naming who else mounts the data
 */
export async function startAlone(world: WriteWorld, container: Container): Promise<void> {
	const mounts = container.mounts.filter(({type}) => type !== 'tmpfs');
	await endLeftovers(
		world,
		mounts.flatMap(({type, name, source}) => (type === 'volume' ? [name] : [source])),
	);
	const {data} = await dataPathOf(world, container);
	await aloneOn(world.docker, dataMounts(container, data), [container.id]);
	await world.write.docker.start(container.id);
}

/** @throws Trouble when anybody else could write to the data right now */
export async function requireAlone(world: WriteWorld, container: Container, place: DataPlace): Promise<void> {
	await endLeftovers(world, [place.source]);
	const mounts = container.mounts.filter(({name, source}) => place.source === name || place.source === source);
	if (placeOfMounts(mounts).paths.length === 0 && placeOfMounts(mounts).names.length === 0)
		throw new Trouble(
			'mount-moved',
			say('The data is mounted from somewhere else by now.', '数据的挂载来源已经改变。'),
			{
				next: say('Run the diagnosis again.', '请重新诊断。'),
			},
		);
	await aloneOn(world.docker, mounts, []);
}
