import type {ShownStep} from '../../core/event.ts';
import type {Risk} from '../../core/fix.ts';
import {say} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {riskOf} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {fixTitle} from '../parts/fix-title.ts';
import {planFacts} from '../parts/plan-facts.ts';
import {beside, blank, hang, type Pen, paragraph, prose, quote, span} from '../pen.ts';
import {riskSigns} from '../words.ts';

/** One step with the literal command behind it. */
function stepRows(pen: Pen, {says, like, risk, undo}: ShownStep, index: number): Row[] {
	const number = `${index + 1}  `;
	const indent = ' '.repeat(number.length);
	const harm = riskSigns[risk as Risk];
	const title = hang(pen, [span(number, 'focus')], prose(pen, says));
	const remark = [span(`${harm?.sign ?? '!'} `, harm?.tone ?? 'warn'), ...prose(pen, riskOf(risk), 'quiet')];
	return [
		...(risk === 'none' ? title : beside(pen, title, remark, {indent: number.length})),
		...like.split('\n').flatMap(line => (line ? quote(pen, line, {indent: number.length}) : [])),
		...(undo ? hang(pen, [span(indent)], prose(pen, undo, 'quiet')) : []),
	];
}

/** Everything that would be done, before anything is: what it risks, then the literal commands. */
export function planScreen(session: Session, pen: Pen): Page {
	const {plan, shown} = session;
	if (!plan) return page({});
	return page({
		heading: [
			...paragraph(pen, fixTitle(session), {tone: 'strong'}),
			...paragraph(pen, say('Nothing is written before you agree.', '在你同意之前不会写入任何内容。'), {tone: 'quiet'}),
			blank,
		],
		body: [
			...planFacts(pen, plan),
			blank,
			...(plan.route ? [...paragraph(pen, plan.route), blank] : []),
			...shown.flatMap((step, index) => [...(index > 0 ? [blank] : []), ...stepRows(pen, step, index)]),
		],
	});
}
