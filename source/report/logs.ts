import type {Language} from '../core/say.ts';
import {say, type Text, tell} from '../core/say.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';
import type {LogFinding} from '../logs/diagnose.ts';

/** What a pasted log says: plausible diagnoses, and lines of trouble that nothing explains. */
export type LogsReport = {
	/** The file’s name as it was given, or `-`. */
	name: string;
	lines: number;
	bytes: number;
	services: string[];
	observedAt: string;
	findings: (LogFinding & {
		fixes: {id: string; title: Text; risk: string; recommended: boolean}[];
		noFix: Text | null;
	})[];
	unexplained: {service: string; says: Text; lines: string[]}[];
	/** Why nothing was found, or null when something was. */
	nothing: Text | null;
};

/** A log never proves that all is well, so there is no 0. */
export const logsVerdict = ({findings}: LogsReport): ExitCode =>
	findings.some(({severity}) => severity === 'failure') ? exitCode.diagnosed : exitCode.warnings;

export const caution: Text = say(
	'Log lines tell what was, not what is: these are suspicions, best first. `compose-medic diagnose` on the machine itself proves or refutes them.',
	'日志说明的是过去而非现在：以下只是推测，按可能性排序。在那台机器上运行 `compose-medic diagnose` 才能证实或排除。',
);

const symptomId = (service: string): string => `${service || 'log'}:log`;

/** `compose-medic/diagnosis@1` with `target.kind` = `logs`; each diagnosis has `decide` besides. */
export function logsJson(report: LogsReport, language: Language): Record<string, unknown> {
	const word = (text: Text | null): string | null => (text ? tell(text, language) : null);
	const {name, lines, bytes, services, observedAt, findings, unexplained, nothing} = report;
	return {
		schema: 'compose-medic/diagnosis@1',
		target: {kind: 'logs', name, stack: null, project: null, lines, bytes, services},
		observedAt,
		symptoms: unexplained.map(({service, says, lines: shown}) => ({
			id: symptomId(service),
			service: service || null,
			kind: 'log',
			says: word(says),
			lines: shown,
			explainedBy: [],
		})),
		diagnoses: findings.map(({title, about, beware, because, decide, fixes, noFix, ...rest}) => ({
			...rest,
			title: word(title),
			about: word(about),
			beware: word(beware),
			because: because.map(({for: speaksFor, says, source, at}) => ({for: speaksFor, says: word(says), source, at})),
			decide: {against: decide.against, tell: word(decide.tell)},
			affects: [],
			fixes: fixes.map(fix => ({...fix, title: word(fix.title)})),
			noFix: word(noFix),
		})),
		unexplained: unexplained.map(({service}) => symptomId(service)),
		unknown: nothing ? [{probe: 'logs', why: word(nothing)}] : [],
		skipped: [],
		path: [],
	};
}
