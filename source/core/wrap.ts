import {graphemes, widthOf} from './width.ts';

/** What a piece of text means. The screen gives each meaning a colour; without colours the words and signs must do. */
export type Tone = 'plain' | 'quiet' | 'strong' | 'good' | 'bad' | 'warn' | 'unknown' | 'code' | 'focus';

/** A run of text in one tone, and a line of them. */
export type Span = {text: string; tone: Tone};
export type Row = readonly Span[];

export const widthOfRow = (row: Row): number => row.reduce((sum, {text}) => sum + widthOf(text), 0);

/** Chinese typography: these never begin a line, and those never end one. */
const neverFirst = /^[，。、；：？！）】》」』〉〕”’…—·％,.;:?!)\]}%]/u;
const neverLast = /[（【《「『〈〔“‘([{]$/u;

const isSpace = (character: string): boolean => character === ' ';
const isWide = (character: string): boolean => widthOf(character) > 1;

type Letter = {text: string; tone: Tone; width: number};
/** Letters that stay together, and the spaces after them. */
type Unit = {letters: Letter[]; width: number; gap: Letter[]};

const lettersOf = (spans: Row): Letter[] =>
	spans.flatMap(({text, tone}) => graphemes(text).map(text => ({text, tone, width: widthOf(text)})));

/** A line may end after a space, and before or after a wide character unless its neighbour forbids it. */
const mayBreak = (before: Letter, after: Letter): boolean =>
	(isWide(before.text) || isWide(after.text)) && !neverFirst.test(after.text) && !neverLast.test(before.text);

function unitsOf(letters: readonly Letter[]): Unit[] {
	const units: Unit[] = [];
	let open: Unit | null = null;
	for (const letter of letters) {
		if (isSpace(letter.text)) {
			open ??= start();
			open.gap.push(letter);
			continue;
		}
		const last = open?.letters.at(-1);
		if (!open || open.gap.length > 0 || (last && mayBreak(last, letter))) open = start();
		open.letters.push(letter);
		open.width += letter.width;
	}
	return units;

	function start(): Unit {
		const unit: Unit = {letters: [], width: 0, gap: []};
		units.push(unit);
		return unit;
	}
}

/** Puts letters of one tone together again. */
function rowOf(letters: readonly Letter[]): Row {
	const row: Span[] = [];
	for (const {text, tone} of letters) {
		const last = row.at(-1);
		if (last?.tone === tone) last.text += text;
		else row.push({text, tone});
	}
	return row;
}

/**
 * Breaks text into lines that are never wider than asked for, measured in columns. Words stay whole as long as they fit;
 * between Han characters a line may end anywhere that Chinese typography allows.
 * @param columns at least 2, the width of one Han character
 */
export function wrap(spans: Row, columns: number): Row[] {
	const width = Math.max(2, columns);
	const rows: Row[] = [];
	for (const paragraph of splitLines(spans)) {
		let line: Letter[] = [];
		let used = 0;
		let gap: Letter[] = [];
		const end = (): void => {
			rows.push(rowOf(line));
			line = [];
			used = 0;
			gap = [];
		};
		for (const unit of unitsOf(lettersOf(paragraph))) {
			if (used > 0 && used + gap.length + unit.width > width) end();
			else {
				line.push(...gap);
				used += gap.length;
			}
			for (const letter of unit.letters) {
				if (used > 0 && used + letter.width > width) end();
				line.push(letter);
				used += letter.width;
			}
			gap = unit.gap;
		}
		end();
	}
	return rows;
}

function splitLines(spans: Row): Row[] {
	const lines: Span[][] = [[]];
	for (const {text, tone} of spans)
		text.split('\n').forEach((part, index) => {
			if (index > 0) lines.push([]);
			if (part) lines.at(-1)?.push({text: part, tone});
		});
	return lines;
}
