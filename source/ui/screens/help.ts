import {say, verbatim} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import {bindingsFor, wordsOf} from '../keys.ts';
import {type Page, page} from '../page.ts';
import {blank, type Pen, pairs, paragraph, prose} from '../pen.ts';

const signs = [
	['✔', say('good, or done', '正常，或已完成')],
	['✖', say('broken, or failed', '故障，或失败')],
	['!', say('mind this', '请注意')],
	['?', say('not known', '未知')],
] as const;

/** Every key that works on the screen below, from the table that also decides what they do. */
export function help(session: Session, pen: Pen): Page {
	const below: Session = {...session, overlay: session.log ? 'log' : null, draft: ''};
	return page({
		heading: [...paragraph(pen, say('Keys here', '此处可用的按键'), {tone: 'strong'}), blank],
		body: [
			...pairs(
				pen,
				bindingsFor(below).map(binding => ({name: verbatim(binding.shown), rows: prose(pen, wordsOf(binding, below))})),
			),
			blank,
			...paragraph(pen, say('Signs', '符号'), {tone: 'strong'}),
			blank,
			...pairs(
				pen,
				signs.map(([sign, says]) => ({name: verbatim(sign), rows: prose(pen, says)})),
			),
			blank,
			...paragraph(
				pen,
				say('compose-medic only reads until you agree to a plan.', '在你同意方案之前，compose-medic 只读取、不写入。'),
				{tone: 'quiet'},
			),
		],
	});
}
