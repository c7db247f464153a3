import type {Row} from '../../core/wrap.ts';
import {blank, type Pen, span} from '../pen.ts';

/** Draws one item; it is given a pen as wide as its place. */
export type Item = (pen: Pen, focused: boolean) => Row[];

const margin = 2;

/** Items below each other with a sign before the one under the cursor, and a blank row between them unless they are tight. */
export function choices(
	pen: Pen,
	items: readonly Item[],
	cursor: number,
	gap = true,
): {body: Row[]; focus: {from: number; to: number} | null} {
	const inner = {...pen, columns: pen.columns - margin};
	const body: Row[] = [];
	let focus: {from: number; to: number} | null = null;
	items.forEach((item, index) => {
		const focused = index === cursor;
		const rows = item(inner, focused);
		if (gap && index > 0) body.push(blank);
		if (focused) focus = {from: body.length, to: body.length + rows.length};
		rows.forEach((row, line) => {
			body.push([focused && line === 0 ? span('❯ ', 'focus') : span(' '.repeat(margin)), ...row]);
		});
	});
	return {body, focus};
}
