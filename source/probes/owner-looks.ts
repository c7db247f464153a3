import type {See} from '../core/probe.ts';
import {dataOwner} from './data-owner.ts';
import {serviceNamed} from './looks.ts';
import {saidAtStart} from './start-looks.ts';

/** Linux capabilities without which root may not change owners, as `cap_drop` names them. */
const neededToChown = ['ALL', 'CHOWN', 'CAP_CHOWN'];

/**
 * The image tried to hand the files over as root, had the right to, and was refused: the mount keeps its own owners, so that nobody
 * can change them.
 */
export const mountRefusesOwners = (see: See, database: string): boolean =>
	see(dataOwner, database).handsOver &&
	saidAtStart(see, database, 'chown-refused') !== null &&
	!(serviceNamed(see, database)?.confinement?.capDrop ?? []).some(name => neededToChown.includes(name));

/**
 * The one user that everything looked at belongs to, where that is neither root nor the server's user: such a directory was made by
 * a server of that number, and `user:` was changed since. Files that were copied or restored as root belong to root, or to several.
 */
export function ownersOfAnother(see: See, database: string): {uid: number; gid: number} | null {
	const {directory, files, runsAs} = see(dataOwner, database);
	const all = [directory, ...files].filter(found => found !== null);
	const [first] = all;
	if (!first || first.uid === 0 || first.uid === runsAs.uid) return null;
	return all.every(({uid}) => uid === first.uid) ? {uid: first.uid, gid: files[0]?.gid ?? first.gid} : null;
}
