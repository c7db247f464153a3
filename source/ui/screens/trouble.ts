import {say} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import {where} from '../keys.ts';
import {type Page, page} from '../page.ts';
import {blank, hang, type Pen, paragraph, prose, span} from '../pen.ts';

/** Something the reader can act on: what happened, why, and what to do next. */
export function troubleScreen(session: Session, pen: Pen): Page {
	const {trouble, run} = session;
	const resumes = `compose-medic undo --resume${where(session)}`;
	if (!trouble) return page({});
	const {what, why, next} = trouble;
	return page({
		body: [
			...hang(pen, [span('✖ ', 'bad')], prose(pen, what, 'strong')),
			...(why ? [blank, ...paragraph(pen, why, {indent: 2})] : []),
			...(next ? [blank, ...hang(pen, [span('→ ', 'focus')], prose(pen, next))] : []),
			...(run && !run.journal
				? [blank, ...paragraph(pen, say('Nothing was changed.', '没有做任何更改。'), {indent: 2, tone: 'quiet'})]
				: []),
			...(run?.journal
				? [
						blank,
						...paragraph(
							pen,
							say(
								`The journal \`${run.journal}\` is kept: \`${resumes}\` goes on with it.`,
								`日志 \`${run.journal}\` 已保留：\`${resumes}\` 可以继续。`,
							),
							{indent: 2},
						),
					]
				: []),
		],
	});
}
