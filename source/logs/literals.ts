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

/** What a part of an expression matches: all of its texts where they are few, else the words that each of them needs. */
type Part = {texts: Words | null; words: Words | null};

/** More texts than this are not told one by one. */
const mostTexts = 40;
const nothingKnown: Part = {texts: null, words: null};

const joined = (heads: Words, tails: Words): Words => heads.flatMap(head => tails.map(tail => head + tail));

class Reader {
	at = 0;
	constructor(readonly source: string) {}

	/** Every alternative must give words, or a match may hold none of them. */
	alternatives(): Part {
		const parts = [this.sequence()];
		while (this.source[this.at] === '|') {
			this.at++;
			parts.push(this.sequence());
		}
		const all = (sets: (Words | null)[]): Words | null =>
			sets.some(set => set === null) ? null : [...new Set(sets.flatMap(set => set ?? []))];
		const texts = all(parts.map(part => part.texts));
		return {texts: texts && texts.length <= mostTexts ? texts : null, words: all(parts.map(part => part.words))};
	}

	sequence(): Part {
		let best: Words | null = null;
		/** All texts of the parts that stand side by side. */
		let run: Words = [''];
		let whole = true;
		const close = (): void => {
			if (shortest(run) > 0) best = better(best, run);
			run = [''];
			whole = false;
		};
		while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
			const {texts, words} = this.item();
			const {least, most} = this.quantifier();
			if (texts === null || most > 1) {
				if (texts && least > 0 && run.length * texts.length <= mostTexts) run = joined(run, texts);
				close();
				if (texts === null && least > 0) best = better(best, words);
				else if (texts && least > 0) run = texts;
				continue;
			}
			const possible = least === 0 ? ['', ...texts] : texts;
			if (run.length * possible.length > mostTexts) close();
			run = joined(run, possible);
		}
		const texts = whole ? run : null;
		if (shortest(run) > 0) best = better(best, run);
		return {texts, words: best};
	}

	/** One character, or what a group or class matches. */
	private item(): Part {
		const sign = this.source[this.at++] ?? '';
		if (sign === '(') return this.group();
		if (sign === '[') return this.signs();
		if (sign === '^' || sign === '$') return {texts: [''], words: null};
		if (sign === '.') return nothingKnown;
		if (sign !== '\\') return {texts: [sign], words: null};
		const escaped = this.source[this.at++] ?? '';
		if (escaped === 'b' || escaped === 'B') return {texts: [''], words: null};
		if (escaped === 'x' || escaped === 'u') {
			const digits = escaped === 'x' ? 2 : 4;
			const code = Number.parseInt(this.source.slice(this.at, this.at + digits), 16);
			this.at += digits;
			return {texts: [String.fromCharCode(code)], words: null};
		}
		const control = controls[escaped];
		if (/[A-Za-z0-9]/.test(escaped)) return control ? {texts: [control], words: null} : nothingKnown;
		return {texts: [escaped], words: null};
	}

	private group(): Part {
		const kind = /^\?(?:[:]|<?[=!]|<[^>]*>)/.exec(this.source.slice(this.at))?.[0] ?? '';
		this.at += kind.length;
		const part = this.alternatives();
		this.at++;
		// What a look around sees or refuses is no part of the match.
		return /^\?<?[=!]/.test(kind) ? {texts: [''], words: null} : part;
	}

	/** A few single signs are told one by one; ranges, classes and negations are not. */
	private signs(): Part {
		const from = this.at;
		while (this.at < this.source.length && this.source[this.at] !== ']')
			this.at += this.source[this.at] === '\\' ? 2 : 1;
		const inside = this.source.slice(from, this.at++);
		if (!/^(?:[\w ]|-$){1,5}$/.test(inside)) return nothingKnown;
		return {texts: [...inside], words: null};
	}

	private quantifier(): {least: number; most: number} {
		const found = /^(?:[?*+]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at, this.at + 16));
		if (!found) return {least: 1, most: 1};
		this.at += found[0].length;
		if (found[1] !== undefined)
			return {
				least: Number(found[1]),
				most: found[2] ? Number(found[3] || Number.POSITIVE_INFINITY) : Number(found[1]),
			};
		const most = found[0].startsWith('?') ? 1 : Number.POSITIVE_INFINITY;
		return {least: found[0].startsWith('+') ? 1 : 0, most};
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
	const {texts, words} = new Reader(expression.source).alternatives();
	const folded = [...new Set((better(texts, words) ?? ['']).map(fold))];
	return shortest(folded) >= leastWord ? folded : null;
}
