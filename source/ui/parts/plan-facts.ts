import type {Plan} from '../../core/fix.ts';
import {list, say, type Text} from '../../core/say.ts';
import type {Row} from '../../core/wrap.ts';
import {type Pen, pairs, prose} from '../pen.ts';

/** What somebody must know before saying yes, in five lines. */
export function planFacts(pen: Pen, {restarts, loses, takes, undo}: Plan): Row[] {
	const restarted: Text = restarts.length > 0 ? list(restarts) : say('nothing', '无');
	return pairs(
		pen,
		[
			{name: say('could be lost', '可能丢失'), rows: prose(pen, loses)},
			{name: say('restarts', '会重启'), rows: prose(pen, restarted)},
			{name: say('takes', '耗时'), rows: prose(pen, takes)},
			{name: say('to undo', '撤销方式'), rows: prose(pen, undo)},
		],
		0,
	);
}
