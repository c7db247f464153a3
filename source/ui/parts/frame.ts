import {say, type Text, tell, verbatim} from '../../core/say.ts';
import {isTyping, itemsOf, type Session} from '../../core/session.ts';
import {truncate, widthOf} from '../../core/width.ts';
import {type Row, widthOfRow} from '../../core/wrap.ts';
import {bindingsFor, wordsOf} from '../keys.ts';
import type {Laid} from '../page.ts';
import {ends, type Pen, prose, shorten, span} from '../pen.ts';
import {stageCount, stages} from '../words.ts';

/** A quiet line across, with a few words in it where there is something to say. */
function rule(pen: Pen, words: string): Row {
	const said = words ? ` ${truncate(words, pen.columns - 6)} ` : '';
	const right = said ? 2 : 0;
	return [span(`${'─'.repeat(pen.columns - widthOf(said) - right)}${said}${'─'.repeat(right)}`, 'quiet')];
}

const overlayTitles = {help: say('keys', '按键'), log: say('log', '日志')} as const;

/** Where we are: the deployment, and the place on the way from question to cure. */
export function header(session: Session, pen: Pen, {top}: Laid): Row[] {
	const {title, stage} = stages[session.screen];
	const here = session.overlay ? overlayTitles[session.overlay] : title;
	const place: Row = [
		...(stage && !session.overlay ? [span(`${stage}/${stageCount} `, 'quiet')] : []),
		...prose(pen, here, 'focus'),
	];
	const name: Row = [
		span('compose-medic', 'strong'),
		...(session.project ? [span('  '), ...prose(pen, verbatim(session.project), 'quiet')] : []),
	];
	return [
		ends(pen, name, place),
		rule(pen, top > 0 ? tell(say(`↑ ${top} more`, `↑ 还有 ${top} 行`), pen.language) : ''),
	];
}

const wide = 3;
const narrow = 2;

const hint = (pen: Pen, shown: string, says: Text): Row => [
	span(shown, 'focus'),
	span(` ${tell(says, pen.language)}`, 'quiet'),
];

/** Arrows are told of where there is something to choose or to scroll. */
function arrows(session: Session, pen: Pen, {last}: Laid): Row[] {
	if (session.overlay === null && itemsOf(session) > 1) return [hint(pen, '↑↓', say('choose', '选择'))];
	return last > 0 ? [hint(pen, '↑↓', say('scroll', '滚动'))] : [];
}

const sizeOf = (hints: readonly Row[], gap: number): number =>
	hints.reduce((sum, one) => sum + widthOfRow(one), Math.max(0, hints.length - 1) * gap);

/** Keys that work now, the most useful first, as many as there is room for; help and quit always. */
function keyBar(session: Session, pen: Pen, laid: Laid): Row {
	const hints = bindingsFor(session)
		.filter(({bar}) => bar !== undefined)
		.sort((one, other) => (one.bar ?? 0) - (other.bar ?? 0))
		.map(binding => hint(pen, binding.shown, wordsOf(binding, session)));
	const always = isTyping(session) ? [] : hints.splice(-2);
	const optional = [...hints.slice(0, 2), ...arrows(session, pen, laid), ...hints.slice(2)];
	const gap = sizeOf([...optional, ...always], wide) <= pen.columns ? wide : narrow;
	const kept: Row[] = [];
	for (const one of optional) {
		if (sizeOf([...kept, one, ...always], gap) > pen.columns) break;
		kept.push(one);
	}
	return shorten(
		[...kept, ...always].flatMap((one, index) => (index > 0 ? [span(' '.repeat(gap)), ...one] : one)),
		pen.columns,
	);
}

export function footer(session: Session, pen: Pen, laid: Laid): Row[] {
	const {top, last} = laid;
	const below = last - top;
	const words: Text | null = session.notice ?? (below > 0 ? say(`↓ ${below} more`, `↓ 还有 ${below} 行`) : null);
	return [rule(pen, words ? tell(words, pen.language) : ''), keyBar(session, pen, laid)];
}
