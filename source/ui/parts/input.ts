import {tame} from '../../core/hostile.ts';
import {graphemes, widthOf} from '../../core/width.ts';
import type {Row} from '../../core/wrap.ts';
import {type Pen, span} from '../pen.ts';

/** One line to type on. A long entry shows its end, where the cursor is; a secret shows only that something was typed. */
export function input(pen: Pen, draft: string, secret = false): Row {
	const room = pen.columns - 5;
	const letters = graphemes(secret ? '•'.repeat([...draft].length) : tame(draft).replaceAll('\n', ' '));
	let width = letters.reduce((sum, letter) => sum + widthOf(letter), 0);
	while (width > room) width -= widthOf(letters.shift() ?? '');
	return [span('  › ', 'focus'), span(letters.join('')), span('▏', 'focus')];
}
