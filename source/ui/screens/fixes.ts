import type {Finding} from '../../core/diagnosis.ts';
import type {Risk} from '../../core/fix.ts';
import {say, type Text} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import {riskWords} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {busy} from '../parts/busy.ts';
import {choices, type Item} from '../parts/choices.ts';
import {blank, hang, type Pen, paragraph, prose, span} from '../pen.ts';
import {riskSigns} from '../words.ts';

const item =
	({id, title, risk, recommended}: Finding['fixes'][number], refusal: Text | undefined): Item =>
	pen => {
		const {sign, tone} = riskSigns[risk as Risk];
		return [
			...hang(pen, [], prose(pen, title, 'strong')),
			...hang(
				pen,
				[],
				[
					...(recommended ? [...prose(pen, say('recommended', '推荐'), 'good'), span(' · ', 'quiet')] : []),
					span(`${sign} `, tone),
					...prose(pen, riskWords[risk]),
					span(' · ', 'quiet'),
					span(id, 'quiet'),
				],
			),
			...(refusal
				? hang(
						pen,
						[span('✖ ', 'bad')],
						prose(pen, say(`Does not apply here: ${refusal.en}`, `此处不适用：${refusal.zh}`)),
					)
				: []),
		];
	};

/** The fixes in the order we would recommend, each with its risk. */
export function fixes(session: Session, pen: Pen): Page {
	const {finding, cursor, refused, task, taskAt} = session;
	if (!finding) return page({});
	const working = task?.kind === 'plan';
	return page({
		heading: [
			...paragraph(pen, finding.title, {tone: 'strong'}),
			...paragraph(
				pen,
				say(
					'What to do about it. Enter shows the plan; nothing is written yet.',
					'如何处理。Enter 查看方案，此时不会写入任何内容。',
				),
				{tone: 'quiet'},
			),
			blank,
		],
		...choices(
			pen,
			finding.fixes.map(fix => item(fix, refused[fix.id])),
			cursor.fixes,
		),
		pinned: working
			? [blank, ...busy(pen, say('Working out the plan, reading only', '正在制定方案，只读取不写入'), taskAt)]
			: [],
	});
}
