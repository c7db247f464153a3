// Which words must stand in a text for an expression to match it: what a fast scanner can look for.

/** A set of words of which every match holds at least one. */
type Words = readonly string[];

/** In bytes of UTF-8: two Chinese signs say as much as six letters. */
const sizeOf = (word: string): number => word.replace(/[^\x00-\x7f]/g, sign => (sign < '\u0800' ? 'xx' : 'xxx')).length;
const shortest = (words: Words): number => Math.min(...words.map(sizeOf));

/** The more letters, the rarer; of two equal ones the smaller set. */
const better = (one: Words | null, other: Words | null): Words | null => {
	if (!one || !other) return one ?? other;
	const [a, b] = [Math.min(shortest(one), 12), Math.min(shortest(other), 12)];
	if (a !== b) return a > b ? one : other;
	return one.length <= other.length ? one : other;
};

/** Escapes that stand for one character and not for a class. */
const controls: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t'};

class Reader {
	at = 0;
	constructor(readonly source: string) {}

	/** Every alternative must give words, or a match may hold none of them. */
	alternatives(): Words | null {
		const sets: (Words | null)[] = [this.sequence()];
		while (this.source[this.at] === '|') {
			this.at++;
			sets.push(this.sequence());
		}
		return sets.some(set => set === null) ? null : [...new Set(sets.flatMap(set => set ?? []))];
	}

	sequence(): Words | null {
		let best: Words | null = null;
		let run = '';
		const close = (): void => {
			if (run) best = better(best, [run]);
			run = '';
		};
		while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
			const item = this.item();
			const {least, most} = this.quantifier();
			if (typeof item === 'string') {
				if (least > 0) run += item;
				if (least !== 1 || most !== 1) close();
				continue;
			}
			close();
			if (least > 0) best = better(best, item);
		}
		close();
		return best;
	}

	/** One character, or what a group or class needs. */
	private item(): string | Words | null {
		const sign = this.source[this.at++] ?? '';
		if (sign === '(') return this.group();
		if (sign === '[') return this.skipClass();
		if (sign === '.' || sign === '^' || sign === '$') return null;
		if (sign !== '\\') return sign;
		const escaped = this.source[this.at++] ?? '';
		if (escaped === 'x' || escaped === 'u') {
			const digits = escaped === 'x' ? 2 : 4;
			const code = Number.parseInt(this.source.slice(this.at, this.at + digits), 16);
			this.at += digits;
			return String.fromCharCode(code);
		}
		if (/[A-Za-z0-9]/.test(escaped)) return controls[escaped] ?? null;
		return escaped;
	}

	private group(): Words | null {
		const kind = /^\?(?:[:]|<?[=!]|<[^>]*>)/.exec(this.source.slice(this.at))?.[0] ?? '';
		this.at += kind.length;
		const words = this.alternatives();
		this.at++;
		// What a negative look refuses, and what any look sees, is not part of the match.
		return /^\?<?[=!]/.test(kind) ? null : words;
	}

	private skipClass(): null {
		while (this.at < this.source.length && this.source[this.at] !== ']')
			this.at += this.source[this.at] === '\\' ? 2 : 1;
		this.at++;
		return null;
	}

	private quantifier(): {least: number; most: number} {
		const found = /^(?:[?*+]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at, this.at + 16));
		if (!found) return {least: 1, most: 1};
		this.at += found[0].length;
		if (found[0].startsWith('+')) return {least: 1, most: Number.POSITIVE_INFINITY};
		if (found[1] === undefined) return {least: 0, most: 1};
		return {least: Number(found[1]), most: found[2] ? Number(found[3] || Number.POSITIVE_INFINITY) : Number(found[1])};
	}
}

/** ASCII letters in one case; all others stay, since programs write their own sentences in one spelling. */
export const fold = (text: string): string => text.replace(/[A-Z]+/g, letters => letters.toLowerCase());

/** The shortest word that is worth looking for, in bytes. */
export const leastWord = 5;

/**
 * Words, folded, of which every match of the expression holds at least one; null when there is no such set of words of
 * `leastWord` bytes or more.
 */
export function requiredWords(expression: RegExp): readonly string[] | null {
	const words = new Reader(expression.source).alternatives()?.map(fold);
	return words && shortest(words) >= leastWord ? words : null;
}
