import type {Finding} from './diagnosis.ts';
import type {ApplyEvent, DiagnoseEvent, Outcome, ShownStep} from './event.ts';
import type {Plan, PlanAnswer, Setting} from './fix.ts';
import type {DiagnosisReport} from './report.ts';
import type {Text} from './say.ts';
import type {ExitCode} from './trouble.ts';
import type {PathStep} from './walk.ts';
import type {ComposeProject, LogLine, Target} from './world.ts';

/** What the screen can show, in the order of a visit. */
export const screens = [
	'choosing',
	'resume',
	'walking',
	'causes',
	'fixes',
	'settings',
	'plan',
	'consent',
	'applying',
	'proof',
	'trouble',
] as const;
export type Screen = (typeof screens)[number];

/** A look at the world that is under way, or that is done once `ms` is known. */
export type Look = {
	key: string;
	title: Text;
	like: string;
	startedAt: number;
	ms: number | null;
	known: boolean;
	why: Text | null;
};

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'undone';
export type RunStep = {
	/** Null until a resumed fix or an undo comes to it. */
	says: Text | null;
	like: string;
	state: StepState;
	startedAt: number | null;
	ms: number | null;
	progress: {says: Text; done: number | null; total: number | null} | null;
	/** Why it failed, or what was said when it was undone. */
	note: Text | null;
};

/** A fix, a resumed fix or an undo, while it runs and when it is done. */
export type Run = {
	kind: 'apply' | 'resume' | 'undo';
	fix: string | null;
	startedAt: number;
	journal: string | null;
	steps: RunStep[];
	checks: {says: Text; passed: boolean}[];
	rollingBack: Text | null;
	finished: {outcome: Outcome; says: Text; undo: string | null; report: DiagnosisReport | null} | null;
};

export type Unfinished = {id: string; fix: string; at: string};

/** Trouble as the screen tells it; the error itself stays outside of the state. */
export type TroubleWords = {what: Text; why: Text | null; next: Text | null; exitCode: ExitCode};

/** What has to be done outside of the reducer. A new object asks for it, also when it says the same. */
export type Task =
	| {kind: 'projects'}
	| {kind: 'open'; project: string | null}
	| {kind: 'diagnose'}
	| {kind: 'plan'; finding: Finding; fix: string; settings: Record<string, string>}
	| {kind: 'apply'; confirmed: string | null}
	| {kind: 'resume'}
	| {kind: 'undo'; id: string};

/** The log of a service is read beside everything else: nothing waits for it, and leaving it breaks nothing off. */
export type Reading = {kind: 'log'; service: string | null};

/** The whole log of one service, while it is on the screen. */
export type LogView = {
	/** Null until it is known which services there are. */
	service: string | null;
	/** Those that the finding speaks of first. */
	services: readonly string[];
	/** Oldest first; null while it is being read. */
	lines: readonly LogLine[] | null;
	/** Older lines were left out. */
	cut: boolean;
	/** Why it could not be read. */
	why: Text | null;
	/** What is searched for; nothing with `''`. */
	query: string;
	/** A search that is being typed. */
	typing: string | null;
	/** Which of the matching lines the reader stands on, counted from 0. */
	hit: number | null;
};

export type Session = {
	screen: Screen;
	overlay: 'help' | 'log' | null;
	log: LogView | null;
	/** A log that has to be read. A new object asks for it. */
	reading: Reading | null;
	/** When reading it began, in milliseconds. */
	readingAt: number;
	/** First line that the reader wants to see; null follows the cursor. */
	scroll: number | null;
	cursor: Record<'choosing' | 'resume' | 'causes' | 'fixes' | 'settings', number>;
	/** Whether the evidence of the finding under the cursor is folded out. */
	evidence: boolean;
	projects: ComposeProject[] | null;
	/** The projects can be listed again: the wizard was opened without one. */
	choice: boolean;
	target: Target | null;
	project: string | null;
	looks: Look[];
	path: PathStep[];
	report: DiagnosisReport | null;
	/** The finding that is being cured. */
	finding: Finding | null;
	fix: string | null;
	/** Fixes that turned out not to apply, by id, with the reason. */
	refused: Record<string, Text>;
	asks: {settings: Setting[]; why: Text; index: number} | null;
	settings: Record<string, string>;
	/** What is being typed. A secret is handed over and wiped on Enter, and never drawn. */
	draft: string;
	plan: Plan | null;
	shown: ShownStep[];
	run: Run | null;
	unfinished: Unfinished | null;
	trouble: TroubleWords | null;
	/** What to try again when opening something failed. */
	retry: Task | null;
	task: Task | null;
	/** When the task began, in milliseconds. */
	taskAt: number;
	/** The reader asked to stop while something is being changed: it ends cleanly first. */
	stopping: boolean;
	/** One short line above the keys, gone with the next key. */
	notice: Text | null;
	/** What the last change or trouble ended with; null as long as only the report speaks. */
	exitCode: ExitCode | null;
	/** Set once: the wizard is over. `interrupted` means that the reader broke something off. */
	done: 'left' | 'interrupted' | null;
};

