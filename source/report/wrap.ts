import {tame} from '../core/hostile.ts';
import {widthOf} from '../core/width.ts';
import {wrap as wrapRows} from '../core/wrap.ts';

/** Nothing narrower can be read. */
const narrowest = 8;

/** Wraps by columns on the screen. Line feeds stay; whatever the text comes from, nothing in it can move the cursor. */
export const wrap = (text: string, width: number): string[] =>
	wrapRows([{text: tame(text, Number.POSITIVE_INFINITY), tone: 'plain'}], Math.max(narrowest, width)).map(row =>
		row.map(span => span.text).join(''),
	);

/**
 * A hanging paragraph: `first` in front of the first line, as many blanks in front of the others.
 * @param first may be coloured; it comes from this program
 * @param width columns of the whole line
 */
export function hang(first: string, text: string, width: number): string {
	const indent = widthOf(first);
	return wrap(text, width - indent)
		.map((line, index) => (index === 0 ? first : ' '.repeat(indent)) + line)
		.join('\n');
}
