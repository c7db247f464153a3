import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {isAiling, isDown} from './ailing.ts';
import {type FileSpace, fileSpace} from './file-space.ts';
import {serviceNamed} from './looks.ts';
import {saidAtStart} from './start-looks.ts';

/** Less than one segment of PostgreSQL's log (16 MiB), or less than half a percent: nothing that writes gets far with it. */
const segment = 16 * 1024 ** 2;
const share = 0.005;
const fewFiles = 16;

/** How much has to be free before a file system counts as having room again. */
export const roomNeeded = ({bytes}: FileSpace): number => Math.max(Math.min(segment, bytes / 4), bytes * share);

const hasNoRoom = (space: FileSpace): boolean => space.free < roomNeeded(space);
const hasNoFiles = ({freeFiles}: FileSpace): boolean => freeFiles !== null && freeFiles < fewFiles;

export type Full = {
	what: 'room' | 'files';
	/** Null when nobody could look: then only the words of the service speak. */
	where: FileSpace | null;
	/** Whether the service stopped over it. */
	down: boolean;
};

/** Data first, since that is what stops a database; then whatever else is full. */
const firstFull = (spaces: readonly FileSpace[], test: (space: FileSpace) => boolean): FileSpace | undefined =>
	spaces
		.filter(({place}) => place !== 'shared-memory')
		.toSorted((a, b) => Number(b.data) - Number(a.data))
		.find(test);

/**
 * Which file system is full, by looking. Null when the service did not say so since its last start, or when there is room again
 * and it runs: then its words are history.
 */
export function fullFileSystem(see: See, service: string): Full | null {
	const engineSays = /no space left on device/i.test(serviceNamed(see, service)?.error ?? '');
	if (!engineSays && !saidAtStart(see, service, 'disk-without-room')) return null;
	const down = isDown(see, service) || isAiling(see, service);
	const spaces = ifKnown(() => see(fileSpace, service));
	if (!spaces) return {what: 'room', where: null, down};
	const room = firstFull(spaces, hasNoRoom);
	if (room) return {what: 'room', where: room, down};
	const files = firstFull(spaces, hasNoFiles);
	if (files) return {what: 'files', where: files, down};
	const looked = spaces.some(({data}) => data) || serviceNamed(see, service)?.role !== 'database';
	return down && !looked ? {what: 'room', where: null, down} : null;
}
