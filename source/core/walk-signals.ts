import type {Probe} from './probe.ts';
import type {Text} from './say.ts';

/** A fact that the walk cannot go on without. */
export type Want = {probe: Probe<unknown>; about: string};

/** Thrown by `see` when a fact is not there yet; caught by the walk only. */
export class Need extends Error {
	readonly wants: Want[];

	constructor(wants: Want[]) {
		super(`needs ${wants.map(({probe, about}) => `${probe.id} ${about}`).join(', ')}`);
		this.wants = wants;
	}
}

/** Thrown by `see` when the fact is unknown; caught by the walk only. */
export class Stuck extends Error {
	readonly key: string;
	readonly why: Text;

	constructor(key: string, why: Text) {
		super(`${key}: ${why.en}`);
		this.key = key;
		this.why = why;
	}
}
