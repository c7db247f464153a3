import type {Finding} from '../../core/diagnosis.ts';
import type {DiagnosisReport} from '../../core/report.ts';
import {list, say, tell} from '../../core/say.ts';
import {findingUnderCursor, type Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {certaintyWords} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {choices, type Item} from '../parts/choices.ts';
import {evidenceFolded, evidenceRows} from '../parts/evidence.ts';
import {open} from '../parts/open-ends.ts';
import {blank, hang, type Pen, paragraph, prose, span} from '../pen.ts';

const certaintySigns = {certain: '✔', likely: '!', possible: '?'} as const;

/** Certainty, where, and who suffers: the second line of every finding. */
function placeRow(pen: Pen, {certainty, subject, affects}: Finding): Row[] {
	const sure = `${certaintySigns[certainty]} ${tell(certaintyWords[certainty], pen.language)}`;
	const others = affects.filter(name => name !== subject);
	const parts: Row = [
		span(sure, certainty === 'certain' ? 'good' : 'warn'),
		...(subject ? [span(' · ', 'quiet'), span(subject)] : []),
		...(others.length > 0
			? [span(' · ', 'quiet'), ...prose(pen, say(`breaks ${list(others).en}`, `影响 ${list(others).zh}`))]
			: []),
	];
	return hang(pen, [span('  ')], parts);
}

/** What it is, what not to do, what to do where no fix exists, what it explains, and what speaks for it. */
function details(pen: Pen, session: Session, finding: Finding, report: DiagnosisReport): Row[] {
	const {about, beware, noFix, because} = finding;
	const explained = report.symptoms.filter(({explainedBy}) => explainedBy.includes(finding.id));
	return [
		...paragraph(pen, about),
		...(beware ? [blank, ...hang(pen, [span('! ', 'warn')], prose(pen, beware, 'warn'))] : []),
		...(noFix ? [blank, ...hang(pen, [span('→ ', 'focus')], prose(pen, noFix))] : []),
		...(explained.length > 0
			? [
					blank,
					...paragraph(pen, say('It explains', '由此可以解释'), {tone: 'quiet'}),
					...explained.flatMap(({says}) => hang(pen, [span('· ', 'quiet')], prose(pen, says))),
				]
			: []),
		...(because.length > 0
			? [blank, ...(session.evidence ? evidenceRows(pen, finding) : evidenceFolded(pen, finding))]
			: []),
	];
}

const indented = (pen: Pen, draw: (pen: Pen) => Row[]): Row[] =>
	draw({...pen, columns: pen.columns - 2}).map(row => (row.length === 0 ? row : [span('  '), ...row]));

const item =
	(session: Session, finding: Finding, report: DiagnosisReport): Item =>
	(pen, focused) => [
		...hang(
			pen,
			[finding.severity === 'failure' ? span('✖ ', 'bad') : span('! ', 'warn')],
			prose(pen, finding.title, 'strong'),
		),
		...placeRow(pen, finding),
		...(focused ? [blank, ...indented(pen, inner => details(inner, session, finding, report))] : []),
	];

/** Words above the list: how many root causes, or that nothing was found, honestly. */
function heading(pen: Pen, {diagnoses, unexplained, unknown, path}: DiagnosisReport): Row[] {
	const count = diagnoses.length;
	if (count > 0)
		return paragraph(
			pen,
			count === 1
				? say('One root cause', '一个根本原因')
				: say(`${count} root causes, first things first`, `${count} 个根本原因，按处理顺序排列`),
			{tone: 'strong'},
		);
	if (unexplained.length + unknown.length === 0)
		return hang(
			pen,
			[span('✔ ', 'good')],
			prose(
				pen,
				say(`Nothing wrong found in ${path.length} questions.`, `共检查 ${path.length} 个问题，没有发现异常。`),
				'good',
			),
		);
	return hang(
		pen,
		[span('? ', 'unknown')],
		prose(
			pen,
			say(
				`No root cause found in ${path.length} questions, and something stays open; r asks again.`,
				`共检查 ${path.length} 个问题，没有找到根本原因，但仍有疑点；按 r 重新检查。`,
			),
			'strong',
		),
	);
}

const reassurance = say(
	'Esc shows every question with its answer. If something still feels wrong, press r while it happens.',
	'按 Esc 可查看每个问题及其回答。若仍觉异常，请在异常发生时按 r 重新检查。',
);

/** Root causes with certainty and evidence, then everything that stays open. */
export function causes(session: Session, pen: Pen): Page {
	const {report, cursor} = session;
	if (!report) return page({});
	const {body, focus} = choices(
		pen,
		report.diagnoses.map(finding => item(session, finding, report)),
		cursor.causes,
	);
	// Folded out, the evidence is what the reader wants to see.
	const shown = findingUnderCursor(session);
	const evidence = session.evidence && shown ? evidenceRows({...pen, columns: pen.columns - 4}, shown).length : null;
	const ends = open(pen, session, report, body.length > 0);
	const healthy = body.length + ends.length === 0;
	return page({
		heading: [...heading(pen, report), blank],
		body: healthy ? paragraph(pen, reassurance, {indent: 2}) : [...body, ...ends],
		focus: focus && evidence !== null ? {from: focus.to - evidence, to: focus.to} : focus,
	});
}
