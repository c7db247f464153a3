import type {ApplyEvent} from '../core/event.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {say} from '../core/say.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';
import {courseOf} from '../report/course.ts';
import {CourseRecord} from '../report/fix-json.ts';
import {diagnosisJson} from '../report/json.ts';
import {type Context, plainOptions, printJson} from './context.ts';

/** What a second Ctrl-C leaves behind. */
const cutShort = say(
	'Stopped at once, in the middle of a change. The journal is complete: `compose-medic undo --resume` finishes it, `compose-medic undo` takes it back.',
	'已在更改过程中立即停止。日志完整：`compose-medic undo --resume` 可继续完成，`compose-medic undo` 可撤销。',
);

const stopping = say(
	'Stopping cleanly: the running step ends first. Ctrl-C again stops at once.',
	'正在安全停止：先完成当前步骤。再次按 Ctrl-C 立即停止。',
);

/** The way back, with the options that lead to the same deployment. */
const reachable = (event: ApplyEvent, command: (rest: string) => string): ApplyEvent =>
	event.type === 'finished' && event.undo ? {...event, undo: command(`undo ${event.journal}`)} : event;

/** Reads the events of a repair or an undo to their end and prints them: lines, or one object with `--json`. */
export async function runCourse(
	context: Context,
	events: AsyncIterable<ApplyEvent>,
	about: {
		plan: Record<string, unknown> | null;
		report: Pick<DiagnosisReport, 'target'> | null;
		/** What else `--json` tells of the journal, asked once it is closed. */
		also?: (journal: string) => Promise<Record<string, unknown>>;
	},
): Promise<ExitCode> {
	const {out, options, language, signal} = context;
	const record = new CourseRecord();
	const plain = plainOptions(context, about.report, options.json ? 'note' : 'data');
	const lineFor = courseOf(plain);
	const announce = (): void => out.note(stopping[language]);
	context.interrupted = cutShort;
	signal.addEventListener('abort', announce, {once: true});
	try {
		for await (const happened of events) {
			const event = reachable(happened, plain.command);
			record.read(event);
			const line = lineFor(event);
			if (line === null || (options.quiet && event.type === 'progress')) continue;
			if (!options.json) out.data(`${line}\n`);
			else if (!options.quiet) out.note(line);
		}
	} finally {
		signal.removeEventListener('abort', announce);
	}
	const {finished} = record;
	const also = finished ? await about.also?.(finished.journal) : undefined;
	if (options.json) {
		const report = finished?.report ? diagnosisJson(finished.report, language) : null;
		printJson(context, {...record.toJson(about.plan, language, report), ...also});
	}
	if (!finished) {
		signal.throwIfAborted();
		throw new Error('the repair ended without a result');
	}
	return signal.aborted && finished.outcome === 'interrupted' ? exitCode.interrupted : finished.exitCode;
}
