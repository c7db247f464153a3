import type {Happening, Intent, Session, Task} from '../core/session.ts';
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

const changing = (task: Task): boolean => ['apply', 'resume', 'undo'].includes(task.kind);

/** Runs one task and gives its happenings as they come. */
async function* perform(
	task: Task,
	actions: Actions,
	signal: AbortSignal,
	now: () => number,
): AsyncGenerator<Happening> {
	switch (task.kind) {
		case 'projects':
			yield {type: 'projects', projects: await actions.projects()};
			return;
		case 'open':
			if (task.project !== null) await actions.choose(task.project);
			yield {type: 'opened', unfinished: await actions.unfinished()};
			return;
		case 'diagnose':
			for await (const event of actions.diagnose(signal)) yield {type: 'diagnose', event, at: now()};
			return;
		case 'plan':
			yield {type: 'planned', ...(await actions.plan(task.finding, task.fix, task.settings))};
			return;
		case 'apply':
			for await (const event of actions.apply(task.confirmed, signal)) yield {type: 'apply', event, at: now()};
			return;
		case 'resume':
			for await (const event of actions.resume(signal)) yield {type: 'apply', event, at: now()};
			return;
		case 'undo':
			for await (const event of actions.undo(task.id, signal)) yield {type: 'apply', event, at: now()};
			return;
	}
}

/** Joins the pure session and the world: every new task of the session is run, and what happens goes back into it. */
export function createStore(actions: Actions, first: Session, now: () => number): Store {
	let session = first;
	let running: {task: Task; controller: AbortController} | null = null;
	let planned: Promise<void> = Promise.resolve();
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
		if (session.stopping && running) running.controller.abort();
		if (session.task !== (running?.task ?? null)) follow(session.task);
		for (const listener of listeners) listener();
		if (session.done) {
			running?.controller.abort();
			end(session);
		}
	};

	/** A task that is no longer wanted is stopped, and whatever it still says is dropped. */
	const follow = (task: Task | null): void => {
		running?.controller.abort();
		running = null;
		if (!task || session.done) return;
		const controller = new AbortController();
		running = {task, controller};
		void run(task, controller.signal);
	};

	const run = async (task: Task, signal: AbortSignal): Promise<void> => {
		const wanted = (): boolean => running?.task === task && !session.done;
		// One plan at a time: the last one made must be the one that is shown, for it is the one that will be applied.
		if (task.kind === 'plan') await planned;
		if (!wanted()) return;
		let settled: () => void = () => {};
		if (task.kind === 'plan') planned = new Promise(resolve => (settled = resolve));
		try {
			for await (const happening of perform(task, actions, signal, now)) {
				if (!wanted()) return;
				dispatch(happening);
			}
			// A change always ends with its last word; a stream that just stops was cut off.
			if (wanted() && changing(task)) dispatch({type: 'broken-off'});
		} catch (error) {
			if (!wanted()) return;
			if (error instanceof Trouble) {
				const {what, why, next, exitCode} = error;
				dispatch({type: 'trouble', trouble: {what, why, next, exitCode}});
			} else if (signal.aborted) dispatch({type: 'broken-off'});
			else fail(error);
		} finally {
			settled();
		}
	};

	follow(session.task);
	return {
		get: () => session,
		send: dispatch,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		ended,
		abort: () => running?.controller.abort(),
	};
}
