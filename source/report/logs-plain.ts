import {say, type Text, tell} from '../core/say.ts';
import {caution, type LogsReport} from './logs.ts';
import {paintCommands} from './paint.ts';
import {evidenceLine, type PlainOptions, paragraph, section} from './plain.ts';
import {certaintyWords} from './words.ts';
import {hang, wrap} from './wrap.ts';

const sizes = (report: LogsReport): Text =>
	say(
		`pasted log, ${report.lines} ${report.lines === 1 ? 'line' : 'lines'} read${report.services.length > 0 ? `, services ${report.services.join(', ')}` : ''}`,
		`粘贴的日志，读取 ${report.lines} 行${report.services.length > 0 ? `，服务 ${report.services.join('、')}` : ''}`,
	);

/** Writes suspicions for a person: each with its lines and with what would decide it. Ends with a line feed. */
export function logsPlain(report: LogsReport, options: PlainOptions): string {
	const {language, width, paint} = options;
	const word = (text: Text): string => tell(text, language);
	const blocks = [
		wrap(`${report.name} · ${word(sizes(report))}`, width)
			.map(paint.quiet)
			.join('\n'),
		...report.findings.map((finding, index) => suspicion(finding, index, report.findings.length, options)),
	];
	if (report.unexplained.length > 0)
		blocks.push(
			[
				paint.warning(`? ${word(say('Nothing explains this yet', '以下现象尚无解释'))}`),
				...report.unexplained.flatMap(({says, lines}) => [
					paintCommands(hang('    • ', word(says), width), paint),
					...lines.map(line => paint.quiet(hang('      | ', line, width))),
				]),
			].join('\n'),
		);
	if (report.nothing) blocks.push(paint.warning(hang('! ', word(report.nothing), width)));
	blocks.push(paintCommands(wrap(word(caution), width).join('\n'), paint));
	return `${blocks.join('\n\n')}\n`;
}

function suspicion(
	finding: LogsReport['findings'][number],
	index: number,
	total: number,
	options: PlainOptions,
): string {
	const {language, width, paint} = options;
	const word = (text: Text): string => tell(text, language);
	const failure = finding.severity === 'failure';
	const kind = word(failure ? say('Suspicion', '推测') : say('Warning', '警告'));
	const mark = `${failure ? '✖' : '!'} ${kind} ${index + 1}/${total}${language === 'zh' ? '：' : ': '}`;
	const colour = failure ? paint.bad : paint.warning;
	const facts = [finding.id, finding.chapter, finding.service, word(certaintyWords[finding.certainty])];
	const against = finding.decide.against;
	const decides = against
		? say(`What decides between it and \`${against}\``, `如何与 \`${against}\` 区分`)
		: say('What decides it', '如何确认');
	return [
		hang(mark, word(finding.title), width)
			.split('\n')
			.map(line => colour(paint.strong(line)))
			.join('\n'),
		paint.quiet(hang('  ', facts.filter(Boolean).join(' · '), width)),
		...(index === 0 && finding.about ? [paragraph(finding.about, options)] : []),
		section(say('Evidence', '证据'), options),
		...finding.because.map(evidence => evidenceLine(evidence, options)),
		section(decides, options),
		paintCommands(hang('    ', word(finding.decide.tell), width), paint),
		...(index === 0 && finding.beware
			? [section(say('Beware', '注意'), options), paintCommands(hang('    ! ', word(finding.beware), width), paint)]
			: []),
	].join('\n');
}
