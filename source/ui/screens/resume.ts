import {say} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import {clock} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {choices, type Item} from '../parts/choices.ts';
import {blank, type Pen, paragraph} from '../pen.ts';

const options = [
	[say('Go on with it', '继续执行'), say('the steps that are left, then the proof', '执行剩余步骤，然后验证')],
	[say('Undo it', '撤销'), say('put back everything it changed', '还原它做过的所有更改')],
	[
		say('Leave it for now and look again', '暂不处理，重新检查'),
		say('the journal stays; you are asked again next time', '日志保留，下次启动会再次询问'),
	],
] as const;

/** A fix was cut off by a crash, a power cut or a closed terminal. */
export function resume({unfinished, cursor}: Session, pen: Pen): Page {
	if (!unfinished) return page({});
	const items = options.map(
		([title, about]): Item =>
			inner => [...paragraph(inner, title, {tone: 'strong'}), ...paragraph(inner, about, {tone: 'quiet'})],
	);
	return page({
		heading: [
			...paragraph(pen, say('! A fix was cut off before it was done', '! 有一个修复在完成前中断了'), {tone: 'strong'}),
			...paragraph(
				pen,
				say(
					`\`${unfinished.fix}\`, begun ${clock(unfinished.at)}. No data is lost: every step was written down before it began.`,
					`\`${unfinished.fix}\`，开始于 ${clock(unfinished.at)}。数据没有丢失：每一步在开始之前都已记录。`,
				),
			),
			blank,
		],
		...choices(pen, items, cursor.resume),
	});
}
