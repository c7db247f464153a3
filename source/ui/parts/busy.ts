import type {Text} from '../../core/say.ts';
import type {Row} from '../../core/wrap.ts';
import {duration} from '../../report/words.ts';
import {hang, type Pen, prose, span} from '../pen.ts';
import {spinnerAt} from '../words.ts';

/** Time that has passed, from a tenth of a second on: before that nobody waits. */
export const elapsed = (pen: Pen, since: number): string => {
	const ms = pen.now - since;
	if (ms < 100) return '';
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
	return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
};

export const took = (ms: number): string =>
	ms < 60_000 ? duration(ms) : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;

/** Something that is going on: it turns, and says for how long. */
export const busy = (pen: Pen, says: Text, since: number): Row[] =>
	hang(
		pen,
		[span(`${spinnerAt(pen.now - since)} `, 'focus')],
		[...prose(pen, says), span(`  ${elapsed(pen, since)}`, 'quiet')],
	);
