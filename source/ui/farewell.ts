import {say, type Text, tell} from '../core/say.ts';
import {isChanging, type Session} from '../core/session.ts';
import type {Row} from '../core/wrap.ts';
import {certaintyWords} from '../report/words.ts';
import {planCommand, where} from './keys.ts';
import {fixTitle} from './parts/fix-title.ts';
import {hang, literal, type Pen, prose, span} from './pen.ts';
import {outcomeSigns} from './words.ts';

const plain = (rows: readonly Row[]): string[] =>
	rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);

const line = (pen: Pen, sign: string, text: Text | string): string[] =>
	plain(hang(pen, [span(`${sign} `)], prose(pen, text)));

const command = (pen: Pen, text: string): string[] => plain(hang(pen, [span('    ')], literal(pen, text)));

/** What was cut off, and the two ways on. */
function cutOff(pen: Pen, session: Session): string[] {
	const {run} = session;
	if (!run?.journal) return line(pen, '!', say('Left before anything was changed.', '在做出任何更改之前已退出。'));
	return [
		...line(
			pen,
			'!',
			say(
				`Left in the middle of a fix. What undo needs is on disk, in journal ${run.journal}.`,
				`修复尚未完成就退出了。撤销所需的内容已写入磁盘，日志为 ${run.journal}。`,
			),
		),
		...line(pen, ' ', say('To go on with it, or to put everything back:', '继续执行，或全部还原：')),
		...command(pen, `compose-medic undo --resume${where(session)}`),
		...command(pen, `compose-medic undo ${run.journal}${where(session)}`),
	];
}

/** The command that shows the plan again, without the wizard. */
function next(pen: Pen, session: Session): string[] {
	const fix = session.report?.diagnoses.find(({fixes}) => fixes.length > 0)?.fixes[0];
	if (!fix) return [];
	return [
		...line(pen, ' ', say('To see the plan without the wizard:', '不用向导查看方案：')),
		...command(pen, planCommand(fix.id, session)),
	];
}

/** The few lines that stay in the terminal after the wizard is gone: what is so now, and how to go on from there. */
export function farewell(session: Session, pen: Pen): string[] {
	const {run, report, trouble} = session;
	if (isChanging(session)) return cutOff(pen, session);
	if (run?.finished) {
		const {outcome, says, undo} = run.finished;
		return [
			...line(pen, outcomeSigns[outcome].sign, says),
			...line(pen, ' ', fixTitle(session)),
			...(undo ? [...line(pen, ' ', say('To undo it:', '若要撤销：')), ...command(pen, undo)] : []),
		];
	}
	if (session.screen === 'trouble' && trouble)
		return [
			...line(pen, '✖', trouble.what),
			...(trouble.why ? line(pen, ' ', trouble.why) : []),
			...(trouble.next ? line(pen, '→', trouble.next) : []),
		];
	if (!report)
		return session.done === 'interrupted'
			? line(pen, '!', say('Interrupted. Nothing was changed.', '已中断。没有做任何更改。'))
			: [];
	if (report.diagnoses.length === 0 && report.unexplained.length + report.unknown.length === 0)
		return line(pen, '✔', say('Nothing wrong found.', '没有发现异常。'));
	return [
		...report.diagnoses.flatMap(({title, severity, certainty}) =>
			line(
				pen,
				severity === 'failure' ? '✖' : '!',
				say(
					`${title.en} (${tell(certaintyWords[certainty], 'en')})`,
					`${title.zh}（${tell(certaintyWords[certainty], 'zh')}）`,
				),
			),
		),
		...(report.diagnoses.length === 0
			? line(pen, '?', say('No root cause found, and something stays open.', '没有找到根本原因，但仍有疑点。'))
			: []),
		...line(pen, ' ', say('Nothing was changed.', '没有做任何更改。')),
		...next(pen, session),
	];
}
