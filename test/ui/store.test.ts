import {expect, test} from 'vitest';
import {newSession} from '../../source/core/session.ts';
import {play} from '../../source/ui/auto.ts';
import {createStore} from '../../source/ui/store.ts';
import * as content from '../gallery-content.ts';
import {fakeActions} from '../helpers/fake-actions.ts';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('a plan that was left behind never overtakes the one that is shown', async () => {
	const made: string[] = [];
	const waiting: (() => void)[] = [];
	const actions = fakeActions({
		async plan(_finding, fix) {
			await new Promise<void>(resolve => waiting.push(resolve));
			made.push(fix);
			return {answer: {...content.plan, fix}, shown: []};
		},
	});
	const store = createStore(actions, newSession({choose: false, now: 0}), () => 0);
	while (store.get().screen !== 'causes') await turn();
	store.send({type: 'enter'});
	store.send({type: 'enter'});
	await turn();
	store.send({type: 'back'});
	store.send({type: 'move', by: 1});
	store.send({type: 'enter'});
	await turn();
	// The second waits for the first, whose answer nobody wants any more.
	expect(waiting).toHaveLength(1);
	waiting[0]?.();
	while (waiting.length < 2) await turn();
	expect(store.get().plan).toBeNull();
	waiting[1]?.();
	while (store.get().screen !== 'plan') await turn();
	expect(made).toEqual(['change-password', 'use-stored-password']);
	expect(store.get().plan?.fix).toBe('use-stored-password');
	store.abort();
});

test('nobody leaves before a change that is over has given its lock back', async () => {
	let released = false;
	const whole = fakeActions();
	const actions = fakeActions({
		async *apply(confirmed, signal) {
			try {
				yield* whole.apply(confirmed, signal);
			} finally {
				await new Promise(resolve => setTimeout(resolve, 50));
				released = true;
			}
		},
	});
	const store = createStore(actions, newSession({choose: false, now: 0}), () => 0);
	await Promise.all([play(store, false), store.ended]);
	expect(released).toBe(true);
});
