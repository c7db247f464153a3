import {copyVolume, type DataPlace} from '../../core/data-place.ts';
import {say} from '../../core/say.ts';
import type {ProvenSnapshot} from '../../core/snapshot.ts';
import type {Report} from '../../core/step.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {copyFiles, copyMeter, meteredCopy} from './copy-files.ts';
import {controlOf, manifestOf, requireAlone, requireEqual, runId, runScript, whole} from './data-helper.ts';
import {ownVolume, snapshotMounts} from './snapshot-volume.ts';
import {lookAt, restoreMark} from './volume-state.ts';

/** Everything but the mark is deleted, then the copy comes back with owners and modes. */
const restoreScript = `
cd "$1"
: >"$2"
sync
find . -mindepth 1 -maxdepth 1 ! -name "$2" -exec rm -rf {} ';'
${meteredCopy('/snapshot', '.')}
`;

/** What the new server has stored by now is kept in a volume of its own before the old data comes back. */
async function keepNewData(world: WriteWorld, container: Container, place: DataPlace, report: Report): Promise<void> {
	const aside = `${copyVolume(place.source, runId(world))}-new`;
	await ownVolume(world, aside, place.source);
	const source = whole(place, true);
	const mounts = [...source.mounts, {source: aside, destination: '/aside', readonly: false}];
	await copyFiles(world, {image: container.imageId, mounts, from: source.path, to: '/aside', purpose: 'aside'}, report);
	requireEqual(
		await manifestOf(world, container.imageId, source.mounts, source.path),
		await manifestOf(world, container.imageId, [{source: aside, destination: '/aside', readonly: true}], '/aside'),
	);
}

/** Copies a proven snapshot back into its volume. Safe to repeat: a mark in the volume tells a restore that was broken off. */
export async function restoreVolume(
	proven: ProvenSnapshot,
	world: WriteWorld,
	container: Container,
	place: DataPlace,
	report: Report,
): Promise<void> {
	const {evidence} = proven;
	const readable = whole(place, true);
	const copy = await manifestOf(world, container.imageId, snapshotMounts(evidence.volume), '/snapshot');
	if (copy.digest !== evidence.copyDigest)
		throw new Trouble(
			'snapshot-touched',
			say(
				`The copy in \`${evidence.volume}\` was changed since it was made.`,
				`\`${evidence.volume}\` 中的副本在制作之后被改动过。`,
			),
		);
	const state = await lookAt(world, container, place);
	const present = await manifestOf(world, container.imageId, readable.mounts, readable.path);
	if (present.digest === copy.digest && state === 'full') return;
	await requireAlone(world, container, place);
	const control = await controlOf(world, container.imageId, readable.mounts, readable.path);
	const ours = control?.systemIdentifier === evidence.systemIdentifier || (control === null && state === 'emptying');
	if (state !== 'empty' && state !== 'restoring' && !ours) await keepNewData(world, container, place, report);
	const {mounts, path} = whole(place, false);
	const id = runId(world);
	await runScript(world, {
		image: container.imageId,
		mounts: [...mounts, ...snapshotMounts(evidence.volume)],
		script: restoreScript,
		words: [path, restoreMark(id)],
		purpose: 'restore',
		onLine: copyMeter(report),
	});
	requireEqual(await manifestOf(world, container.imageId, readable.mounts, readable.path), copy);
	await runScript(world, {
		image: container.imageId,
		mounts,
		script: 'rm -f "$1/$2"; sync',
		words: [path, restoreMark(id)],
		purpose: 'restore',
	});
}
