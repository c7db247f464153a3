import {contract, contractIds} from '../tree/contract.ts';
import {type Clue, cluesOf, consequences} from './clues.ts';
import type {Sighting} from './sightings.ts';

/** Something that speaks for or against a diagnosis, with how much it weighs now. */
export type Reason = {for: boolean; weight: number; sighting: Sighting | null; clue: Clue | null; history: boolean};

export type Suspect = {id: string; score: number; reasons: Reason[]};

/** Causes that keep a server from starting: once it is ready, what was said about them before is history. */
const endsWithReady = new Set<string>([
	...contract['start-up'],
	'oom-killed',
	'killed-not-oom',
	'disk-full',
	'inode-exhausted',
	'connection-refused',
	'host-not-resolvable',
]);
/** What a server says about these it says while it runs, ready or not. */
const neverHistory = new Set<string>([
	'init-scripts-skipped',
	'two-servers-one-volume',
	'socket-missing',
	'config-invalid',
]);

/** What is left of a weight when the same service has come up since. */
const faded = 0.45;
/** Each further reason adds this part of its weight, all of them together no more than `mostMore`. */
const furtherPart = 0.22;
const mostMore = 2.2;
/** A cause this strong takes the blame for what a client sees of it. */
const strongCause = 6.8;
const consequencePenalty = 2;

/** Whether one was said for the last time after the other: by their times where both tell one, else by their places. */
const isLater = (one: Sighting, other: Sighting): boolean =>
	one.lastAt !== null && other.lastAt !== null && one.lastAt !== other.lastAt
		? one.lastAt > other.lastAt
		: one.last > other.last;

/**
 * Whether the same service has got past this since: its server is ready, or, for what the entrypoint grumbles, the server began
 * at all.
 */
function isHistory(sighting: Sighting, marks: readonly Sighting[]): boolean {
	const {by} = sighting.message;
	if (by !== 'postgres' && by !== 'entrypoint') return false;
	return marks.some(
		mark =>
			mark.service === sighting.service &&
			(mark.message.id === 'server-ready' || by === 'entrypoint') &&
			isLater(mark, sighting),
	);
}

function reasonsFor(id: string, sightings: readonly Sighting[], clues: readonly Clue[]): Reason[] {
	const marks = sightings.filter(({message: {id: name}}) => name === 'server-ready' || name === 'server-began');
	const reasons: Reason[] = [];
	for (const sighting of sightings) {
		const {speaksFor, speaksAgainst} = sighting.message;
		const history = endsWithReady.has(id) && !neverHistory.has(id) && isHistory(sighting, marks);
		const weight = speaksFor[id];
		if (weight) reasons.push({for: true, weight: history ? weight * faded : weight, sighting, clue: null, history});
		const against = speaksAgainst?.[id];
		if (against) reasons.push({for: false, weight: against, sighting, clue: null, history});
	}
	for (const clue of clues) {
		const weight = clue.speaksFor[id];
		if (weight) reasons.push({for: true, weight, sighting: null, clue, history: false});
		const against = clue.speaksAgainst?.[id];
		if (against) reasons.push({for: false, weight: against, sighting: null, clue, history: false});
	}
	return reasons.sort((a, b) => b.weight - a.weight);
}

/** The strongest reason counts whole, the same message in another service no more, other reasons a part of their weight. */
function scoreOf(reasons: readonly Reason[]): number {
	const distinct = new Map<unknown, number>();
	for (const {for: speaksFor, weight, sighting, clue} of reasons)
		if (speaksFor)
			distinct.set(sighting?.message ?? clue, Math.max(weight, distinct.get(sighting?.message ?? clue) ?? 0));
	const [strongest = 0, ...more] = [...distinct.values()].sort((a, b) => b - a);
	if (strongest === 0) return 0;
	const further = Math.min(mostMore, more.reduce((sum, weight) => sum + weight, 0) * furtherPart);
	const against = Math.max(0, ...reasons.filter(reason => !reason.for).map(({weight}) => weight));
	return strongest + further - against;
}

/** What is listed has at least this score, and this part of the best one’s. */
const leastScore = 1.8;
const leastPart = 0.3;

/** Every plausible diagnosis, best first. The same sightings give the same list, in whatever order they were read. */
export function suspects(sightings: readonly Sighting[]): Suspect[] {
	const clues = cluesOf(sightings);
	const all = contractIds.map(id => {
		const reasons = reasonsFor(id, sightings, clues);
		return {id, reasons, score: scoreOf(reasons)};
	});
	const strong = all.some(
		({id, score}) => score >= strongCause && !consequences.includes(id) && databaseCauses.has(id),
	);
	const stopped = all.some(({id, score}) => score >= strongCause && stopsMigrations.has(id));
	for (const suspect of all) {
		if (strong && consequences.includes(suspect.id)) suspect.score -= consequencePenalty;
		if (stopped && suspect.id === 'migration-failed') suspect.score -= consequencePenalty;
	}
	const best = Math.max(...all.map(({score}) => score));
	return all
		.filter(({score}) => score >= leastScore && score >= best * leastPart)
		.sort((a, b) => b.score - a.score || contractIds.indexOf(a.id) - contractIds.indexOf(b.id));
}

/** A migration is the first to meet what is wrong with the place where it runs. */
const stopsMigrations = new Set<string>([
	...contract.project,
	...contract['start-up'],
	...contract.resources,
	...contract.access,
	'extension-missing',
	'extension-privilege',
	'corruption-page',
	'too-many-connections',
]);

const databaseCauses = new Set<string>([
	...contract['start-up'],
	...contract.resources,
	...contract.access,
	...contract.data,
	'platform-mismatch',
	'port-already-allocated',
	'seccomp-blocked',
	'env-value-mangled',
]);
