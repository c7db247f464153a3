import {say} from '../../core/say.ts';
import {ProvenSnapshot, type SnapshotEvidence} from '../../core/snapshot.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {controlOf, type Mount, runId} from './data-helper.ts';
import {getNote} from './notes.ts';

/** Name of the note that carries the evidence from step to step. */
export const snapshotNote = 'snapshot.json';

/** Its value is the journal id. Only volumes with this label are ever removed. */
export const keptLabel = 'compose-medic.kept';

/** Its value is the volume or the folder of the host that the copy was made of. */
export const sourceLabel = 'compose-medic.source';

export const snapshotMounts = (volume: string): Mount[] => [{source: volume, destination: '/snapshot', readonly: true}];

/**
 * Creates a volume for a copy, or takes the one that this very run made before it was killed.
 * `volume create` would silently take an existing volume of that name, whoever made it.
 */
export async function ownVolume(world: WriteWorld, name: string, source: string): Promise<void> {
	const id = runId(world);
	const existing = await world.docker.volume(name);
	if (!existing) await world.write.docker.createVolume(name, {[keptLabel]: id, [sourceLabel]: source});
	const made = await world.docker.volume(name);
	if (made?.labels[keptLabel] === id) return;
	throw new Trouble(
		'volume-exists',
		say(`A volume \`${name}\` exists that is not ours.`, `已存在名为 \`${name}\` 的卷，且不属于本程序。`),
	);
}

/**
 * The proven snapshot of this run: what was recorded when it was proven, and a fresh look at the copy.
 * @throws Trouble when there is none, or the copy was touched since
 */
export async function provenSnapshot(world: WriteWorld, image: string): Promise<ProvenSnapshot> {
	const evidence = await getNote<SnapshotEvidence>(world, snapshotNote);
	const volume = evidence ? await world.docker.volume(evidence.volume) : null;
	if (!evidence || !volume || volume.labels[keptLabel] !== runId(world))
		throw new Trouble(
			'snapshot-missing',
			say('There is no copy of the data from this run.', '没有本次运行制作的数据副本。'),
		);
	const present = await controlOf(world, image, snapshotMounts(evidence.volume), '/snapshot');
	if (!present) throw new Trouble('snapshot-missing', say('The copy of the data is empty.', '数据副本是空的。'));
	return ProvenSnapshot.of(evidence, present);
}
