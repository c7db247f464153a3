import type {Finding} from '../core/diagnosis.ts';
import {tame} from '../core/hostile.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {type Language, say, type Text, tell} from '../core/say.ts';
import {certaintyWords, riskWords} from './words.ts';

/** Log lines and names may hold signs that Markdown or HTML would take for its own. */
export const plainText = (text: string): string =>
	tame(text)
		.replace(/`[^`\n]*`|[\\*_[\]<>#|~&]/g, match => (match.startsWith('`') ? match : `\\${match}`))
		.replace(/@(?=\w)/g, '@\u2060');

export const fenced = (lines: readonly string[]): string[] => {
	const longest = Math.max(2, ...lines.flatMap(line => (line.match(/`+/g) ?? []).map(run => run.length)));
	const fence = '`'.repeat(longest + 1);
	return [`  ${fence}text`, ...lines.map(line => `  ${tame(line)}`), `  ${fence}`];
};

function findingSection(
	report: DiagnosisReport,
	finding: Finding,
	index: number,
	language: Language,
	command: (rest: string) => string,
): string[] {
	const words = (text: Text): string => plainText(tell(text, language));
	const explained = report.symptoms.filter(({explainedBy}) => explainedBy.includes(finding.id));
	return [
		`### ${index + 1}. ${finding.severity === 'failure' ? '✖' : '⚠'} ${words(finding.title)}`,
		'',
		`\`${finding.id}\` · ${finding.chapter}${finding.subject ? ` · \`${finding.subject}\`` : ''} · ${tell(certaintyWords[finding.certainty], language)}`,
		'',
		words(finding.about),
		'',
		`**${tell(say('Evidence', '证据'), language)}**`,
		'',
		...finding.because.map(
			({for: speaksFor, says, source, at}) =>
				`- ${tell(speaksFor ? say('for', '支持') : say('against', '反对'), language)}${language === 'zh' ? '：' : ': '}${words(says)} — _${plainText(source)}${at ? `, ${at}` : ''}_`,
		),
		...(explained.length > 0
			? [
					'',
					`**${tell(say('What it explains', '它解释了'), language)}**`,
					'',
					...explained.map(({says}) => `- ${words(says)}`),
				]
			: []),
		...(finding.beware ? ['', `> ${words(finding.beware)}`] : []),
		'',
		`**${tell(say('How to repair', '如何修复'), language)}**`,
		'',
		...(finding.fixes.length > 0
			? finding.fixes.map(
					({id, title, risk}, place) =>
						`${place + 1}. ${words(title)} (${tell(riskWords[risk], language)}): \`${command(`fix ${id}`)}\``,
				)
			: [words(finding.noFix ?? say('This program has no repair for it.', '本程序没有对应的修复。'))]),
		'',
	];
}

/** The report for an issue, a chat or a ticket. Nothing in it can ping a person or draw more than text. */
export function markdownReport(report: DiagnosisReport, language: Language, command: (rest: string) => string): string {
	const {target} = report;
	const name = target.kind === 'compose' ? target.project : `${target.name} (${target.host}:${target.port})`;
	const title = tell(say('Diagnosis of', '诊断报告：'), language);
	const unexplained = report.symptoms.filter(({id}) => report.unexplained.includes(id));
	const lines = [
		`## ${title} ${plainText(name)}`,
		'',
		`${target.stack} · ${report.observedAt}`,
		'',
		...(report.diagnoses.length === 0 && unexplained.length + report.unknown.length === 0
			? [`✔ ${tell(say('Nothing is wrong.', '一切正常。'), language)}`, '']
			: []),
		...report.diagnoses.flatMap((finding, index) => findingSection(report, finding, index, language, command)),
		...(unexplained.length > 0
			? [
					`### ${tell(say('Unexplained', '尚无解释'), language)}`,
					'',
					...unexplained.flatMap(({says, lines: shown}) => [
						`- ${plainText(tell(says, language))}`,
						...(shown.length > 0 ? ['', ...fenced(shown)] : []),
					]),
					'',
				]
			: []),
		...(report.unknown.length > 0
			? [
					`### ${tell(say('Could not look', '无法查看'), language)}`,
					'',
					...report.unknown.map(({probe, why}) => `- \`${probe}\`: ${plainText(tell(why, language))}`),
					'',
				]
			: []),
		`<details><summary>${tell(say('Path through the tree', '决策路径'), language)}</summary>`,
		'',
		...report.path.map(
			({question, answer, subject}) =>
				`- ${subject ? `\`${subject}\` ` : ''}${plainText(tell(question, language))} → ${plainText(tell(answer, language))}`,
		),
		'',
		'</details>',
	];
	return `${lines.join('\n')}\n`;
}
