import type {Row} from '../../core/wrap.ts';
import {type Pen, span} from '../pen.ts';

const widest = 40;

/** How far something is; nothing when that is not known. */
export function bar(pen: Pen, done: number | null, total: number | null, indent = 2): Row[] {
	if (done === null || total === null || total <= 0) return [];
	const share = Math.max(0, Math.min(1, done / total));
	const width = Math.min(widest, pen.columns - indent - 6);
	const full = Math.round(share * width);
	return [
		[
			span(' '.repeat(indent)),
			span('█'.repeat(full), 'focus'),
			span('░'.repeat(width - full), 'quiet'),
			span(`${String(Math.floor(share * 100)).padStart(4)} %`, 'quiet'),
		],
	];
}
