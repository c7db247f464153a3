import type {Finding} from '../core/diagnosis.ts';
import type {ApplyEvent, DiagnoseEvent, ShownStep} from '../core/event.ts';
import type {PlanAnswer} from '../core/fix.ts';
import type {ReadLog, Unfinished} from '../core/session.ts';
import type {ComposeProject} from '../core/world.ts';

/** Everything the wizard can do to the world. It is handed in, so that nothing here touches Docker, files or a database. */
export type Actions = {
	projects(): Promise<ComposeProject[]>;
	choose(project: string): Promise<void>;
	diagnose(signal: AbortSignal): AsyncIterable<DiagnoseEvent>;
	plan(
		finding: Finding,
		fixId: string,
		settings: Record<string, string>,
	): Promise<{answer: PlanAnswer; shown: ShownStep[]}>;
	/** @param confirmed the name as it was typed, when the plan asks for one */
	apply(confirmed: string | null, signal: AbortSignal): AsyncIterable<ApplyEvent>;
	/** The log of one service as it stands now, redacted. @param service null for the first that there is */
	log(service: string | null, signal: AbortSignal): Promise<ReadLog>;
	unfinished(): Promise<Unfinished | null>;
	resume(signal: AbortSignal): AsyncIterable<ApplyEvent>;
	undo(id: string, signal: AbortSignal): AsyncIterable<ApplyEvent>;
	/** Takes a secret answer into the vault. The plan names it `setting:<key>`. */
	setSecret(key: string, value: string): void;
	copy(text: string): void;
};