/** What a key means, before the reducer decides what it does here. */
export type Intent =
	| {type: 'move'; by: number}
	| {type: 'edge'; to: 'first' | 'last'}
	| {type: 'scroll'; to: number | null}
	| {type: 'enter' | 'yes' | 'back' | 'quit' | 'interrupt' | 'help' | 'log' | 'evidence' | 'again'}
	| {type: 'type'; text: string}
	| {type: 'erase'}
	/** The next service's log, or the one before. */
	| {type: 'turn'; by: 1 | -1}
	| {type: 'search'}
	/** Goes to a matching line of the log: the `hit`th of them, which stands at row `to`. */
	| {type: 'found'; query: string; hit: number | null; to: number | null}
	/** A secret answer was handed over outside; only that it was given is known here. */
	| {type: 'secret-given'; reference: string}
	| {type: 'notice'; says: Text};

/** @property services of the deployment; `cut` is true when older lines were left out */
export type ReadLog = {service: string | null; services: string[]; lines: LogLine[]; cut: boolean};

/** What comes back from a task. `at` is the time on the screen's clock. */
export type Happening =
	| {type: 'projects'; projects: ComposeProject[]}
	| {type: 'opened'; unfinished: Unfinished | null}
	| {type: 'diagnose'; event: DiagnoseEvent; at: number}
	| {type: 'planned'; answer: PlanAnswer; shown: ShownStep[]}
	| {type: 'log-read'; log: ReadLog}
	| {type: 'log-failed'; why: Text}
	| {type: 'apply'; event: ApplyEvent; at: number}
	/** A stream ended without its last word: it was interrupted. */
	| {type: 'broken-off'}
	| {type: 'trouble'; trouble: TroubleWords};

/** Nothing lies over the screen, and it is seen from its natural place. */
export const bare = {overlay: null, log: null, reading: null, scroll: null} as const;

/** The items that the cursor can stand on. */
export function itemsOf(session: Session): number {
	switch (session.screen) {
		case 'choosing':
			return session.projects?.length ?? 0;
		case 'resume':
			return 3;
		case 'causes':
			return session.report?.diagnoses.length ?? 0;
		case 'fixes':
			return session.finding?.fixes.length ?? 0;
		case 'settings':
			return settingOf(session)?.choices?.length ?? 0;
		default:
			return 0;
	}
}

export const cursorOf = ({screen, cursor}: Session): number =>
	screen in cursor ? cursor[screen as keyof Session['cursor']] : 0;

/** The setting that is being asked for. */
export const settingOf = ({asks}: Session): Setting | null => asks?.settings[asks.index] ?? null;

export const findingUnderCursor = ({report, cursor}: Session): Finding | null =>
	report?.diagnoses[cursor.causes] ?? null;

/** Whether the log that is on the screen is being searched by typing. */
export const isSearching = ({overlay, log}: Session): boolean => overlay === 'log' && (log?.typing ?? null) !== null;

/** Whether keys are letters of an answer and not commands. */
export const isTyping = (session: Session): boolean =>
	isSearching(session) ||
	(session.overlay === null &&
		((session.screen === 'settings' && !settingOf(session)?.choices) ||
			(session.screen === 'consent' && Boolean(session.plan?.confirm))));

/** Something is being changed right now: leaving has to be clean. */
export const isChanging = ({task}: Session): boolean =>
	task !== null && ['apply', 'resume', 'undo'].includes(task.kind);

/** @param options.choose start with the list of projects; otherwise the project is known already */
export const newSession = (options: {choose: boolean; now: number}): Session => ({
	screen: options.choose ? 'choosing' : 'walking',
	overlay: null,
	log: null,
	reading: null,
	readingAt: options.now,
	scroll: null,
	cursor: {choosing: 0, resume: 0, causes: 0, fixes: 0, settings: 0},
	evidence: false,
	projects: null,
	choice: options.choose,
	target: null,
	project: null,
	looks: [],
	path: [],
	report: null,
	finding: null,
	fix: null,
	refused: {},
	asks: null,
	settings: {},
	draft: '',
	plan: null,
	shown: [],
	run: null,
	unfinished: null,
	trouble: null,
	retry: null,
	task: options.choose ? {kind: 'projects'} : {kind: 'open', project: null},
	taskAt: options.now,
	stopping: false,
	notice: null,
	exitCode: null,
	done: null,
});
