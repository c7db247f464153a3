import {mebibyte} from './byte-size.ts';

/** What a server is set to today, bytes; connections as a number. */
export type ServerMemory = {sharedBuffers: number; workMem: number; maintenanceWorkMem: number; maxConnections: number};

/** Shares of the memory that the server has for itself. */
const sharedPart = 4;
const maintenancePart = 10;
/** Sessions that sort at one time, of all that are admitted, and the sorts of one query. */
const busyPart = 4;
const sortsEach = 2;

const least = {sharedBuffers: 16 * mebibyte, workMem: mebibyte, maintenanceWorkMem: 8 * mebibyte};

const wholeMebibytes = (bytes: number, atLeast: number): number =>
	Math.max(atLeast, Math.floor(bytes / mebibyte) * mebibyte);

/**
 * What fits into a container: a quarter for the shared buffers, a tenth for each maintenance job, and of the rest what a quarter
 * of all admitted sessions may sort with, two sorts each. Nothing is ever raised.
 * @param limit memory of the container, bytes
 */
export function fittingMemory(now: ServerMemory, limit: number): Omit<ServerMemory, 'maxConnections'> {
	const sharedBuffers = Math.min(now.sharedBuffers, wholeMebibytes(limit / sharedPart, least.sharedBuffers));
	const maintenanceWorkMem = Math.min(
		now.maintenanceWorkMem,
		wholeMebibytes(limit / maintenancePart, least.maintenanceWorkMem),
	);
	const rest = limit - sharedBuffers - maintenanceWorkMem;
	const sorts = Math.max(4, Math.ceil(now.maxConnections / busyPart)) * sortsEach;
	return {
		sharedBuffers,
		maintenanceWorkMem,
		workMem: Math.min(now.workMem, wholeMebibytes(rest / sorts, least.workMem)),
	};
}

/** As PostgreSQL takes it: `40MB`. */
export const inPostgres = (bytes: number): string =>
	bytes % mebibyte === 0 ? `${bytes / mebibyte}MB` : `${Math.floor(bytes / 1024)}kB`;
