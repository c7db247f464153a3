import {tame} from '../core/hostile.ts';
import {type Language, type Text, tell} from '../core/say.ts';
import {pad, truncate, widthOf} from '../core/width.ts';
import {type Row, type Span, type Tone, widthOfRow, wrap} from '../core/wrap.ts';

export const span = (text: string, tone: Tone = 'plain'): Span => ({text, tone});
export const blank: Row = [];

/**
 * Writes rows of text for one language and width. Everything drawn goes through it, so nothing is wider than its place and
 * no control character reaches the terminal, whoever wrote the text.
 */
export type Pen = {
	readonly language: Language;
	readonly columns: number;
	readonly color: boolean;
	/** The screen's clock, in milliseconds. */
	readonly now: number;
};

const words = (pen: Pen, text: Text | string): string =>
	tame(typeof text === 'string' ? text : tell(text, pen.language), Number.POSITIVE_INFINITY);

/** Colours what stands between backticks. Without colours the backticks stay: they are all that marks a command then. */
export function prose(pen: Pen, text: Text | string, tone: Tone = 'plain'): Span[] {
	const whole = words(pen, text);
	if (!pen.color) return [span(whole, tone)];
	return whole
		.split(/`([^`\n]+)`/)
		.map((part, index) => span(part, index % 2 === 1 ? 'code' : tone))
		.filter(({text}) => text !== '');
}

/** Text that is shown as it is: a command, a log line. */
export const literal = (pen: Pen, text: string, tone: Tone = 'code'): Span[] => [span(words(pen, text), tone)];

/** A paragraph whose lines hang below each other: `lead` stands before the first, as many blanks before the others. */
export function hang(pen: Pen, lead: Row, content: Row, most = Number.POSITIVE_INFINITY): Row[] {
	const indent = widthOfRow(lead);
	const rows = wrap(content, pen.columns - indent);
	const kept = rows.slice(0, most);
	const last = kept.at(-1);
	if (last && rows.length > kept.length)
		kept[kept.length - 1] = shorten([...last, span(' …', 'quiet')], pen.columns - indent);
	return kept.map((row, index) => [...(index === 0 ? lead : [span(' '.repeat(indent))]), ...row]);
}

/** Something quoted as it stands, a command or a log line, with a bar along all of its rows. */
export function quote(pen: Pen, text: string, options: {indent?: number; tone?: Tone; most?: number} = {}): Row[] {
	const {indent = 0, tone = 'code', most} = options;
	const bar = span(`${' '.repeat(indent)}│ `, 'quiet');
	return hang({...pen, columns: pen.columns - indent - 2}, [], literal(pen, text, tone), most).map(row => [
		bar,
		...row,
	]);
}

export const paragraph = (
	pen: Pen,
	text: Text | string,
	options: {indent?: number; tone?: Tone; most?: number} = {},
): Row[] => hang(pen, [span(' '.repeat(options.indent ?? 0))], prose(pen, text, options.tone), options.most);

/** Puts a remark behind a paragraph where it fits whole, else on a row of its own. */
export function beside(pen: Pen, rows: readonly Row[], remark: Row, options: {indent: number; between?: Row}): Row[] {
	const between = options.between ?? [span('  ')];
	const last = rows.at(-1);
	if (last && widthOfRow(last) + widthOfRow(between) + widthOfRow(remark) <= pen.columns)
		return [...rows.slice(0, -1), [...last, ...between, ...remark]];
	return [...rows, ...hang(pen, [span(' '.repeat(options.indent))], remark)];
}

/** Sections with a blank row between them; empty ones are left out. */
export const apart = (sections: readonly (readonly Row[])[]): Row[] =>
	sections.filter(rows => rows.length > 0).flatMap((rows, index) => (index > 0 ? [blank, ...rows] : rows));

/** Cuts a row to a number of columns. */
export function shorten(row: Row, columns: number): Row {
	if (widthOfRow(row) <= columns) return row;
	const kept: Span[] = [];
	let left = columns;
	for (const {text, tone} of row) {
		// Whatever does not end here needs room for the ellipsis.
		if (widthOf(text) < left) {
			kept.push(span(text, tone));
			left -= widthOf(text);
			continue;
		}
		kept.push(span(truncate(`${text} `, left), tone));
		break;
	}
	return kept;
}

/** One row with something at its right end; the left side gives way. */
export function ends(pen: Pen, left: Row, right: Row): Row {
	const room = pen.columns - widthOfRow(right) - 1;
	const cut = shorten(left, room);
	return [...cut, span(' '.repeat(room - widthOfRow(cut) + 1)), ...right];
}

/** `word   explanation`, the explanations below each other. */
export const pairs = (pen: Pen, items: readonly {name: Text; rows: Row}[], indent = 2): Row[] => {
	const width = Math.max(...items.map(({name}) => widthOf(tell(name, pen.language))));
	return items.flatMap(({name, rows}) =>
		hang(pen, [span(' '.repeat(indent)), span(pad(tell(name, pen.language), width + 2), 'quiet')], rows),
	);
};
