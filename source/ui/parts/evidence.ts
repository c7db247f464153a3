import type {Evidence, Finding} from '../../core/diagnosis.ts';
import {say, tell} from '../../core/say.ts';
import {pad, widthOf} from '../../core/width.ts';
import {type Row, widthOfRow} from '../../core/wrap.ts';
import {clock} from '../../report/words.ts';
import {beside, hang, type Pen, prose, span} from '../pen.ts';

const speaksFor = say('for', '支持');
const against = say('against', '反对');

/** What was seen, and where and when: beside it where there is room, else on a row of its own. */
function evidence(pen: Pen, {for: pro, says, source, at}: Evidence, width: number): Row[] {
	const word = pad(tell(pro ? speaksFor : against, pen.language), width);
	const lead = pro ? [span('✔ ', 'good'), span(`${word}  `, 'good')] : [span('✖ ', 'bad'), span(`${word}  `, 'bad')];
	const origin = prose(pen, `${source}${at ? ` · ${clock(at)}` : ''}`, 'quiet');
	return beside(pen, hang(pen, lead, prose(pen, says)), origin, {indent: widthOfRow(lead)});
}

export function evidenceRows(pen: Pen, {because}: Finding): Row[] {
	const words = because.map(({for: pro}) => widthOf(tell(pro ? speaksFor : against, pen.language)));
	return because.flatMap(one => evidence(pen, one, Math.max(...words)));
}

/** One row that stands for the evidence as long as it is folded. */
export function evidenceFolded(pen: Pen, {because}: Finding): Row[] {
	const con = because.filter(({for: pro}) => !pro).length;
	const pro = because.length - con;
	if (because.length === 0) return [];
	const words = say(
		con > 0 ? `evidence: ${pro} for, ${con} against (e)` : `evidence: ${pro} for, none against (e)`,
		con > 0 ? `证据：${pro} 条支持，${con} 条反对（e）` : `证据：${pro} 条支持，无反对（e）`,
	);
	return hang(pen, [span('▸ ', 'focus')], prose(pen, words, 'quiet'));
}
