import type {ApplyEvent, ShownStep} from './event.ts';
import {bare, type Run, type RunStep, type Session} from './session.ts';

const waiting = ({says, like}: Pick<RunStep, 'says' | 'like'>): RunStep => ({
	says,
	like,
	state: 'waiting',
	startedAt: null,
	ms: null,
	progress: null,
	note: null,
});

/** @param shown the steps as they were consented to; a resumed fix learns its steps as they come */
export const newRun = (kind: Run['kind'], fix: string | null, shown: readonly ShownStep[], now: number): Run => ({
	kind,
	fix,
	startedAt: now,
	journal: null,
	steps: shown.map(waiting),
	checks: [],
	rollingBack: null,
	finished: null,
});

/** Changes one step; steps that were never told are filled in as waiting. */
function change({steps}: Run, index: number, next: Partial<RunStep>, total = 0): RunStep[] {
	const unknown = waiting({says: null, like: ''});
	return Array.from({length: Math.max(steps.length, total, index + 1)}, (_, place) => {
		const step = steps[place] ?? unknown;
		return place === index ? {...step, ...next} : step;
	});
}

/** Takes one event of `apply()`, `resume()` or `undo()` into the picture of the run. */
export function follow(run: Run, event: ApplyEvent, now: number): Run {
	switch (event.type) {
		case 'planned':
			return {...run, fix: event.plan.fix, steps: event.shown.map(waiting)};
		case 'began':
			return {...run, journal: event.journal};
		case 'step-started': {
			const {index, total, says, like} = event;
			const started = {says, like, state: 'running', startedAt: now, ms: null, progress: null, note: null} as const;
			return {...run, steps: change(run, index, started, total)};
		}
		case 'progress': {
			const {index, says, done, total} = event;
			return {...run, steps: change(run, index, {progress: {says, done, total}})};
		}
		case 'step-finished':
			return {...run, steps: change(run, event.index, {state: 'done', ms: event.ms, progress: null})};
		case 'step-failed':
			return {...run, steps: change(run, event.index, {state: 'failed', note: event.why, progress: null})};
		case 'checked':
			return {...run, checks: [...run.checks, {says: event.says, passed: event.passed}]};
		case 'rolling-back':
			return {...run, rollingBack: event.why};
		case 'step-undone':
			return {
				...run,
				steps: change(run, event.index, {says: event.says, state: 'undone', note: event.note, progress: null}),
			};
		case 'finished': {
			const {outcome, says, undo, report, journal} = event;
			return {...run, journal, finished: {outcome, says, undo, report}};
		}
	}
}

/** The last word of a run opens the proof screen; a stop that was asked for ends the wizard there. */
export function onApply(session: Session, event: ApplyEvent, now: number): Session {
	const run = follow(session.run ?? newRun('apply', session.fix, session.shown, now), event, now);
	if (event.type !== 'finished') return {...session, run};
	return {
		...session,
		run,
		screen: 'proof',
		...bare,
		task: null,
		unfinished: null,
		report: event.report ?? session.report,
		exitCode: event.exitCode,
		done: session.stopping ? 'interrupted' : null,
	};
}
