import {cap} from '../core/hostile.ts';
import type {Message} from '../core/message.ts';
import {isUtf8, otherReadings, withoutMojibake} from './encoding.ts';
import {type PastedLine, readLine} from './line.ts';
import {type Match, messagesIn, scanner} from './match.ts';
import {Sightings} from './sightings.ts';

/** Up to here every line is read; after it only lines in which a word of the catalogue stands. People paste less than this. */
const wholeUpTo = 4 * 1024 * 1024;
/** A line longer than this is read in pieces that overlap, so that no sentence is cut. */
const longestPiece = 16 * 1024;
const overlap = 1024;
/** Of a line without end only this much is kept. */
const longestLine = 1024 * 1024;
/** How many shapes of lines are remembered with what they say. */
const shapesKept = 4096;

/** Times, process numbers and long numbers; codes, ports and short numbers are part of what is said. */
const passing = /\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d(?:[.,]\d+)?|\[\d+\]|\d{6,}/g;

/** Characters of a line that are kept to be shown. */
const longestShown = 300;
const mostUnknown = 64;

const lineFeed = 10;
const trouble = /\b(?:error|fatal|panic|exception|failed|failure|refused|denied|cannot|could not|unable to)\b/i;
const noTrouble = /\b(?:no|0|without) (?:errors?|failures?)\b|\berrors?[=:] ?0\b|\b(?:info|debug|trace)\b/i;

/** Lines that speak of trouble in words that nobody knows. */
export type Unknown = {service: string; count: number; lines: string[]};

export type Reading = {sightings: Sightings; lines: number; bytes: number; unknown: Unknown[]};

/**
 * Reads a log of any size from byte chunks that may end anywhere. Memory is bounded: a chunk, a line, and what `Sightings` keeps.
 * UTF-16 is for the caller to turn into UTF-8.
 */
export class LogReader {
	readonly #redact: (text: string) => string;
	readonly #readWhole: number;
	readonly #sightings = new Sightings();
	readonly #unknown = new Map<string, Unknown>();
	/** What lines of a shape say, so that the same sentence a million times is understood once. */
	readonly #shapes = new Map<string, Match[]>();
	#open: Uint8Array = new Uint8Array(0);
	#dropping = false;
	#bytes = 0;
	#lines = 0;
	#before: PastedLine | null = null;

	/**
	 * @param redact takes secrets out of a line that is kept
	 * @param readWhole bytes up to which every line is read
	 */
	constructor(redact: (text: string) => string, readWhole = wholeUpTo) {
		this.#redact = redact;
		this.#readWhole = readWhole;
	}

	push(chunk: Uint8Array): void {
		const end = chunk.lastIndexOf(lineFeed) + 1;
		if (end === 0) {
			this.#grow(chunk);
			return;
		}
		let from = 0;
		if (this.#open.length > 0 || this.#dropping) {
			from = chunk.indexOf(lineFeed) + 1;
			this.#grow(chunk.subarray(0, from));
			this.#read(this.#open, 0, this.#open.length);
			this.#open = new Uint8Array(0);
			this.#dropping = false;
		}
		this.#read(chunk, from, end);
		this.#grow(chunk.subarray(end));
	}

