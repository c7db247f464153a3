import type {Risk} from './fix.ts';
import type {Text} from './say.ts';
import type {WriteWorld} from './write-world.ts';

/** Progress inside a step: what it does or waits for, and how far it is. */
export type Report = (says: Text, done?: number, total?: number) => void;

/**
 * One kind of change to the world.
 * @typeParam I plain JSON without secrets
 * @typeParam B what undo needs, as plain JSON without secrets; journaled and fsynced before `apply`
 */
export type Step<I = Record<string, unknown>, B = Record<string, unknown>> = {
	id: string;
	risk: Risk;
	says: (input: I) => Text;
	/** The literal command, SQL or file change that is shown before consent. */
	like: (input: I) => string;
	before: (input: I, world: WriteWorld, report: Report) => Promise<B>;
	/** Idempotent: a resumed run may apply it again. */
	apply: (input: I, before: B, world: WriteWorld, report: Report) => Promise<void>;
	/** Safe to repeat, or a text that says why it can't be undone (or needs no undo). */
	undo: Text | ((input: I, before: B, world: WriteWorld, report: Report) => Promise<void>);
};

export const step = <I, B>(definition: Step<I, B>): Step<I, B> => definition;
