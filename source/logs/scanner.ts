import {fold} from './literals.ts';

/** Bytes of each word that the automaton knows, so few that its table stays small; the rest is compared where these were found. */
const longestPiece = 12;
const mostStates = 1 << 16;
/** Parts of the bytes that are read side by side. */
const lanes = 4;
const worthDividing = 256;
const lineFeed = 10;

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

	/** @throws when the words need more states than the table can number */
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

		if (states.length > mostStates) throw new Error(`${states.length} states are more than 16 bits can number`);

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

	/** Whether a whole word ends its piece here. */
	#isWord(state: number, bytes: Uint8Array, at: number, start: number, end: number): boolean {
		for (const {bytes: word, back} of this.#endings[state - this.#accepting] ?? []) {
			const begin = at - back;
			if (begin >= start && begin + word.length <= end && matches(bytes, begin, word)) return true;
		}
		return false;
	}

	/**
	 * Calls `line` for each line in which a word stands, in order. Each look at the table waits for the one before it, so four
	 * parts of the bytes are read side by side: the processor waits for none of them alone.
	 */
	lines(bytes: Uint8Array, start: number, end: number, line: (from: number, to: number) => void): void {
		const table = this.#table;
		const classes = this.#classes;
		const accepting = this.#accepting;
		const part = end - start < worthDividing ? 0 : Math.floor((end - start) / lanes);
		const found: number[][] = Array.from({length: lanes}, () => []);
		const skipTo = new Int32Array(lanes);
		const note = (lane: number, state: number, at: number): void => {
			if (at < (skipTo[lane] ?? 0) || !this.#isWord(state, bytes, at, start, end)) return;
			found[lane]?.push(at);
			const feed = bytes.indexOf(lineFeed, at);
			skipTo[lane] = feed < 0 ? end : feed;
		};
		const states = new Uint16Array(lanes);
		// A piece that lies across a border is seen by the part that it ends in, which begins early enough to see all of it.
		if (part > 0)
			for (let lane = 1; lane < lanes; lane++)
				for (let at = start + lane * part - longestPiece; at < start + lane * part; at++)
					states[lane] = table[((states[lane] ?? 0) << 6) + (classes[bytes[at] ?? 0] ?? 0)] ?? 0;
		for (let at = start; at < start + part; at++) {
			at = sideBySide(bytes, at, start + part, part, table, classes, accepting, states);
			if (at >= start + part) break;
			for (const [lane, state] of states.entries()) if (state >= accepting) note(lane, state, at + lane * part);
		}
		// What the division left over belongs to the last part.
		let last = states[lanes - 1] ?? 0;
		for (let at = start + lanes * part; at < end; at++) {
			last = table[(last << 6) + (classes[bytes[at] as number] as number)] as number;
			if (last >= accepting) note(lanes - 1, last, at);
		}
		let next = start;
		for (const at of found.flat()) {
			if (at < next) continue;
			const feed = bytes.indexOf(lineFeed, at);
			const to = feed < 0 || feed > end ? end : feed;
			line(Math.max(start, bytes.lastIndexOf(lineFeed, at) + 1), to);
			next = to;
		}
	}
}

/** Reads four parts until one of them ends a piece. @returns where in the first part that is, or `to`; `states` is what it left */
function sideBySide(
	bytes: Uint8Array,
	from: number,
	to: number,
	part: number,
	table: Uint16Array,
	classes: Uint8Array,
	accepting: number,
	states: Uint16Array,
): number {
	let [one = 0, two = 0, three = 0, four = 0] = states;
	let at = from;
	for (; at < to; at++) {
		one = table[(one << 6) + (classes[bytes[at] as number] as number)] as number;
		two = table[(two << 6) + (classes[bytes[at + part] as number] as number)] as number;
		three = table[(three << 6) + (classes[bytes[at + 2 * part] as number] as number)] as number;
		four = table[(four << 6) + (classes[bytes[at + 3 * part] as number] as number)] as number;
		if (one >= accepting || two >= accepting || three >= accepting || four >= accepting) break;
	}
	states.set([one, two, three, four]);
	return at;
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
