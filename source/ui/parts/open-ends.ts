import type {DiagnosisReport} from '../../core/report.ts';
import {say, type Text} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {blank, hang, type Pen, prose, quote, span} from '../pen.ts';
import {chapterName} from '../words.ts';

type Unknown = DiagnosisReport['unknown'][number];

const section = (pen: Pen, title: Text, rows: readonly Row[]): Row[] =>
	rows.length === 0 ? [] : [blank, ...hang(pen, [span('? ', 'unknown')], prose(pen, title, 'strong')), ...rows];

/** One look can leave several chapters without an answer; it is told once. */
const isFirst = ({probe}: Unknown, index: number, all: readonly Unknown[]): boolean =>
	all.findIndex(other => other.probe === probe) === index;

/** What stays open, honestly: symptoms nothing explains with their lines, looks that failed, chapters that could not be asked. */
export function open(
	pen: Pen,
	{looks}: Session,
	{symptoms, unexplained, unknown, skipped}: DiagnosisReport,
	after: boolean,
): Row[] {
	const titleOf = (key: string): Text | string => looks.find(look => look.key === key)?.title ?? key;
	const rows = [
		...section(
			pen,
			say('Nothing explains this yet', '以下现象尚无解释'),
			symptoms
				.filter(({id}) => unexplained.includes(id))
				.flatMap(({says, lines}) => [
					...hang(pen, [span('  · ', 'quiet')], prose(pen, says)),
					...lines.flatMap(line => quote(pen, line, {indent: 4, tone: 'quiet', most: 4})),
				]),
		),
		...section(
			pen,
			say('Could not look', '无法查看'),
			unknown
				.filter(isFirst)
				.flatMap(({probe, why}) => [
					...hang(pen, [span('  · ', 'quiet')], prose(pen, titleOf(probe))),
					...hang(pen, [span('    → ', 'quiet')], prose(pen, why)),
				]),
		),
		...section(
			pen,
			say('Not asked', '未检查'),
			skipped.flatMap(({chapter, why}) =>
				hang(
					pen,
					[span('  · ', 'quiet')],
					[...prose(pen, chapterName(chapter)), span(' → ', 'quiet'), ...prose(pen, why)],
				),
			),
		),
	];
	return after ? rows : rows.slice(1);
}
