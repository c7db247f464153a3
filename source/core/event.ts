import type {Finding} from './diagnosis.ts';
import type {Plan, StepCall} from './fix.ts';
import type {DiagnosisReport} from './report.ts';
import type {Text} from './say.ts';
import type {ExitCode} from './trouble.ts';
import type {PathStep} from './walk.ts';
import type {Target} from './world.ts';

/** What `diagnose()` yields. Screen, plain lines, JSON and records read the same stream. */
export type DiagnoseEvent =
	| {type: 'target'; target: Target}
	| {type: 'probe-started'; key: string; title: Text; like: string}
	| {type: 'probe-finished'; key: string; ms: number; known: boolean; why: Text | null}
	/** The path and findings so far: the whole walk again after each round of probes. */
	| {type: 'walked'; path: PathStep[]; findings: Finding[]}
	| {type: 'diagnosed'; report: DiagnosisReport};

/** What `apply()` and `undo()` yield. */
export type ApplyEvent =
	| {type: 'planned'; plan: Plan; shown: ShownStep[]}
	| {type: 'began'; journal: string}
	| {type: 'step-started'; index: number; total: number; says: Text; like: string}
	| {type: 'progress'; index: number; says: Text; done: number | null; total: number | null}
	| {type: 'step-finished'; index: number; ms: number}
	| {type: 'step-failed'; index: number; why: Text}
	| {type: 'checked'; says: Text; passed: boolean}
	| {type: 'rolling-back'; why: Text}
	| {type: 'step-undone'; index: number; says: Text; note: Text | null}
	| {
			type: 'finished';
			outcome: Outcome;
			exitCode: ExitCode;
			journal: string;
			says: Text;
			undo: string | null;
			report: DiagnosisReport | null;
	  };

export type Outcome = 'proven' | 'rolled-back' | 'roll-back-failed' | 'undone' | 'refused' | 'interrupted';

/** A step as it is shown before consent. */
export type ShownStep = StepCall & {says: Text; like: string; risk: string; undo: Text | null};
