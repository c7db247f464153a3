import {accessCures} from './access.ts';
import type {Cure} from './cure.ts';
import {fileCures} from './files.ts';
import {limitCures} from './limits.ts';
import {roomCures} from './room.ts';
import {sessionCures} from './sessions.ts';
import {upgradeCures} from './upgrade.ts';

/** Every fix that is tried on the real engine, by what it changes. */
export const cures: readonly Cure[] = [
	// A cure that leaves nothing to undo comes after those of the same fault that are taken back.
	...limitCures,
	...accessCures,
	...sessionCures,
	...fileCures,
	...roomCures,
	...upgradeCures,
];
