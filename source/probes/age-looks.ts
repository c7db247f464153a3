import type {See} from '../core/probe.ts';
import type {DatabaseAge} from '../core/server-health.ts';
import {healthOf} from './data-looks.ts';
import {catalogOf} from './looks.ts';

/** Half of the 2^32 transaction ids lie in the past: at this age the oldest rows would be taken for future ones. */
export const wrapsAt = 2_147_483_647;

/** How many ids before that the server stops to hand out new ones (PostgreSQL's varsup.c; 3 million from 14 on). */
const stopsBefore = (version: number): number => (version >= 140_000 ? 3_000_000 : 1_000_000);
/** The newest id is counted one late. */
const slack = 8;

/** Old enough that vacuum has not done its work for long: it starts at 200 million by default. */
const old = 1_000_000_000;

export type OldestDatabase = DatabaseAge & {oldest: number; counts: 'transactions' | 'multixacts'};

/** The database with the oldest unfrozen row; null when nothing could be asked. */
export function oldestOf(see: See, database: string): OldestDatabase | null {
	const all = (healthOf(see, database)?.databases ?? []).map(
		(one): OldestDatabase =>
			one.age >= one.multi
				? {...one, oldest: one.age, counts: 'transactions'}
				: {...one, oldest: one.multi, counts: 'multixacts'},
	);
	return all.toSorted((one, other) => other.oldest - one.oldest)[0] ?? null;
}

/** Whether the server still hands out transaction ids. */
export function ageOf(see: See, database: string): 'fine' | 'old' | 'used-up' {
	const oldest = oldestOf(see, database);
	if (!oldest) return 'fine';
	const stop = wrapsAt - stopsBefore(catalogOf(see, database)?.versionNumber ?? 0) - slack;
	if (oldest.oldest >= stop) return 'used-up';
	const late = 1.5 * (healthOf(see, database)?.freezeMaxAge ?? 0);
	return oldest.oldest >= Math.max(old, late) ? 'old' : 'fine';
}
