import process from 'node:process';
import {harmless} from '../core/hostile.ts';
import {say, type Text, tell} from '../core/say.ts';
import type {ExitCode} from '../core/trouble.ts';
import {findingsOf, type LogFinding} from '../logs/diagnose.ts';
import {LogReader, type Reading} from '../logs/reader.ts';
import {type LogsReport, logsJson, logsVerdict} from '../report/logs.ts';
import {logsMarkdown} from '../report/logs-markdown.ts';
import {logsPlain} from '../report/logs-plain.ts';
import {asUtf8, fileBytes} from '../world/log-bytes.ts';
import {type Context, plainOptions, printJson} from './context.ts';
import {leaves} from './registry.ts';
import {nothingChanged} from './words.ts';

/** `diagnose --logs FILE|-`: reads what people paste. Neither an engine nor a database is asked. */
export async function runLogs(context: Context, path: string): Promise<ExitCode> {
	const {options, language, out, signal, redact} = context;
	context.interrupted = nothingChanged;
	if (path === '-' && process.stdin.isTTY && !options.quiet)
		out.note(tell(say('Paste the log, then press Ctrl-D.', '请粘贴日志，然后按 Ctrl-D。'), language));
	const reader = new LogReader(redact);
	for await (const chunk of asUtf8(path === '-' ? process.stdin : fileBytes(path))) {
		signal.throwIfAborted();
		reader.push(chunk);
	}
	const reading = reader.end();
	const findings = findingsOf(reading, redact);
	const shown = options.only ? findings.filter(({id}) => id === options.only) : findings;
	const report: LogsReport = {
		name: harmless(path, redact, 200),
		lines: reading.lines,
		bytes: reading.bytes,
		services: reading.sightings.services().map(name => harmless(name, redact, 100)),
		observedAt: new Date().toISOString(),
		findings: shown.map(withFixes),
		unexplained: options.only ? [] : unexplained(reading, findings),
		nothing: shown.length > 0 ? null : nothing(reading, options.only),
	};
	if (options.json) printJson(context, logsJson(report, language));
	else if (options.markdown) out.data(logsMarkdown(report, language));
	else out.data(logsPlain(report, plainOptions(context, null)));
	return logsVerdict(report);
}

function withFixes(finding: LogFinding): LogsReport['findings'][number] {
	const leaf = leaves().find(({diagnosis}) => diagnosis.id === finding.id)?.diagnosis;
	return {
		...finding,
		fixes: (leaf?.fixes ?? []).map(({id, title, risk}, index) => ({id, title, risk, recommended: index === 0})),
		noFix: leaf?.noFix ?? null,
	};
}

/** Trouble in services of which no line is understood; where nothing at all is understood, all trouble. */
function unexplained({sightings, unknown}: Reading, findings: readonly LogFinding[]): LogsReport['unexplained'] {
	const understood = new Set(sightings.all().map(({service}) => service));
	return unknown
		.filter(({service}) => findings.length === 0 || (service !== '' && !understood.has(service)))
		.map(({service, count, lines}) => ({
			service,
			says: say(
				`${service || 'The log'} speaks of trouble in ${count} lines that this program does not know`,
				`${service || '日志'}中有 ${count} 行报错，本程序不认识`,
			),
			lines,
		}));
}

function nothing({bytes, lines}: Reading, only: string | undefined): Text {
	if (bytes === 0) return say('There is nothing in it: not a single line.', '内容为空，一行也没有。');
	if (only)
		return say(
			`Nothing in ${lines === 1 ? 'the line' : `the ${lines} lines`} speaks for \`${only}\`.`,
			`${lines} 行中没有一行支持 \`${only}\`。`,
		);
	return say(
		`Nothing in ${lines === 1 ? 'the line' : `the ${lines} lines`} is known to this program. That does not mean that all is well: the log of the database, since its last start, tells most.`,
		`${lines} 行中没有本程序认识的内容。这并不表示一切正常：数据库自上次启动以来的日志最能说明问题。`,
	);
}
