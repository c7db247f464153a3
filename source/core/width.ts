import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

/** The characters as a reader counts them: marks and joined emoji stay with their letter. */
export const graphemes = (text: string): string[] =>
	/^[\x20-\x7e]*$/.test(text) ? [...text] : Array.from(segmenter.segment(text), ({segment}) => segment);

/** Columns that a text takes in a terminal: two for a Han character, none for a combining mark (Unicode's East Asian Width). */
export const widthOf = (text: string): number => stringWidth(text);

/**
 * Cuts a text to a number of columns, with an ellipsis where something is missing.
 * A wide character that would stand half outside is left out, so the result is never wider than asked for.
 */
export function truncate(text: string, columns: number): string {
	if (widthOf(text) <= columns) return text;
	if (columns < 1) return '';
	let kept = '';
	let used = 1;
	for (const character of graphemes(text)) {
		used += widthOf(character);
		if (used > columns) break;
		kept += character;
	}
	return `${kept.trimEnd()}…`;
}

/** Fills a text up with spaces to a number of columns; a longer text stays as it is. */
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)));
