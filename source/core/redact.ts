import {tame} from './hostile.ts';
import {isWeak, pieces, spellings} from './redact-literals.ts';
import {mask, rules} from './redact-rules.ts';
import type {Secret} from './secret.ts';

export {mask} from './redact-rules.ts';

export type Redactor = {
	/**
	 * Remembers a secret of this run.
	 * @param options.public words that must stay readable although they may equal the secret: names of users, databases, services
	 */
	add(secret: Secret, options?: {public?: string[]}): void;
	/** Takes out every known secret in all its spellings, and everything that looks like one. Redacting twice changes nothing. */
	redact(text: string): string;
};

const quoteForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Inside other letters a short secret is a coincidence. */
const needsEdges = 6;

/**
 * One engine for screen, JSON, records and journals. A password that equals a public or ordinary word (`postgres`) is
 * masked only where a password stands: `key=value`, `user:password@host`, `"password": "…"`.
 */
export function createRedactor(): Redactor {
	const open = new Set<string>();
	const values = new Map<string, true>();
	let literals: string[] | null = null;
	let patterns: RegExp[] = [];

	function prepare(): string[] {
		const whole = new Set<string>();
		const edged = new Set<string>();
		const quoted = new Set<string>();
		for (const value of values.keys()) {
			for (const spelling of new Set([...spellings(value), tame(value)])) {
				if (isWeak(spelling, open)) continue;
				(spelling.length < needsEdges ? edged : whole).add(spelling);
			}
			for (const piece of pieces(value)) if (!isWeak(piece, open) || piece.length < 4) quoted.add(piece);
		}
		const alternatives = (set: Set<string>): string =>
			[...set]
				.sort((a, b) => b.length - a.length)
				.map(quoteForPattern)
				.join('|');
		patterns = [];
		if (edged.size > 0)
			patterns.push(new RegExp(`(?<![\\p{L}\\p{N}]|•)(?:${alternatives(edged)})(?![\\p{L}\\p{N}])`, 'gu'));
		if (quoted.size > 0) patterns.push(new RegExp(`(?<=["':@/])(?:${alternatives(quoted)})(?=["'@])`, 'g'));
		// Longest first: a short secret must not cut a hole into a long one and leave its rest.
		return [...whole].sort((a, b) => b.length - a.length);
	}

	return {
		add(secret, options) {
			for (const word of options?.public ?? []) if (word) open.add(word.toLowerCase());
			const value = secret.open();
			if (value) values.set(value, true);
			literals = null;
		},
		redact(text) {
			literals ??= prepare();
			let result = text;
			for (const literal of literals) if (result.includes(literal)) result = result.replaceAll(literal, mask);
			for (const pattern of patterns) result = result.replace(pattern, mask);
			for (const {pattern, replace} of rules)
				result = typeof replace === 'string' ? result.replace(pattern, replace) : result.replace(pattern, replace);
			return result;
		},
	};
}
