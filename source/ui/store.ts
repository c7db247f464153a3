import type {Happening, Intent, Reading, Session, Task} from '../core/session.ts';
import {reduce} from '../core/session-reduce.ts';
import {Trouble} from '../core/trouble.ts';
import type {Actions} from './actions.ts';

export type Store = {
	get(): Session;
	send(intent: Intent): void;
	subscribe(listener: () => void): () => void;
	/** Settles when the wizard is over; rejects with what is a bug of ours. */
	ended: Promise<Session>;
	/** Stops everything that still runs, without waiting for it. */
	abort(): void;
};

/** What can be under way at the same time: one task, and one log that is read beside it. */
const slots = ['task', 'reading'] as const;
type Slot = (typeof slots)[number];
type Job = Task | Reading;
type Running = {job: Job; controller: AbortController};

const changing = (job: Job): boolean => ['apply', 'resume', 'undo'].includes(job.kind);

/** Runs one job and gives its happenings as they come. */
async function* perform(job: Job, actions: Actions, signal: AbortSignal, now: () => number): AsyncGenerator<Happening> {
	switch (job.kind) {
		case 'projects':
			yield {type: 'projects', projects: await actions.projects()};
			return;
		case 'open':
			if (job.project !== null) await actions.choose(job.project);
			yield {type: 'opened', unfinished: await actions.unfinished()};
			return;
		case 'log':
			yield {type: 'log-read', log: await actions.log(job.service, signal)};
			return;
		case 'diagnose':
			for await (const event of actions.diagnose(signal)) yield {type: 'diagnose', event, at: now()};
			return;
		case 'plan':
			yield {type: 'planned', ...(await actions.plan(job.finding, job.fix, job.settings))};
			return;
		case 'apply':
			for await (const event of actions.apply(job.confirmed, signal)) yield {type: 'apply', event, at: now()};
			return;
		case 'resume':
			for await (const event of actions.resume(signal)) yield {type: 'apply', event, at: now()};
			return;
		case 'undo':
			for await (const event of actions.undo(job.id, signal)) yield {type: 'apply', event, at: now()};
			return;
	}
}

/** Joins the pure session and the world: every new task of the session is run, and what happens goes back into it. */
export function createStore(actions: Actions, first: Session, now: () => number): Store {
	let session = first;
	const running: Record<Slot, Running | null> = {task: null, reading: null};
	let planned: Promise<void> = Promise.resolve();
	/** Settled when a change that has said its last word has also closed its journal and given its lock back. */
	let closed: Promise<void> = Promise.resolve();
	const listeners = new Set<() => void>();
	let end: (session: Session) => void = () => {};
	let fail: (error: unknown) => void = () => {};
	const ended = new Promise<Session>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});

	const dispatch = (message: Intent | Happening): void => {
		const before = session;
		session = reduce(session, {message, at: now()});
		if (session === before) return;
		if (session.stopping) running.task?.controller.abort();
		for (const slot of slots) if (session[slot] !== (running[slot]?.job ?? null)) follow(slot, session[slot]);
		for (const listener of listeners) listener();
		if (session.done) {
			abort();
			void closed.then(() => end(session));
		}
	};

	const abort = (): void => {
		for (const slot of slots) running[slot]?.controller.abort();
	};

	/** A job that is no longer wanted is stopped, and whatever it still says is dropped. */
	const follow = (slot: Slot, job: Job | null): void => {
		running[slot]?.controller.abort();
		running[slot] = null;
		if (!job || session.done) return;
		const controller = new AbortController();
		running[slot] = {job, controller};
		void run(slot, job, controller.signal);
	};

	const run = async (slot: Slot, job: Job, signal: AbortSignal): Promise<void> => {
		const wanted = (): boolean => running[slot]?.job === job && !session.done;
		// One plan at a time: the last one made must be the one that is shown, for it is the one that will be applied.
		if (job.kind === 'plan') await planned;
		if (!wanted()) return;
		let settled: () => void = () => {};
		if (job.kind === 'plan') planned = new Promise(resolve => (settled = resolve));
		let over: () => void = () => {};
		try {
			for await (const happening of perform(job, actions, signal, now)) {
				if (!wanted()) return;
				if (happening.type === 'apply' && happening.event.type === 'finished')
					closed = new Promise(resolve => (over = resolve));
				dispatch(happening);
			}
			// A change always ends with its last word; a stream that just stops was cut off.
			if (wanted() && changing(job)) dispatch({type: 'broken-off'});
		} catch (error) {
			if (!wanted()) return;
			if (error instanceof Trouble) {
				const {what, why, next, exitCode} = error;
				dispatch(
					slot === 'reading'
						? {type: 'log-failed', why: why ?? what}
						: {type: 'trouble', trouble: {what, why, next, exitCode}},
				);
			} else if (signal.aborted) dispatch({type: 'broken-off'});
			else fail(error);
		} finally {
			over();
			settled();
		}
	};

	for (const slot of slots) follow(slot, session[slot]);
	return {
		get: () => session,
		send: dispatch,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		ended,
		abort,
	};
}
