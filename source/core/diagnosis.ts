import type {Facts} from './fact.ts';
import type {Fix} from './fix.ts';
import type {See} from './probe.ts';
import type {Text} from './say.ts';

/** `certain`: a live probe proved it. `likely`: several facts agree and none contradicts. `possible`: only log lines speak. */
export const certainties = ['certain', 'likely', 'possible'] as const;
export type Certainty = (typeof certainties)[number];

/** What a diagnosis is about. `subject` is the service named in the report. */
export type Scope = {subject: string | null};

/** One observation for or against a diagnosis, with where and when it was seen. */
export type Evidence = {for: boolean; says: Text; source: string; at: string | null};

/** Something visibly wrong now. `id` is `<service>:<kind>`. */
export type Symptom = {
	id: string;
	service: string;
	kind:
		| 'restarting'
		| 'exited'
		| 'not-started'
		| 'unhealthy'
		| 'killed'
		| 'paused'
		| 'missing'
		| 'answers-5xx'
		| 'refused'
		| 'engine';
	says: Text;
	/** The last lines that show it, redacted. */
	lines: string[];
};

/**
 * A leaf of the tree: one root cause. All functions are pure over facts.
 * @typeParam S what a chapter asks about: the deployment, a database, a client's credential, a service
 */
export type Diagnosis<S extends Scope = Scope> = {
	id: string;
	/** `warning` does not make the system fail today. */
	severity: 'failure' | 'warning';
	/** What it is called where nothing is known of the deployment: in lists, in the printed tree, and for pasted logs. */
	name: Text;
	title: (scope: S) => Text;
	/** What it is and how it comes about; also the text of `explain`. */
	about: Text;
	/** What people wrongly do about it, and why it hurts. */
	beware: Text | null;
	/** What looks the same and is something else, and the one observation that tells them apart. At least one. */
	lookAlikes: readonly LookAlike[];
	certainty: Certainty | ((see: See, scope: S) => Certainty);
	because: (see: See, scope: S) => Evidence[];
	/** Services that fail because of it. What depends on them is explained as well. */
	affects: (see: See, scope: S) => string[];
	/** In the order we would recommend. Empty needs `noFix`. */
	fixes: readonly Fix[];
	/** Whether a fix helps in this case; without it every one does. */
	suits?: (fix: Fix, see: See, scope: S) => boolean;
	/** True for what counts only while nothing deeper explains the same symptom: a service that is merely down, or fails on its own. */
	lastResort?: (see: See, scope: S) => boolean;
	noFix?: Text;
	/** The service that the report names, when it is not the one the chapter asked about: a server for what is wrong inside it. */
	on?: (scope: S) => string | null;
	/** Occurrences with the same subject are one diagnosis unless this tells them apart. */
	key?: (scope: S) => string;
	/** What the diagnosis hands to its fixes: plain JSON, no secrets. */
	hands?: (see: See, scope: S) => Record<string, unknown>;
	/** Sample facts that must walk to this leaf: documentation and test in one. */
	examples: readonly Sample[];
};

/** @property id another diagnosis, and `tell` how this one and that one are told apart */
export type LookAlike = {id: string; tell: Text};

/** Facts of a small deployment, as the recorded world keeps them. */
export type Sample = () => Facts;

export const diagnosis = <S extends Scope>(definition: Diagnosis<S>): Diagnosis<S> => definition;

/** For evidence that speaks for the diagnosis. */
export const points = (says: Text, source: string, at: string | null = null): Evidence => ({
	for: true,
	says,
	source,
	at,
});
/** For evidence that speaks against it and is shown all the same. */
export const opposes = (says: Text, source: string, at: string | null = null): Evidence => ({
	for: false,
	says,
	source,
	at,
});

/** A diagnosis as found: everything evaluated, both languages, ready for every reader. */
export type Finding = {
	id: string;
	chapter: string;
	subject: string | null;
	severity: 'failure' | 'warning';
	certainty: Certainty;
	title: Text;
	about: Text;
	beware: Text | null;
	because: Evidence[];
	affects: string[];
	fixes: {id: string; title: Text; risk: Fix['risk']; recommended: boolean}[];
	noFix: Text | null;
	/** Dropped from the report unless it explains a symptom that nothing deeper does. */
	lastResort?: boolean;
	/** One entry for each occurrence that was merged into this finding. */
	hands: Record<string, unknown>[];
};
