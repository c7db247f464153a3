import type {See} from '../core/probe.ts';
import {dataDirectory} from './data-directory.ts';
import {dataOwner} from './data-owner.ts';
import {saidAtStart} from './start-looks.ts';

const ofSocket = /lock file "(\/[^"]*\.s\.PGSQL\.\d+\.lock)"/;

/**
 * Lock files that a server left behind and that its next start stumbles over, by their paths in its container: `postmaster.pid`,
 * and the lock of a socket that lies on the mount of the data, where it outlives its container as well.
 */
export function leftLocks(see: See, database: string): string[] {
	const taken = saidAtStart(see, database, 'socket-lock-taken');
	const socket = taken ? ofSocket.exec(`${taken.text} ${taken.detail ?? ''}`)?.[1] : undefined;
	const {mountedAt} = see(dataDirectory, database);
	const {path, lock} = see(dataOwner, database);
	return [
		...(lock ? [`${path}/postmaster.pid`] : []),
		...(socket && mountedAt && socket.startsWith(`${mountedAt}/`) ? [socket] : []),
	];
}
