import {say} from '../../core/say.ts';
import type {Run} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {hang, type Pen, paragraph, prose, span} from '../pen.ts';

/** What was looked at independently after the change. */
export const checkRows = (pen: Pen, checks: Run['checks']): Row[] => [
	...paragraph(pen, say('Proof', '验证'), {tone: 'strong'}),
	...checks.flatMap(({says, passed}) =>
		hang(
			pen,
			[passed ? span('✔ ', 'good') : span('✖ ', 'bad')],
			[...prose(pen, says), ...(passed ? [] : [span(' · ', 'quiet'), ...prose(pen, say('not so', '不成立'), 'bad')])],
		),
	),
];
