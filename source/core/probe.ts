import type {Text} from './say.ts';
import type {ReadWorld} from './world.ts';

/**
 * One read-only look at the world. Its value is plain JSON and carries no secret: a probe that meets a password
 * compares it inside `world` and reports only the verdict.
 */
export type Probe<Value> = {
	id: string;
	title: (about: string) => Text;
	/** What a person would type to see the same thing. */
	like: (about: string) => string;
	/** Milliseconds after which the fact becomes unknown. Default 10000. */
	deadline?: number;
	/** @param about the service or credential id that is asked about; '' for the whole deployment */
	observe: (world: ReadWorld, about: string, signal: AbortSignal) => Promise<Value>;
};

export const probe = <Value>(definition: Probe<Value>): Probe<Value> => definition;

/** Asks for a fact. In the walk it throws a `Need` when the fact is not there yet, and a `Stuck` when it is unknown. */
export type See = <Value>(probe: Probe<Value>, about?: string) => Value;
