import {say} from '../../core/say.ts';
import type {Run, Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {type Page, page} from '../page.ts';
import {checkRows} from '../parts/checks.ts';
import {fixTitle} from '../parts/fix-title.ts';
import {apart, blank, hang, type Pen, paragraph, prose, quote, span} from '../pen.ts';
import {outcomeSigns} from '../words.ts';
import {stepList} from './applying.ts';

type Finished = NonNullable<Run['finished']>;

/** What the tree says now that it was walked again. */
function walkedAgain(pen: Pen, {report}: Finished): Row[] {
	if (!report) return [];
	const {diagnoses, unexplained} = report;
	const left = diagnoses.flatMap(({title, severity}) =>
		hang(pen, [severity === 'failure' ? span('  ✖ ', 'bad') : span('  ! ', 'warn')], prose(pen, title)),
	);
	const title =
		diagnoses.length > 0
			? hang(
					pen,
					[span('! ', 'warn')],
					prose(pen, say('The tree was walked again. Still to do:', '已重新走完决策树，还需处理：')),
				)
			: [];
	const unclear =
		unexplained.length > 0
			? hang(
					pen,
					[span('? ', 'unknown')],
					prose(
						pen,
						say(`${unexplained.length} symptoms that nothing explains yet`, `${unexplained.length} 个现象尚无解释`),
					),
				)
			: [];
	return [...title, ...left, ...unclear];
}

/** The outcome, why it may be believed, and the way back. */
export function proof(session: Session, pen: Pen): Page {
	const {run} = session;
	const finished = run?.finished;
	if (!run || !finished) return page({});
	const {sign, tone} = outcomeSigns[finished.outcome];
	const good = finished.outcome === 'proven' || finished.outcome === 'undone';
	return page({
		heading: [
			...hang(pen, [span(`${sign} `, tone)], prose(pen, finished.says, tone)),
			...paragraph(pen, fixTitle(session), {indent: 2, tone: 'quiet'}),
			blank,
		],
		body: apart([
			good ? [] : stepList(pen, run),
			run.checks.length > 0 ? checkRows(pen, run.checks) : [],
			walkedAgain(pen, finished),
			finished.undo
				? [
						...paragraph(pen, say('To undo it, today or next week:', '今后若要撤销：'), {tone: 'quiet'}),
						...quote(pen, finished.undo, {indent: 2}),
					]
				: [],
		]),
	});
}
