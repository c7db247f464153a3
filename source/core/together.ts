import {Need, type Want} from './walk-signals.ts';

/** The answers of several looks. What is missing for any of them is asked for at once, instead of one after the other. */
export function together<Value>(looks: readonly (() => Value)[]): Value[] {
	const wants: Want[] = [];
	const values: Value[] = [];
	for (const look of looks) {
		try {
			values.push(look());
		} catch (error) {
			if (!(error instanceof Need)) throw error;
			wants.push(...error.wants);
		}
	}
	if (wants.length > 0) throw new Need(wants);
	return values;
}
