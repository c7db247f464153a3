import type {Evidence, Finding} from '../core/diagnosis.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {type Language, list, say, type Text, tell} from '../core/say.ts';
import {type Paint, paintCommands} from './paint.ts';
import {certaintyWords, clock, riskWords} from './words.ts';
import {hang, wrap} from './wrap.ts';

export type PlainOptions = {
	language: Language;
	/** Columns of a whole line. */
	width: number;
	paint: Paint;
	/** A command of this program for the same deployment: `fix change-password` -> `compose-medic fix change-password --project shop`. */
	command: (rest: string) => string;
};

/** Writes a report for a person: root causes with their evidence and repairs, then what is left open. Ends with a line feed. */
export function plainReport(report: DiagnosisReport, options: PlainOptions): string {
	const blocks = [
		heading(report, options),
		...report.diagnoses.map((finding, index) => findingBlock(report, finding, index, options)),
		leftOpen(report, options),
		ending(report, options),
	];
	return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

const nameOf = ({target}: DiagnosisReport): string => (target.kind === 'compose' ? target.project : target.name);

function heading(report: DiagnosisReport, {language, paint, width}: PlainOptions): string {
	const {target, observedAt} = report;
	const what =
		target.kind === 'compose'
			? say(`Compose project, stack ${target.stack}`, `Compose 项目，应用栈 ${target.stack}`)
			: say(
					`database ${target.database} at ${target.host}:${target.port}`,
					`位于 ${target.host}:${target.port} 的数据库 ${target.database}`,
				);
	const name = nameOf(report);
	const [first = '', ...more] = wrap(`${name} · ${tell(what, language)} · ${clock(observedAt)}`, width);
	const start = paint.strong(first.slice(0, name.length)) + paint.quiet(first.slice(name.length));
	return [start, ...more.map(paint.quiet)].join('\n');
}

function findingBlock(report: DiagnosisReport, finding: Finding, index: number, options: PlainOptions): string {
	const {language, width, paint} = options;
	const failure = finding.severity === 'failure';
	const of = report.diagnoses.length > 1 ? ` ${index + 1}/${report.diagnoses.length}` : '';
	const kind = tell(failure ? say('Root cause', '根本原因') : say('Warning', '警告'), language);
	const mark = `${failure ? '✖' : '!'} ${kind}${of}${language === 'zh' ? '：' : ': '}`;
	const colour = failure ? paint.bad : paint.warning;
	const title = hang(mark, tell(finding.title, language), width)
		.split('\n')
		.map(line => colour(paint.strong(paintCommands(line, {...paint, command: text => text}))))
		.join('\n');
	const facts = [finding.id, finding.chapter, finding.subject, tell(certaintyWords[finding.certainty], language)];
	const explained = report.symptoms.filter(({explainedBy}) => explainedBy.includes(finding.id));
	return [
		title,
		paint.quiet(hang('  ', facts.filter(Boolean).join(' · '), width)),
		paragraph(finding.about, options),
		section(say('Evidence', '证据'), options),
		...finding.because.map(evidence => evidenceLine(evidence, options)),
		...(explained.length > 0
			? [
					section(say('What it explains', '它解释了'), options),
					...explained.map(({says}) => paintCommands(hang('    • ', tell(says, language), width), paint)),
				]
			: []),
		...(finding.beware
			? [
					section(say('Beware', '注意'), options),
					paintCommands(hang('    ! ', tell(finding.beware, language), width), paint),
				]
			: []),
		...repairs(finding, options),
	].join('\n');
}

export const section = (title: Text, {language, paint}: PlainOptions): string =>
	`\n  ${paint.strong(tell(title, language))}`;

export const paragraph = (text: Text, {language, width, paint}: PlainOptions): string =>
	`\n${paintCommands(hang('  ', tell(text, language), width), paint)}`;

export function evidenceLine(
	{for: speaksFor, says, source, at}: Evidence,
	{language, width, paint}: PlainOptions,
): string {
	const mark = tell(speaksFor ? say('+ for:     ', '+ 支持：') : say('- against: ', '- 反对：'), language);
	const from = `${source}${at ? `, ${clock(at)}` : ''}`;
	const indent = ' '.repeat(4 + (language === 'zh' ? 8 : 11));
	const body = paintCommands(hang(`    ${mark}`, tell(says, language), width), paint);
	return `${body}\n${paint.quiet(hang(indent, from, width))}`;
}

function repairs(finding: Finding, options: PlainOptions): string[] {
	const {language, width, paint, command} = options;
	if (finding.fixes.length === 0)
		return [
			section(say('How to repair', '如何修复'), options),
			paintCommands(
				hang(
					'    ',
					tell(finding.noFix ?? say('This program has no repair for it.', '本程序没有对应的修复。'), language),
					width,
				),
				paint,
			),
		];
	return [
		section(say('How to repair', '如何修复'), options),
		...finding.fixes.flatMap(({id, title, risk, recommended}, index) => {
			const notes = [...(recommended ? [say('recommended', '推荐')] : []), riskWords[risk]].map(note =>
				tell(note, language),
			);
			const note = language === 'zh' ? `（${notes.join('，')}）` : ` (${notes.join(', ')})`;
			return [
				paintCommands(hang(`    ${index + 1}. `, `${tell(title, language)}${note}`, width), paint),
				paint.command(`       ${command(`fix ${id}`)}`),
			];
		}),
	];
}

function leftOpen(report: DiagnosisReport, options: PlainOptions): string {
	const {language, width, paint} = options;
	const unexplained = report.symptoms.filter(({id}) => report.unexplained.includes(id));
	const lines: string[] = [];
	if (unexplained.length > 0) {
		lines.push(paint.warning(`? ${tell(say('Nothing explains this yet', '以下现象尚无解释'), language)}`));
		for (const {says, lines: shown} of unexplained) {
			lines.push(paintCommands(hang('    • ', tell(says, language), width), paint));
			for (const line of shown) lines.push(paint.quiet(hang('      | ', line, width)));
		}
	}
	if (report.unknown.length > 0) {
		if (lines.length > 0) lines.push('');
		lines.push(paint.warning(`? ${tell(say('Could not look', '无法查看'), language)}`));
		for (const {probe, why} of report.unknown)
			lines.push(paintCommands(hang('    • ', `${probe}: ${tell(why, language)}`, width), paint));
	}
	if (report.skipped.length > 0) {
		if (lines.length > 0) lines.push('');
		lines.push(paint.quiet(tell(say('Not asked', '未询问'), language)));
		for (const {chapter, why} of report.skipped)
			lines.push(paint.quiet(hang('    • ', `${chapter}: ${tell(why, language)}`, width)));
	}
	return lines.join('\n');
}

function ending(report: DiagnosisReport, {language, width, paint, command}: PlainOptions): string {
	const {diagnoses, unexplained, unknown, path} = report;
	const first = diagnoses.find(({fixes}) => fixes.length > 0);
	if (first) {
		const like = command(`fix ${first.fixes[0]?.id ?? first.id} --plan`);
		const next = say('Next, to see every command and change nothing:', '下一步，查看每条命令而不做任何更改：');
		return `${wrap(tell(next, language), width).join('\n')}\n  ${paint.command(like)}`;
	}
	if (diagnoses.length > 0) return '';
	const asked = path.length;
	if (unexplained.length + unknown.length > 0) {
		const open = [
			...(unexplained.length > 0 ? [say(`${unexplained.length} unexplained`, `${unexplained.length} 项无法解释`)] : []),
			...(unknown.length > 0 ? [say(`${unknown.length} not looked at`, `${unknown.length} 项无法查看`)] : []),
		].map(text => tell(text, language));
		const result = say(
			`! No root cause found in ${asked} questions; ${list(open).en}.`,
			`! 共询问 ${asked} 个问题，未找到根本原因；${list(open).zh}。`,
		);
		return paint.warning(wrap(tell(result, language), width).join('\n'));
	}
	return paint.good(
		tell(
			say(
				`✔ Nothing is wrong: ${asked} questions asked, none failed.`,
				`✔ 一切正常：共询问 ${asked} 个问题，未发现故障。`,
			),
			language,
		),
	);
}
