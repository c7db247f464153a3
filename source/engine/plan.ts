import type {Finding} from '../core/diagnosis.ts';
import type {ShownStep} from '../core/event.ts';
import type {Fact, Facts} from '../core/fact.ts';
import {assume} from '../core/fingerprint.ts';
import type {Fix, Plan, PlanAnswer, StepCall} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {seeing} from '../core/walk.ts';
import {Need, Stuck} from '../core/walk-signals.ts';
import type {ReadWorld} from '../core/world.ts';
import {type AnyStep, steps} from '../steps/index.ts';
import {observeAll} from './observe.ts';

/** A plan asks for a handful of facts; more rounds mean that it never ends. */
const roundsAtMost = 20;

export type PlanInput = {
	world: ReadWorld;
	facts: Facts;
	finding: Finding;
	fix: Fix;
	settings: Readonly<Record<string, string>>;
	signal: AbortSignal;
};

export function stepNamed(id: string): AnyStep {
	const found = steps[id];
	if (!found) throw new Error(`there is no step ${id}`);
	return found;
}

/** Steps as they are shown before consent. `undo` is a text where a step can't or needn't be undone. */
export const showSteps = (calls: readonly StepCall[]): ShownStep[] =>
	calls.map(call => {
		const step = stepNamed(call.step);
		return {
			...call,
			says: step.says(call.input),
			like: step.like(call.input),
			risk: step.risk,
			undo: typeof step.undo === 'function' ? null : step.undo,
		};
	});

/** Evidence is saved before anything restarts, and the images of all containers that the plan relies on are part of its fingerprint. */
function completed(plan: Plan, facts: Facts): Plan {
	const saves = plan.steps.some(({step}) => step === 'save-evidence');
	const evidence: StepCall[] =
		plan.restarts.length > 0 && !saves ? [{step: 'save-evidence', input: {services: plan.restarts}}] : [];
	const services = Object.keys(plan.assumes).flatMap(key =>
		key.startsWith('container:') ? [key.slice('container:'.length)] : [],
	);
	return {
		...plan,
		steps: [...evidence, ...plan.steps],
		assumes: {...assume(seeing(facts), {services}), ...plan.assumes},
	};
}

/**
 * Asks a fix for its plan, observing what it wants to see. Nothing is written.
 * @param input.settings secret ones as any non-empty text: a plan may only know that they are there
 * @returns `facts` are those of before and what was seen in addition
 */
export async function plan({
	world,
	facts,
	finding,
	fix,
	settings,
	signal,
}: PlanInput): Promise<{answer: PlanAnswer; shown: ShownStep[]; facts: Facts}> {
	const known = new Map<string, Fact>(facts);
	for (let round = 0; round < roundsAtMost; round++) {
		try {
			const answer = fix.plan(seeing(known), finding, settings);
			if (answer.kind !== 'plan') return {answer, shown: [], facts: known};
			const whole = completed(answer, known);
			return {answer: whole, shown: showSteps(whole.steps), facts: known};
		} catch (error) {
			if (error instanceof Stuck) {
				const why = say(
					`It can’t be planned: ${error.key} is unknown (${error.why.en}).`,
					`无法制定方案：${error.key} 未知（${error.why.zh}）。`,
				);
				return {answer: {kind: 'not-applicable', why}, shown: [], facts: known};
			}
			if (!(error instanceof Need)) throw error;
			for (const [key, fact] of await observeAll(world, error.wants, signal)) known.set(key, fact);
		}
	}
	throw new Error(`the plan of ${fix.id} keeps asking`);
}
