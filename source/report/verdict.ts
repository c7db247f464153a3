import type {DiagnosisReport} from '../core/report.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';

const engineAnswersNot = new Set(['docker-unreachable', 'docker-permission-denied']);

/** The exit code of one pass: the engine's silence, then failures, then anything unsettled. Unknown never counts as well. */
export function verdict(report: DiagnosisReport): ExitCode {
	if (report.diagnoses.some(({id}) => engineAnswersNot.has(id))) return exitCode.engineUnreachable;
	if (report.diagnoses.some(({severity}) => severity === 'failure')) return exitCode.diagnosed;
	const unsettled = report.diagnoses.length + report.unexplained.length + report.unknown.length;
	return unsettled > 0 ? exitCode.warnings : exitCode.well;
}

/** The report for `--only`: one diagnosis, and what could not be looked at, for that may hide it. */
export const only = (report: DiagnosisReport, id: string): DiagnosisReport => ({
	...report,
	diagnoses: report.diagnoses.filter(finding => finding.id === id),
	symptoms: report.symptoms.filter(({explainedBy}) => explainedBy.includes(id)),
	unexplained: [],
});
