import {say} from '../../core/say.ts';
import {type Session, settingOf} from '../../core/session.ts';
import {type Page, page} from '../page.ts';
import {busy} from '../parts/busy.ts';
import {choices} from '../parts/choices.ts';
import {input} from '../parts/input.ts';
import {blank, literal, type Pen, paragraph} from '../pen.ts';

/** Asks for something that only the reader knows. What is secret is never drawn. */
export function settings(session: Session, pen: Pen): Page {
	const {asks, draft, cursor, task, taskAt} = session;
	const setting = settingOf(session);
	if (!asks || !setting) return page({});
	const {says, secret, choices: offered} = setting;
	const of = asks.settings.length > 1 ? ` (${asks.index + 1}/${asks.settings.length})` : '';
	const heading = [
		...paragraph(pen, asks.why),
		blank,
		...paragraph(pen, say(`${says.en}${of}`, `${says.zh}${of}`), {tone: 'strong'}),
		...(secret
			? paragraph(
					pen,
					say(
						'It is not shown, not stored in clear and not written to any log.',
						'不会显示，不会明文保存，也不会写入任何日志。',
					),
					{tone: 'quiet'},
				)
			: offered
				? []
				: paragraph(pen, say('Leave it empty to let the plan decide.', '留空则由方案决定。'), {tone: 'quiet'})),
		blank,
	];
	const pinned = task
		? [blank, ...busy(pen, say('Working out the plan, reading only', '正在制定方案，只读取不写入'), taskAt)]
		: [];
	if (offered)
		return page({
			heading,
			...choices(
				pen,
				offered.map(choice => inner => [literal(inner, choice)]),
				cursor.settings,
				false,
			),
			pinned,
		});
	return page({heading, body: [input(pen, draft, secret)], pinned});
}
