import {posix} from 'node:path';
import type {DataPlace} from './data-place.ts';

/** Where a new data directory comes to lie, beside an old one and of the same kind. Plain JSON: part of a step's input. */
export type NewPlace = {
	/** The volume or host path of the old data, from which the name of the new one is made. */
	beside: string;
	kind: 'bind' | 'volume';
	/** What the name says between the old one and the time, such as `pg18`. */
	mark: string;
	/** Where it will be mounted in the service's container. */
	destination: string;
	/** PGDATA below that; '' when it is the mount itself. */
	within: string;
};

const ending = /-[a-z0-9]+-\d{8}-\d{6}$/;
const anonymous = /^[0-9a-f]{64}$/;

/**
 * Name of the new volume, or path of the new folder. The journal's id begins with its time, which tells two runs apart; what an
 * earlier run has added is taken off.
 */
export function newSource({beside, mark}: Pick<NewPlace, 'beside' | 'mark'>, id: string): string {
	const base = anonymous.test(beside) ? beside.slice(0, 12) : beside.replace(ending, '');
	return `${base}-${mark}-${id.slice(0, '20260102-030405'.length)}`;
}

/** As a Compose file writes it: folders below the project's own are relative to it. */
export function composeSource(source: string, workingDirectory: string | null): string {
	if (!source.startsWith('/') || !workingDirectory) return source;
	const base = `${workingDirectory.replace(/\/+$/, '')}/`;
	return source.startsWith(base) ? `./${source.slice(base.length)}` : source;
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/**
 * Where the new data is mounted: at the old mount when PGDATA lies in it, else where images from 18 on want it.
 * @param path PGDATA of the service as it is configured now
 * @returns null when that path is neither
 */
export function newMount(place: DataPlace, path: string): {destination: string; within: string} | null {
	const wanted = posix.normalize(path).replace(/(.)\/+$/, '$1');
	const destination = [place.mountedAt, '/var/lib/postgresql'].find(folder => isBelow(wanted, folder));
	return destination === undefined
		? null
		: {destination, within: wanted === destination ? '' : wanted.slice(destination.length + 1)};
}
