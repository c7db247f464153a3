import type {Finding, Symptom} from './diagnosis.ts';
import type {Text} from './say.ts';
import type {PathStep} from './walk.ts';
import type {Target} from './world.ts';

/** The result of one pass over the tree, before it is put into words for one reader. */
export type DiagnosisReport = {
	target: Target;
	observedAt: string;
	symptoms: (Symptom & {explainedBy: string[]})[];
	/** Root causes, most likely first. */
	diagnoses: Finding[];
	/** Ids of symptoms that nothing explains. */
	unexplained: string[];
	/** Probes that could not look, and why. */
	unknown: {probe: string; why: Text}[];
	skipped: {chapter: string; why: Text}[];
	path: PathStep[];
};
