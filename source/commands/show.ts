import type {DiagnosisReport} from '../core/report.ts';
import {diagnosisJson} from '../report/json.ts';
import {markdownReport} from '../report/markdown.ts';
import {plainReport} from '../report/plain.ts';
import {type Context, plainOptions, printJson} from './context.ts';

/** Prints a report the way that was asked for. */
export function show(context: Context, report: DiagnosisReport): void {
	const {options, out, language} = context;
	const plain = plainOptions(context, report);
	if (options.json) printJson(context, diagnosisJson(report, language));
	else if (options.markdown) out.data(markdownReport(report, language, plain.command));
	else out.data(plainReport(report, plain));
}
