import type {Finding} from './diagnosis.ts';
import type {See} from './probe.ts';
import type {Text} from './say.ts';

/** What a fix or step can do to a running system. The order is the order of harm. */
export const risks = ['none', 'restarts', 'changes-data', 'destroys-data'] as const;
export type Risk = (typeof risks)[number];

/** One call of a step: data, so that it can be shown, journaled, repeated and undone tomorrow. Input is JSON without secrets. */
export type StepCall = {step: string; input: Record<string, unknown>};

/** Something only the user knows. Secret answers go to the vault and are named in the plan by reference. */
export type Setting = {key: string; says: Text; secret: boolean; choices?: string[]};

export type Plan = {
	kind: 'plan';
	fix: string;
	/** Which way was chosen and why it is the best that applies. */
	route: Text | null;
	steps: StepCall[];
	/** Runs at the end of an undo, after every step was undone: services that must see the old configuration again. */
	afterUndo: StepCall[];
	loses: Text;
	restarts: string[];
	takes: Text;
	undo: Text;
	/** What must be typed exactly before data is moved or destroyed. */
	confirm: {name: string; says: Text} | null;
	/** What the plan assumes: `container:db` -> id, `file:/x/.env` -> sha256, `system-identifier:db` -> number. A moved world refuses the plan. */
	assumes: Record<string, string>;
};

export type PlanAnswer = Plan | {kind: 'not-applicable'; why: Text} | {kind: 'asks'; settings: Setting[]; why: Text};

/** One independent look after the fix. `see` gives fresh facts. */
export type Check = {says: Text; passes: (see: See) => boolean};

/** A fix is a pure plan and a verification made of probes, never of the step's own word. */
export type Fix = {
	id: string;
	title: Text;
	risk: Risk;
	about: Text;
	/** What this fix does not protect against. */
	limits: Text;
	/** False where it could only refuse, so that nobody is offered it. Always offered without. */
	offered?: (see: See) => boolean;
	/** Keys that `--set` accepts. */
	settings: readonly Setting[];
	plan: (see: See, finding: Finding, settings: Readonly<Record<string, string>>) => PlanAnswer;
	verify: (finding: Finding, plan: Plan) => Check[];
	/**
	 * Only for what cures nothing and leaves nothing changed, such as a snapshot: what is said at its end. It is not taken back
	 * because of other people's faults, nor by `undo` once it is done.
	 */
	done?: Text;
};

export const fix = (definition: Fix): Fix => definition;
