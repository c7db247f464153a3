import type {ApplyEvent} from '../core/event.ts';
import type {Plan, StepCall} from '../core/fix.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {withReports} from './apply-progress.ts';
import type {Journal} from './journal.ts';
import {stepNamed} from './plan.ts';

export const interrupted = say('Interrupted.', '已中断。');

/** What went wrong, for a person: our own errors in their words, anything else in its own. */
export function reasonOf(error: unknown, redact: (text: string) => string): Text {
	if (!(error instanceof Trouble)) return verbatim(redact(error instanceof Error ? error.message : String(error)));
	const parts = [error.what, error.why, error.next].filter(part => part !== null);
	return say(redact(parts.map(({en}) => en).join(' ')), redact(parts.map(({zh}) => zh).join('')));
}

/**
 * Runs the steps of a plan in order. What undo needs is on disk before a step changes anything. What the journal has noted as
 * applied is passed over, and what it noted before a step that was broken off is used again.
 * @throws whatever a step throws; an aborted signal between two steps
 */
export async function* runSteps(
	calls: readonly StepCall[],
	world: WriteWorld,
	journal: Journal,
): AsyncGenerator<ApplyEvent> {
	for (const [index, call] of calls.entries()) {
		if (journal.noted.applied.has(index)) continue;
		world.signal.throwIfAborted();
		const step = stepNamed(call.step);
		const started = performance.now();
		yield {type: 'step-started', index, total: calls.length, says: step.says(call.input), like: step.like(call.input)};
		try {
			const noted = journal.noted.befores.get(index);
			const before = noted ?? (yield* withReports(index, report => step.before(call.input, world, report)));
			if (!noted) await journal.append({kind: 'before', index, before});
			yield* withReports(index, report => step.apply(call.input, before, world, report));
			await journal.append({kind: 'applied', index});
		} catch (error) {
			const why = world.signal.aborted ? interrupted : reasonOf(error, text => world.redact(text));
			yield {type: 'step-failed', index, why};
			throw error;
		}
		yield {type: 'step-finished', index, ms: Math.round(performance.now() - started)};
	}
}

/** Steps at the end of an undo are told so: services that go back to a broken configuration are not waited for. */
const undoing = ({step, input}: StepCall): StepCall => ({step, input: {...input, undoing: true}});

/**
 * Takes back, last first, every step that may have changed something, then runs what the plan wants at the end of an undo. One step
 * that can't be undone does not keep the others from it.
 * @returns why some could not be undone; empty when everything is back
 */
export async function* undoSteps(plan: Plan, world: WriteWorld, journal: Journal): AsyncGenerator<ApplyEvent, Text[]> {
	const {befores, undone} = journal.noted;
	const problems: Text[] = [];
	const redact = (text: string): string => world.redact(text);
	let changed = false;
	for (const [index, call] of [...plan.steps.entries()].reverse()) {
		const before = befores.get(index);
		if (before === undefined) continue;
		const step = stepNamed(call.step);
		const {undo} = step;
		if (step.risk !== 'none') changed = true;
		if (undone.has(index)) continue;
		try {
			if (typeof undo === 'function') yield* withReports(index, report => undo(call.input, before, world, report));
			await journal.append({kind: 'undone', index});
			if (step.risk !== 'none')
				yield {type: 'step-undone', index, says: step.says(call.input), note: typeof undo === 'function' ? null : undo};
		} catch (error) {
			const why = reasonOf(error, redact);
			problems.push(why);
			yield {type: 'step-failed', index, why};
		}
	}
	if (!changed) return problems;
	for (const [index, call] of plan.afterUndo.map(undoing).entries()) {
		const step = stepNamed(call.step);
		const at = plan.steps.length + index;
		yield {
			type: 'step-started',
			index: at,
			total: plan.steps.length + plan.afterUndo.length,
			says: step.says(call.input),
			like: step.like(call.input),
		};
		const started = performance.now();
		try {
			const before = yield* withReports(at, report => step.before(call.input, world, report));
			yield* withReports(at, report => step.apply(call.input, before, world, report));
			yield {type: 'step-finished', index: at, ms: Math.round(performance.now() - started)};
		} catch (error) {
			const why = reasonOf(error, redact);
			problems.push(why);
			yield {type: 'step-failed', index: at, why};
		}
	}
	return problems;
}
