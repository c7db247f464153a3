import {Stuck} from './walk-signals.ts';

/** The answer of a look, or null where the fact is unknown: for what a plan can do without. A missing fact is still asked for. */
export function ifKnown<Value>(look: () => Value): Value | null {
	try {
		return look();
	} catch (error) {
		if (error instanceof Stuck) return null;
		throw error;
	}
}
