import {copyVolume, type DataPlace, withinMount} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import type {RowCounts, SnapshotEvidence} from '../core/snapshot.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {copyFiles} from './parts/copy-files.ts';
import {controlOf, endLeftovers, manifestOf, requireAlone, requireEqual, runId, whole} from './parts/data-helper.ts';
import {getNote, putNote} from './parts/notes.ts';
import {keptLabel, ownVolume, snapshotMounts, snapshotNote} from './parts/snapshot-volume.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Set where the original is never touched afterwards: then a copy that is taken back is never the only good one. */
	onlyCopies?: boolean;
};
type Before = {volume: string; systemIdentifier: string};

export const copyData = step<Input, Before>({
	id: 'copy-data',
	risk: 'none',
	says: ({place}) =>
		place.kind === 'bind'
			? say(`Copy folder \`${place.source}\` and compare every file`, `复制文件夹 \`${place.source}\` 并逐个文件比对`)
			: say(`Copy volume \`${place.source}\` and compare every file`, `复制卷 \`${place.source}\` 并逐个文件比对`),
	like: ({place}) =>
		[
			`docker volume create ${copyVolume(place.source, '<id>')}`,
			`docker run --rm --network none -v ${place.source}:/src:ro -v ${copyVolume(place.source, '<id>')}:/dst <image> sh -c 'cp -a /src/${withinMount(place)}${withinMount(place) === '' ? '' : '/'}. /dst/ && sync'`,
			'(cd /src && find . -type f -exec sha256sum {} +)  # equal on both sides, with owner, mode, size and links',
		].join('\n'),
	async before({service, place}, world) {
		const container = await containerOf(world, service);
		const {mounts, path} = whole(place, true);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (!control)
			throw new Trouble('no-data', say('The data directory has no control file.', '数据目录中没有控制文件。'));
		return {volume: copyVolume(place.source, runId(world)), systemIdentifier: control.systemIdentifier};
	},
	async apply({service, place}, {volume, systemIdentifier}, world, report) {
		const container = await containerOf(world, service);
		await requireAlone(world, container, place);
		await ownVolume(world, volume, place.source);
		const source = whole(place, true);
		report(say('Copying', '正在复制'));
		const mounts = [...source.mounts, {source: volume, destination: '/snapshot', readonly: false}];
		await copyFiles(
			world,
			{image: container.imageId, mounts, from: source.path, to: '/snapshot', purpose: 'copy'},
			report,
		);
		report(say('Comparing every file', '正在逐个文件比对'));
		const original = await manifestOf(world, container.imageId, source.mounts, source.path);
		const copy = await manifestOf(world, container.imageId, snapshotMounts(volume), '/snapshot');
		requireEqual(original, copy);
		const control = await controlOf(world, container.imageId, snapshotMounts(volume), '/snapshot');
		if (control?.systemIdentifier !== systemIdentifier)
			throw new Trouble('data-changed', say('The data directory was replaced meanwhile.', '数据目录在此期间被替换。'));
		const evidence: SnapshotEvidence = {
			volume,
			systemIdentifier,
			state: control.state,
			sourceDigest: original.digest,
			copyDigest: copy.digest,
			entries: copy.entries,
			bytes: copy.bytes,
			liveCounts: await getNote<RowCounts | null>(world, 'live-counts.json'),
			copyCounts: null,
			provenAt: null,
		};
		await putNote(world, snapshotNote, evidence);
	},
	/** The copy goes only when the original is, file by file, what was copied; else it is the only good one and stays. */
	async undo({service, place, onlyCopies = false}, {volume, systemIdentifier}, world) {
		await endLeftovers(world, [place.source, volume]);
		const found = await world.docker.volume(volume);
		if (!found || found.labels[keptLabel] !== runId(world)) return;
		// A copy that was never found equal is no copy, and nothing was taken from the original yet.
		const evidence = await getNote<SnapshotEvidence>(world, snapshotNote);
		if (evidence) {
			const container = await containerOf(world, service);
			const {mounts, path} = whole(place, true);
			if (onlyCopies) {
				// The server may have gone on with its own files by now; that they are still those of the same cluster is enough.
				const present = await controlOf(world, container.imageId, mounts, path);
				if (present?.systemIdentifier !== systemIdentifier) return;
			} else {
				const original = await manifestOf(world, container.imageId, mounts, path);
				if (original.digest !== evidence.copyDigest) return;
			}
		}
		await world.write.docker.removeKeptVolume(volume);
	},
});