	end(): Reading {
		this.#read(this.#open, 0, this.#open.length);
		return {
			sightings: this.#sightings,
			lines: this.#lines,
			bytes: this.#bytes,
			unknown: [...this.#unknown.values()],
		};
	}

	#grow(part: Uint8Array): void {
		const room = longestLine - this.#open.length;
		if (part.length === 0) return;
		if (room <= 0) {
			this.#dropping = true;
			this.#bytes += part.length;
			return;
		}
		const kept = part.subarray(0, room);
		const grown = new Uint8Array(this.#open.length + kept.length);
		grown.set(this.#open);
		grown.set(kept, this.#open.length);
		this.#open = grown;
		this.#bytes += part.length - kept.length;
	}

	/** Reads whole lines between two places. */
	#read(bytes: Uint8Array, from: number, to: number): void {
		if (to <= from) return;
		const whole = this.#bytes < this.#readWhole;
		this.#bytes += to - from;
		if (whole) {
			for (let start = from; start < to; ) {
				const found = bytes.indexOf(lineFeed, start);
				const end = found < 0 || found > to ? to : found;
				this.#line(bytes.subarray(start, end), true);
				start = end + 1;
			}
			return;
		}
		scanner.lines(bytes, from, to, (start, end) => this.#line(bytes.subarray(start, end), false));
	}

	#line(bytes: Uint8Array, whole: boolean): void {
		this.#lines++;
		for (let start = 0; start < bytes.length || start === 0; start += longestPiece - overlap) {
			const piece = bytes.length <= longestPiece ? bytes : bytes.subarray(start, start + longestPiece);
			this.#piece(piece, whole);
			if (start + longestPiece >= bytes.length) return;
		}
	}

	#piece(bytes: Uint8Array, whole: boolean): void {
		const raw = new TextDecoder().decode(bytes);
		const line = readLine(raw);
		if (line.text === '') return;
		const plain = this.#understand(line.text);
		const matches = whole ? this.#inOtherReadings(bytes, raw, line, plain) : plain;
		// A key beside a secret is lost when objects are made into sentences, so secrets go first.
		const shown = (message: Message | null): string =>
			around(matches === plain ? this.#redact(readLine(this.#redact(raw)).text) : this.#redact(line.text), message);
		if (whole && this.#before) this.#wrapped(this.#before, line, matches);
		for (const {message, names} of matches) this.#sightings.add(message, line, names, this.#lines, shown);
		if (matches.length === 0 && trouble.test(line.text) && !noTrouble.test(line.text)) this.#note(line.service, shown);
		this.#before = line;
	}

	/** Lines that differ in their times and process numbers only say the same. */
	#understand(text: string): Match[] {
		if (text.length > 600) return messagesIn(text);
		const shape = text.replace(passing, '0');
		const known = this.#shapes.get(shape);
		if (known) return known;
		const matches = messagesIn(text);
		if (this.#shapes.size >= shapesKept) this.#shapes.clear();
		this.#shapes.set(shape, matches);
		return matches;
	}

	#inOtherReadings(bytes: Uint8Array, raw: string, line: PastedLine, plain: Match[]): Match[] {
		if (!/[^\x00-\x7f]/.test(raw)) return plain;
		const readings = isUtf8(bytes) ? [withoutMojibake(raw)] : otherReadings(bytes);
		for (const reading of readings) {
			if (reading === null) continue;
			const text = readLine(reading).text;
			const matches = messagesIn(text);
			if (matches.every(({message}) => plain.some(known => known.message.id === message.id))) continue;
			line.text = text;
			return matches;
		}
		return plain;
	}

	/** A terminal breaks long lines where it pleases: looks across the break, for what neither half says. */
	#wrapped(before: PastedLine, line: PastedLine, found: readonly Match[]): void {
		if (before.text.length < 60 || (before.service && line.service && before.service !== line.service)) return;
		const head = before.text.slice(-160);
		for (const glue of ['', ' ']) {
			const text = head + glue + line.text.slice(0, 160);
			for (const match of messagesIn(text)) {
				const crosses = match.from < head.length && match.to > head.length + glue.length;
				if (crosses && !found.some(({message}) => message.id === match.message.id))
					this.#sightings.add(
						match.message,
						{...line, service: line.service || before.service},
						match.names,
						this.#lines,
						message => around(this.#redact(before.text + glue + line.text), message),
					);
			}
		}
	}

	#note(service: string, shown: (message: null) => string): void {
		const known = this.#unknown.get(service);
		if (!known) {
			if (this.#unknown.size < mostUnknown) this.#unknown.set(service, {service, count: 1, lines: [shown(null)]});
			return;
		}
		known.count++;
		if (known.count > 16 || known.lines.length >= 3) return;
		const line = shown(null);
		if (!known.lines.includes(line)) known.lines.push(line);
	}
}

/** A line as it is shown: its beginning, or what stands around the sentence where that is far inside. */
function around(text: string, message: Message | null): string {
	const at = message ? Math.max(0, text.search(message.says)) : 0;
	return at > longestShown / 2 ? `…${cap(text.slice(at - 60), longestShown)}` : cap(text, longestShown);
}
