import type {ApplyEvent} from '../core/event.ts';
import {type Language, type Text, tell} from '../core/say.ts';

type StepRecord = {
	index: number;
	says: Text;
	like: string;
	state: 'started' | 'done' | 'failed' | 'undone';
	ms: number | null;
	why: Text | null;
};

/** What `fix --json` and `undo --json` gather from the stream: `compose-medic/fix@1`. */
export class CourseRecord {
	readonly #steps: StepRecord[] = [];
	readonly #checks: {says: Text; passed: boolean}[] = [];
	#finished: Extract<ApplyEvent, {type: 'finished'}> | null = null;
	#journal: string | null = null;

	read(event: ApplyEvent): void {
		switch (event.type) {
			case 'began':
				this.#journal = event.journal;
				break;
			case 'step-started':
				this.#steps.push({
					index: event.index,
					says: event.says,
					like: event.like,
					state: 'started',
					ms: null,
					why: null,
				});
				break;
			case 'step-finished':
				Object.assign(this.#step(event.index) ?? {}, {state: 'done', ms: event.ms});
				break;
			case 'step-failed':
				Object.assign(this.#step(event.index) ?? {}, {state: 'failed', why: event.why});
				break;
			case 'step-undone': {
				const undone = {state: 'undone', why: event.note} as const;
				const known = this.#step(event.index);
				if (known) Object.assign(known, undone);
				else this.#steps.push({index: event.index, says: event.says, like: '', ms: null, ...undone});
				break;
			}
			case 'checked':
				this.#checks.push({says: event.says, passed: event.passed});
				break;
			case 'finished':
				this.#finished = event;
				break;
		}
	}

	get finished(): Extract<ApplyEvent, {type: 'finished'}> | null {
		return this.#finished;
	}

	#step(index: number): StepRecord | undefined {
		return this.#steps.findLast(step => step.index === index);
	}

	/** @param plan the plan as JSON, or null for an undo */
	toJson(
		plan: Record<string, unknown> | null,
		language: Language,
		report: Record<string, unknown> | null,
	): Record<string, unknown> {
		const end = this.#finished;
		return {
			schema: 'compose-medic/fix@1',
			plan,
			journal: end?.journal ?? this.#journal,
			steps: this.#steps.map(({says, why, index, ...rest}) => ({
				number: index + 1,
				says: tell(says, language),
				...rest,
				why: why ? tell(why, language) : null,
			})),
			checks: this.#checks.map(({says, passed}) => ({says: tell(says, language), passed})),
			outcome: end?.outcome ?? null,
			says: end ? tell(end.says, language) : null,
			exitCode: end?.exitCode ?? null,
			undo: end?.undo ?? null,
			diagnosis: report,
		};
	}
}
