/** Who says a sentence. */
export type Speaker =
	| 'postgres'
	| 'entrypoint'
	| 'client'
	| 'docker'
	| 'compose'
	| 'kernel'
	| 'redis'
	| 'nginx'
	| 'app';

/**
 * A sentence that a program is known to say. Live questions look for it in a service's log; pasted logs are read by nothing else.
 * Expressions hold the program's own words in every language that it is known to speak, never the names, paths or numbers of one
 * report, and no flag but `i`, `s` and `u`.
 */
export type Message = {
	/** What was said, in kebab-case: `unrecognized-parameter`. */
	id: string;
	by: Speaker;
	says: RegExp;
	/** SQLSTATE codes that mean the same where a client carries the code instead of the sentence. */
	sqlstate?: readonly string[];
	/** Diagnoses that the sentence speaks for, each with a weight from 1 (merely fits) to 10 (nothing else says so). */
	speaksFor: Readonly<Record<string, number>>;
	/** Diagnoses that it speaks against, with the same weights. */
	speaksAgainst?: Readonly<Record<string, number>>;
};

/**
 * One expression from several spellings of a sentence: other languages, other versions, other clients.
 * @throws when the spellings do not share their flags
 */
export function anyOf(...spellings: readonly RegExp[]): RegExp {
	const [first] = spellings;
	if (!first || spellings.some(({flags}) => flags !== first.flags))
		throw new Error('spellings of one message share their flags');
	return new RegExp(spellings.map(({source}) => source).join('|'), first.flags);
}
