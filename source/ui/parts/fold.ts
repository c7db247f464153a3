import {widthOf} from '../../core/width.ts';
import {type Row, type Tone, wrap} from '../../core/wrap.ts';
import {span} from '../pen.ts';

/** A stretch of a text, by its places in the string. */
type Stretch = {from: number; to: number};

/** Where a query stands in a text; capitals don't matter. */
export function placesOf(text: string, query: string): Stretch[] {
	const places: Stretch[] = [];
	if (query === '') return places;
	const [low, sought] = [text.toLowerCase(), query.toLowerCase()];
	// Lower case may be longer than the text (a dotted capital I): then there is no place to name, only that it matches.
	if (low.length !== text.length) return low.includes(sought) ? [{from: 0, to: text.length}] : [];
	for (let from = low.indexOf(sought); from >= 0; from = low.indexOf(sought, from + sought.length))
		places.push({from, to: from + sought.length});
	return places;
}

/** The part of a text between two places, what was found in it in its own tone. */
function spansOf(text: string, {from, to}: Stretch, found: readonly Stretch[], tone: Tone): Row {
	const row = [];
	let at = from;
	for (const place of found) {
		const [start, end] = [Math.max(at, place.from), Math.min(to, place.to)];
		if (start >= end) continue;
		if (start > at) row.push(span(text.slice(at, start), tone));
		row.push(span(text.slice(start, end), 'focus'));
		at = end;
	}
	if (at < to) row.push(span(text.slice(at, to), tone));
	return row;
}

/** Printable ASCII, Han characters with their punctuation, kana, full-width forms: their widths are known without asking. */
const simple = /^[\x20-\x7e\u3001-\u303e\u3041-\u30ff\u4e00-\u9fff\uff01-\uff60]*$/;
const isWide = (code: number): boolean => code > 0x7e;

/** Thousands of log lines have to be folded for a frame, so what most of them are made of is measured by code unit. */
function stretches(text: string, columns: number): Stretch[] {
	const parts: Stretch[] = [];
	let from = 0;
	let used = 0;
	/** Where the row may end: after a blank, and beside a wide character. */
	let mayEnd = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const width = isWide(code) ? 2 : 1;
		const blank = code === 0x20;
		if (at > from && (isWide(code) || isWide(text.charCodeAt(at - 1)) || blank)) mayEnd = at;
		if (used + width <= columns || (blank && used === columns)) {
			used += width;
			continue;
		}
		const to = mayEnd > from ? mayEnd : at;
		let end = to;
		while (end > from && text[end - 1] === ' ') end--;
		parts.push({from, to: end});
		from = to;
		while (text[from] === ' ') from++;
		at = from - 1;
		used = 0;
		mayEnd = from;
	}
	if (from < text.length || parts.length === 0) parts.push({from, to: text.length});
	return parts;
}

/**
 * Folds one log line into rows of a width, words whole where they fit, with what was found in its own tone.
 * @param text tamed, without line feeds
 */
export function fold(text: string, columns: number, found: readonly Stretch[], tone: Tone): Row[] {
	const width = Math.max(2, columns);
	if (simple.test(text)) return stretches(text, width).map(part => spansOf(text, part, found, tone));
	const whole = spansOf(text, {from: 0, to: text.length}, found, tone);
	return widthOf(text) <= width ? [whole] : wrap(whole, width);
}
