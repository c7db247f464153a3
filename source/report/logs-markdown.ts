import {type Language, say, type Text, tell} from '../core/say.ts';
import {caution, type LogsReport} from './logs.ts';
import {fenced, plainText} from './markdown.ts';
import {certaintyWords} from './words.ts';

/** Suspicions for an issue, a chat or a ticket. Nothing in it can ping a person or draw more than text. */
export function logsMarkdown(report: LogsReport, language: Language): string {
	const word = (text: Text): string => plainText(tell(text, language));
	const colon = language === 'zh' ? '：' : ': ';
	const lines = [
		`## ${tell(say('What the log says:', '日志分析：'), language)} ${plainText(report.name)}`,
		'',
		`${tell(say(`${report.lines} ${report.lines === 1 ? 'line' : 'lines'} read`, `读取 ${report.lines} 行`), language)} · ${report.observedAt}`,
		'',
		word(caution),
		'',
		...report.findings.flatMap((finding, index) => [
			`### ${index + 1}. ${finding.severity === 'failure' ? '✖' : '⚠'} ${word(finding.title)}`,
			'',
			`\`${finding.id}\` · ${finding.chapter}${finding.service ? ` · \`${finding.service}\`` : ''} · ${tell(certaintyWords[finding.certainty], language)}`,
			'',
			...(finding.about && index === 0 ? [word(finding.about), ''] : []),
			`**${tell(say('Evidence', '证据'), language)}**`,
			'',
			...finding.because.map(
				({for: speaksFor, says, source, at}) =>
					`- ${tell(speaksFor ? say('for', '支持') : say('against', '反对'), language)}${colon}${word(says)} — _${plainText(source)}${at ? `, ${at}` : ''}_`,
			),
			'',
			`**${tell(
				finding.decide.against
					? say(
							`What decides between it and \`${finding.decide.against}\``,
							`如何与 \`${finding.decide.against}\` 区分`,
						)
					: say('What decides it', '如何确认'),
				language,
			)}**`,
			'',
			word(finding.decide.tell),
			'',
			...(finding.beware && index === 0 ? [`> ${word(finding.beware)}`, ''] : []),
		]),
		...(report.unexplained.length > 0
			? [
					`### ${tell(say('Unexplained', '尚无解释'), language)}`,
					'',
					...report.unexplained.flatMap(({says, lines: shown}) => [`- ${word(says)}`, '', ...fenced(shown)]),
					'',
				]
			: []),
		...(report.nothing ? [word(report.nothing), ''] : []),
	];
	return `${lines.join('\n').trimEnd()}\n`;
}
