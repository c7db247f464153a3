import {readdir, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {asideName, type DataPlace, withinMount} from '../core/data-place.ts';
import type {SnapshotEvidence} from '../core/snapshot.ts';
import type {Container, ReadWorld, Volume} from '../core/world.ts';
import {getNote} from '../steps/parts/notes.ts';
import {keptLabel, snapshotNote, sourceLabel} from '../steps/parts/snapshot-volume.ts';
import {createKeep} from '../world/keep.ts';
import type {JournalRecord} from './journal.ts';

/** One thing that a repair or a snapshot has left for later. */
export type Kept = {
	kind: 'volume' | 'folder' | 'files';
	/** A volume's name, a folder on the host or `volume/folder`, or the folder of private files. */
	name: string;
	/** As the volume's label says, also when there is no such journal here. */
	journal: string;
	/** Volume or host path that it is a copy of; null for private files. */
	source: string | null;
	/** Null when nobody could look. */
	bytes: number | null;
	/** ISO 8601, or null when that is not known. */
	since: string | null;
	/** Whether a server has started on a copy of it; null where that does not matter or nobody knows. */
	proven: boolean | null;
};

const projectLabel = 'com.docker.compose.project';

/**
 * The copies that belong to a deployment: by the journal that their label names, or, when that journal is not here, by the volume
 * or folder that they were made of. Copies of other deployments of the same engine are none of our business.
 */
export const copiesOf = (
	volumes: readonly Volume[],
	containers: readonly Container[],
	project: string,
	journals: readonly string[],
): Volume[] =>
	volumes.filter(({labels}) => {
		const {[keptLabel]: journal, [sourceLabel]: source} = labels;
		if (!journal) return false;
		if (journals.includes(journal)) return true;
		if (!source) return false;
		const original = volumes.find(({name}) => name === source);
		return (
			original?.labels[projectLabel] === project ||
			containers.some(({mounts}) => mounts.some(mount => mount.name === source || mount.source === source))
		);
	});

/** Where a set-aside data directory lies, as a helper can mount it: nothing for a repair that set none aside or has put it back. */
function foldersOf({id, opened, noted}: JournalRecord): {mount: string; path: string; name: string}[] {
	return opened.plan.steps.flatMap(({step, input}, index) => {
		if (step !== 'swap-data-directory' || !noted.befores.has(index)) return [];
		const {place} = input as {place: DataPlace};
		const inside = place.method === 'swap-parent';
		const mount = inside ? dirname(place.source) : place.source;
		const within = inside ? place.source.slice(mount.length + 1) : withinMount(place);
		// What a new server had stored until the undo is kept under the second name.
		const paths = [asideName(within, id), `${asideName(within, id)}-new`];
		return paths.map(path => ({mount, path, name: `${mount === '/' ? '' : mount}/${path}`}));
	});
}

const sizeScript = 'for path in "$@"; do if [ -e "$path" ]; then du -sk "$path" | cut -f1; else echo gone; fi; done';

/**
 * Measures folders by a read-only look from a throwaway container.
 * @returns bytes, `gone`, or null where nobody could look
 */
async function measure(
	world: ReadWorld,
	image: string | undefined,
	places: readonly {mount: string; path: string}[],
	signal: AbortSignal,
): Promise<(number | 'gone' | null)[]> {
	const unknown = places.map(() => null);
	if (!image || places.length === 0) return unknown;
	const sources = [...new Set(places.map(({mount}) => mount))];
	const at = (mount: string): string => `/kept/${sources.indexOf(mount)}`;
	const words = places.map(({mount, path}) => (path === '' ? at(mount) : `${at(mount)}/${path}`));
	const look = await world.docker
		.helper(
			{
				image,
				network: 'none',
				user: '0:0',
				command: ['sh', '-c', sizeScript, 'sh', ...words],
				mounts: sources.map(source => ({source, destination: at(source)})),
			},
			signal,
		)
		.catch(() => null);
	if (look?.code !== 0) return unknown;
	const lines = look.stdout.trim().split('\n');
	return places.map((_, index) => {
		const line = lines[index] ?? '';
		return line === 'gone' ? 'gone' : /^\d+$/.test(line) ? Number(line) * 1024 : null;
	});
}

/** Bytes of the private files of one repair; null when there are none. */
async function privateFiles(directory: string): Promise<number | null> {
	const names = await readdir(directory).catch(() => []);
	const sizes = await Promise.all(names.map(async name => (await stat(join(directory, name)).catch(() => null))?.size));
	return names.length > 0 ? sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) : null;
}

/** Everything that is kept of a deployment's repairs and snapshots, the oldest first. Reads only. */
export async function listKept(
	world: ReadWorld,
	folder: string,
	journals: readonly JournalRecord[],
	signal: AbortSignal,
): Promise<Kept[]> {
	const {target, docker} = world;
	const files = await Promise.all(
		journals.map(async ({id, opened}): Promise<Kept[]> => {
			const bytes = await privateFiles(join(folder, id));
			const name = join(folder, id);
			return bytes === null
				? []
				: [{kind: 'files', name, journal: id, source: null, bytes, since: opened.at, proven: null}];
		}),
	);
	if (target.kind !== 'compose') return files.flat();
	const containers = await docker.containers(target.project, signal);
	const image = (containers.find(({image: name}) => /postgres/i.test(name)) ?? containers[0])?.imageId;
	const ids = journals.map(({id}) => id);
	const copies = await Promise.all(
		copiesOf(await docker.volumes(), containers, target.project, ids).map(async ({name, labels, createdAt}) => {
			const journal = labels[keptLabel] ?? '';
			const record = journals.find(({id}) => id === journal);
			const evidence = record
				? await getNote<SnapshotEvidence>({keep: createKeep(join(folder, journal))}, snapshotNote).catch(() => null)
				: null;
			const ours = evidence?.volume === name ? evidence : null;
			return {
				kind: 'volume' as const,
				name,
				journal,
				source: labels[sourceLabel] ?? null,
				bytes: null,
				since: ours?.provenAt ?? record?.opened.at ?? (createdAt || null),
				proven: record ? (ours?.provenAt ?? null) !== null : null,
			};
		}),
	);
	const folders = journals.flatMap(record => foldersOf(record).map(place => ({...place, record})));
	const sizes = await measure(world, image, [...copies.map(({name}) => ({mount: name, path: ''})), ...folders], signal);
	return [
		...copies.map((copy, index) => {
			const size = sizes[index];
			return {...copy, bytes: typeof size === 'number' ? size : null};
		}),
		...folders.flatMap(({name, record}, index): Kept[] => {
			const size = sizes[copies.length + index];
			// Not there: it was put back, or somebody has removed it. A folder that nobody could look at is listed.
			if (size === 'gone' || size === undefined || (size === null && name.endsWith('-new'))) return [];
			const {id, opened, closedAt} = record;
			const source = name.slice(0, name.indexOf('.compose-medic-'));
			return [{kind: 'folder', name, journal: id, source, bytes: size, since: closedAt ?? opened.at, proven: null}];
		}),
		...files.flat(),
	];
}

/** What all of it takes, and how many things nobody could measure. */
export const totalOf = (kept: readonly Kept[]): {bytes: number; unknown: number} => ({
	bytes: kept.reduce((sum, {bytes}) => sum + (bytes ?? 0), 0),
	unknown: kept.filter(({bytes}) => bytes === null).length,
});
