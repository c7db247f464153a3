import {fold} from './literals.ts';

/** Bytes of each word that the automaton knows; the rest is compared where these were found. */
const longestPiece = 8;

/**
 * Sixty-four classes of bytes: letters without case, digits, and the signs of sentences alone; other signs, and bytes beyond
 * ASCII, share some. A table of few columns stays in the processor's cache.
 */
const columns = 64;
const signs = ' "\'`():.,/_-|[]=';
function classOf(byte: number): number {
	const folded = lower(byte);
	if (folded >= 97 && folded <= 122) return folded - 96;
	if (folded >= 48 && folded <= 57) return folded - 21;
	const sign = signs.indexOf(String.fromCharCode(byte));
	if (sign >= 0) return 37 + sign;
	return byte < 128 ? 0 : 54 + (byte % 10);
}

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** The letters of logs, the most ordinary first: which piece of a word is rare. */
const ordinary = ' etaoinsrhldcumfpgwybv';
const ordinariness = (piece: Uint8Array): number =>
	piece.reduce((sum, byte) => {
		const rank = ordinary.indexOf(String.fromCharCode(byte));
		return sum + (rank < 0 ? 0 : ordinary.length - rank);
	}, 0);

function rarestPiece(word: Uint8Array): {from: number; piece: Uint8Array} {
	const size = Math.min(longestPiece, word.length);
	let from = 0;
	for (let at = 1; at + size <= word.length; at++)
		if (ordinariness(word.subarray(at, at + size)) < ordinariness(word.subarray(from, from + size))) from = at;
	return {from, piece: word.subarray(from, from + size)};
}

/** A word whose piece ends in a state: `back` bytes before the end of its piece the word begins. */
type Ending = {bytes: Uint8Array; back: number; index: number};

type Building = {next: Map<number, number>; fail: number; endings: Ending[]};

/**
 * Finds many words at once in bytes, without case for ASCII letters: one table look for each byte, whatever the bytes are
 * (Aho and Corasick 1975, as a full table over classes of bytes).
 */
export class Scanner {
	readonly #classes = new Uint8Array(256);
	/** The next state by state and class. States from `#accepting` on end a piece. */
	readonly #table: Uint16Array;
	readonly #accepting: number;
	readonly #endings: Ending[][];

	constructor(words: readonly string[]) {
		const states: Building[] = [{next: new Map(), fail: 0, endings: []}];
		for (const [index, text] of words.entries()) {
			const bytes = new TextEncoder().encode(fold(text));
			const {from, piece} = rarestPiece(bytes);
			let state = 0;
			for (const byte of piece) {
				const column = classOf(byte);
				let next = states[state]?.next.get(column);
				if (next === undefined) {
					next = states.push({next: new Map(), fail: 0, endings: []}) - 1;
					states[state]?.next.set(column, next);
				}
				state = next;
			}
			states[state]?.endings.push({bytes, back: from + piece.length - 1, index});
		}
		for (let byte = 0; byte < 256; byte++) this.#classes[byte] = classOf(byte);

		// Breadth first, so that the state to fall back to is always known.
		const order = [0];
		for (let at = 0; at < order.length; at++) {
			const state = states[order[at] ?? 0] as Building;
			for (const [column, next] of state.next) {
				const child = states[next] as Building;
				if (order[at] !== 0) child.fail = follow(states, state.fail, column);
				child.endings.push(...(states[child.fail]?.endings ?? []));
				order.push(next);
			}
		}
		const plain = order.filter(state => states[state]?.endings.length === 0);
		const ending = order.filter(state => (states[state]?.endings.length ?? 0) > 0);
		const place = new Map([...plain, ...ending].map((state, index) => [state, index]));
		this.#accepting = plain.length;
		this.#endings = ending.map(state => states[state]?.endings ?? []);
		this.#table = new Uint16Array(states.length * columns);
		for (const state of order) {
			const {next, fail} = states[state] as Building;
			const row = (place.get(state) ?? 0) * columns;
			const failRow = (place.get(fail) ?? 0) * columns;
			if (state !== 0) this.#table.copyWithin(row, failRow, failRow + columns);
			for (const [column, child] of next) this.#table[row + column] = place.get(child) ?? 0;
		}
	}

	/**
	 * Calls `hit` for each place where a word stands.
	 * @param hit gets the index of the word and where it begins, and answers with the place from which to go on
	 */
	scan(bytes: Uint8Array, start: number, end: number, hit: (word: number, at: number) => number): void {
		const table = this.#table;
		const classes = this.#classes;
		const accepting = this.#accepting;
		let state = 0;
		for (let at = start; at < end; at++) {
			state = table[(state << 6) + (classes[bytes[at] as number] as number)] as number;
			if (state < accepting) continue;
			let next = at + 1;
			for (const {bytes: word, back, index} of this.#endings[state - accepting] ?? []) {
				const begin = at - back;
				if (begin < start || begin + word.length > end || !matches(bytes, begin, word)) continue;
				const goOn = hit(index, begin);
				if (goOn > next) next = goOn;
			}
			if (next > at + 1) {
				state = 0;
				at = next - 1;
			}
		}
	}
}

function matches(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
	for (let index = 0; index < word.length; index++)
		if (lower(bytes[from + index] as number) !== word[index]) return false;
	return true;
}

function follow(states: readonly Building[], from: number, column: number): number {
	for (let state = from; ; state = states[state]?.fail ?? 0) {
		const next = states[state]?.next.get(column);
		if (next !== undefined) return next;
		if (state === 0) return 0;
	}
}
