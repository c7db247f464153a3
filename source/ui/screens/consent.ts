import {say} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {type Page, page} from '../page.ts';
import {fixTitle} from '../parts/fix-title.ts';
import {input} from '../parts/input.ts';
import {planFacts} from '../parts/plan-facts.ts';
import {blank, hang, type Pen, paragraph, prose, span} from '../pen.ts';

/** Data that is replaced wants its exact name, typed by hand: no key pressed twice by mistake can do it. */
function typed(pen: Pen, session: Session): Row[] {
	const {plan, draft} = session;
	const confirm = plan?.confirm;
	if (!confirm) return [];
	const state =
		draft === confirm.name
			? hang(
					pen,
					[span('  ✔ ', 'good')],
					prose(pen, say('That is the name. Enter applies the plan.', '名称一致。按 Enter 执行方案。')),
				)
			: hang(
					pen,
					[span('  ! ', 'warn')],
					prose(
						pen,
						draft === ''
							? say('Nothing happens until the name is typed.', '输入名称之前不会执行任何操作。')
							: say('Not the same name yet.', '名称尚不一致。'),
					),
				);
	return [...hang(pen, [], prose(pen, confirm.says, 'strong')), blank, input(pen, draft), ...state];
}

const yes = (pen: Pen): Row[] => [
	...hang(pen, [span('  Enter  ', 'focus')], prose(pen, say('yes, do it', '是，执行'))),
	...hang(pen, [span('  Esc    ', 'focus')], prose(pen, say('no, back to the plan', '否，返回方案'))),
];

/** The last question before anything is written. */
export function consent(session: Session, pen: Pen): Page {
	const {plan, shown} = session;
	if (!plan) return page({});
	const count = shown.length;
	return page({
		body: [
			...paragraph(pen, say('Do this now?', '现在执行吗？'), {tone: 'strong'}),
			...paragraph(pen, fixTitle(session)),
			...paragraph(
				pen,
				count === 1
					? say('One step, shown in the plan.', '共一步，详见方案。')
					: say(`${count} steps, shown in the plan.`, `共 ${count} 步，详见方案。`),
				{tone: 'quiet'},
			),
			blank,
			...planFacts(pen, plan),
		],
		pinned: [blank, ...(plan.confirm ? typed(pen, session) : yes(pen))],
	});
}
