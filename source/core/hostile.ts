/**
 * Control functions of ECMA-48 in their 7-bit (ESC x) and 8-bit (C1) spelling. Every alternative stops at the next
 * ESC, so that a megabyte of half sequences is still read in one pass.
 */
const controlSequence = new RegExp(
	[
		// CSI: parameters, intermediates, final byte; a broken one loses what it has.
		'(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?',
		// OSC, DCS, SOS, PM, APC: a string up to ST or BEL on the same line. Unterminated ones fall through and lose their introducer only.
		'(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x80-\\x9f\\n]*(?:\\x07|\\x1b\\\\|\\x9c)',
		// Character sets and other escapes with intermediates, then all two-character escapes, then a lone ESC.
		'\\x1b[ -/]+[0-~]?',
		'\\x1b[0-~]?',
	].join('|'),
	'g',
);

/** C0 without line feed, DEL and C1: none of them belongs on a screen that we draw. */
const controlCharacter = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Characters that reorder or hide text (Unicode's bidirectional controls, zero-width and format characters, tags):
 * a log line that uses them can look like another one.
 */
const deceptive =
	/[\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\u034f|[\u17b4\u17b5]|[\u180b-\u180e]|[\u{e0000}-\u{e007f}]/gu;

/** More marks on one letter than any script uses run over the lines above and below. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/** Half a surrogate pair is no character; encoders throw on it or write something else. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** Lines longer than this are cut for the screen; what is left is enough to recognise them. */
export const longestLine = 4096;

/**
 * Cuts a text without splitting a character, and tells how much is missing.
 * Redact first: a secret that is cut in half is no longer recognised.
 */
export function cap(text: string, maxLength = longestLine): string {
	if (text.length <= maxLength) return text;
	const kept = text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
	return `${kept}… +${text.length - kept.length}`;
}

/**
 * Makes text from outside harmless: no escape sequence, control or direction character, no lone surrogate is left, so it
 * can't move the cursor, recolour, ring or hide anything. Line feeds stay, tabs become two spaces, and a carriage return
 * inside a line becomes a space.
 * @param maxLength in UTF-16 units; pass `Number.POSITIVE_INFINITY` when the text is redacted afterwards, then `cap` it
 */
export function tame(text: string, maxLength = longestLine): string {
	const tamed = text
		.replace(/(?<!\r)\r+(?=\n|$)/g, '')
		.replace(controlSequence, '')
		.replace(/\t/g, '  ')
		.replace(/[\r\v\f\u2028\u2029]/g, ' ')
		.replace(controlCharacter, '')
		.replace(deceptive, '')
		.replace(stackedMarks, '$1');
	return cap(wellFormed(tamed), maxLength);
}

/** The one right order for a line that may be drawn or stored: tame, redact, then cut. */
export const harmless = (text: string, redact: (text: string) => string, maxLength = longestLine): string =>
	cap(redact(tame(text, Number.POSITIVE_INFINITY)), maxLength);

/** The same for every text inside a value that came as JSON: names in a database are anybody's choice. */
export const harmlessAll = <Value>(value: Value, redact: (text: string) => string): Value =>
	JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
		typeof inner === 'string' ? harmless(inner, redact) : inner,
	) as Value;

/** What a reader of lines keeps of one line in memory; the rest of it is counted, not stored. */
const longestKept = 1024 * 1024;

/**
 * Puts lines together from byte chunks that may end anywhere, even inside a character. Invalid UTF-8 becomes U+FFFD.
 * Lines are not tamed yet: whoever reads them redacts in between.
 */
export class LineReader {
	readonly #decoder = new TextDecoder('utf-8', {ignoreBOM: true});
	#open = '';
	#dropped = 0;

	/** @returns the lines that this chunk completes, without their line feed */
	push(chunk: Uint8Array): string[] {
		return this.#take(this.#decoder.decode(chunk, {stream: true}));
	}

	/** @returns the last line, when the bytes did not end with a line feed */
	end(): string[] {
		const lines = this.#take(this.#decoder.decode());
		if (this.#open) lines.push(this.#close());
		return lines;
	}

	#take(text: string): string[] {
		const parts = text.split('\n');
		const rest = parts.pop() ?? '';
		const lines = parts.map(part => {
			this.#grow(part);
			return this.#close();
		});
		this.#grow(rest);
		return lines;
	}

	#grow(part: string): void {
		const room = Math.max(0, longestKept - this.#open.length);
		this.#open += part.length <= room ? part : part.slice(0, room);
		this.#dropped += Math.max(0, part.length - room);
	}

	#close(): string {
		const line = this.#dropped > 0 ? `${this.#open}… +${this.#dropped}` : this.#open;
		this.#open = '';
		this.#dropped = 0;
		return line;
	}
}

/** All lines of a stream or list of byte chunks. */
export async function* decodeLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
	const reader = new LineReader();
	for await (const chunk of chunks) yield* reader.push(chunk);
	yield* reader.end();
}
