import {say} from '../../core/say.ts';
import type {Report} from '../../core/step.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {containerOf} from '../../world/server-place.ts';
import {endLeftovers, type Mount, runId, runScript} from './data-helper.ts';
import {getNote} from './notes.ts';

/** Name of the note about a volume that data was moved into. */
export const movedNote = 'moved.json';

/** Its value is the journal id. A volume with it is in use from now on: it is no kept copy. */
export const madeLabel = 'compose-medic.made';

/** What tells whether anything was stored in a cluster since. */
export type ClusterMark = {
	/** Digest of `pg_control`, which every start of a server writes anew. */
	control: string;
	/** The next transaction: every change of data takes one. Null when the cluster was not cleanly shut down. */
	next: string | null;
};

export type Moved = ClusterMark & {volume: string};

/** Where the new volume sits in every helper. */
export const target = '/snapshot';

export const volumeMounts = (volume: string, readonly = true): Mount[] => [
	{source: volume, destination: target, readonly},
];

/** Path of the data directory inside the new volume, as a helper sees it. */
export const inVolume = (inside: string): string => (inside === '' ? target : `${target}/${inside}`);

/**
 * Creates the volume that a service shall have, or takes the one that this very run made before it was killed.
 * @throws Trouble `volume-exists` when somebody has one of that name
 */
export async function makeVolume(world: WriteWorld, name: string, labels: Record<string, string>): Promise<void> {
	const id = runId(world);
	if (!(await world.docker.volume(name))) await world.write.docker.createVolume(name, {...labels, [madeLabel]: id});
	const made = await world.docker.volume(name);
	if (made?.labels[madeLabel] === id) return;
	throw new Trouble(
		'volume-exists',
		say(`A volume \`${name}\` exists already, and it may hold data.`, `卷 \`${name}\` 已存在，其中可能有数据。`),
		{
			next: say('Choose another name: `--set volume=NAME`.', '请换一个名字：`--set volume=NAME`。'),
		},
	);
}

/** How a cluster that lies still stands. */
export async function markOf(world: WriteWorld, image: string, volume: string, inside: string): Promise<ClusterMark> {
	const {stdout} = await runScript(world, {
		image,
		mounts: volumeMounts(volume),
		script: 'sha256sum <"$1/global/pg_control"; pg_controldata -D "$1"',
		words: [inVolume(inside)],
		purpose: 'control',
	});
	const clean = /^Database cluster state: +shut down$/m.test(stdout);
	const next = /^Latest checkpoint's NextXID: +(\S+)$/m.exec(stdout)?.[1] ?? null;
	return {control: stdout.split(' ')[0] ?? '', next: clean ? next : null};
}

/**
 * Removes the volume of this run, unless a container has it or it holds what was stored since.
 * @param service whose image has `pg_controldata`
 */
export async function dropMoved(
	world: WriteWorld,
	{service, volume, inside}: {service: string; volume: string; inside: string},
	report: Report,
): Promise<void> {
	const id = runId(world);
	const found = await world.docker.volume(volume);
	if (!found || found.labels[madeLabel] !== id) return;
	await endLeftovers(world, [volume]);
	const all = await world.docker.containers(null);
	if (all.some(({mounts}) => mounts.some(({name}) => name === volume))) return;
	const note = await getNote<Moved>(world, movedNote);
	// Without a note no server has ever been on it.
	if (note) {
		const {imageId} = await containerOf(world, service);
		const {control, next} = await markOf(world, imageId, volume, inside);
		if (control !== note.control && (next === null || next !== note.next)) {
			report(
				say(
					`Something may have been stored since: the volume \`${volume}\` is kept`,
					`此后可能写入过数据：卷 \`${volume}\` 会保留`,
				),
			);
			return;
		}
	}
	await world.write.docker.removeMadeVolume(volume, id);
}
