import {afterEach, describe, expect, test} from 'vitest';
import {say} from '../../source/core/say.ts';
import {newSession} from '../../source/core/session.ts';
import {Trouble} from '../../source/core/trouble.ts';
import {App} from '../../source/ui/app.tsx';
import {createStore, type Store} from '../../source/ui/store.ts';
import {type Fake, fakeActions} from '../helpers/fake-actions.ts';
import {keys, type Rendered, render} from '../helpers/render.tsx';

let open: {screen: Rendered; store: Store} | null = null;

function start(actions: Fake, options: {choose?: boolean; columns?: number; rows?: number} = {}): Rendered {
	const {choose = false, columns = 100, rows = 30} = options;
	const clock = (): number => 0;
	const store = createStore(actions, newSession({choose, now: 0}), clock);
	const screen = render(<App store={store} actions={actions} language="en" color={false} clock={clock} keys />, {
		columns,
		rows,
	});
	open = {screen, store};
	return screen;
}

afterEach(() => {
	open?.store.abort();
	open?.screen.unmount();
	open = null;
});

test('from the list of projects to a proven cure, with Enter alone', async () => {
	const actions = fakeActions();
	const screen = start(actions, {choose: true});
	await screen.until('Which deployment is ill?');
	for (const next of ['root causes', '3/5 fixes', '4/5 plan', '4/5 consent', 'Cured, and that is proven']) {
		screen.type(keys.enter);
		await screen.until(next);
	}
	expect(screen.frame()).toContain('compose-medic undo 20261121-021502-change-password');
	screen.type(keys.enter);
	await expect(open?.store.ended).resolves.toMatchObject({done: 'left', exitCode: 0});
	expect(actions.calls).toEqual([
		'projects',
		'choose docker',
		'diagnose',
		'plan stale-volume-password change-password {}',
		'apply null',
	]);
});

test('several keys in one piece of input are several keys', async () => {
	const screen = start(fakeActions());
	await screen.until('root causes');
	screen.type('jkj');
	await screen.until('Raise `mem_limit`');
});

test('an overlay is closed by its key or Esc and leaves the screen as it was', async () => {
	const screen = start(fakeActions());
	await screen.until('root causes');
	screen.type('?');
	await screen.until('Keys here');
	screen.type(keys.escape);
	await screen.until('It explains');
	screen.type('l');
	await screen.until('Log of db');
	screen.type('l');
	await screen.until('It explains');
});

describe('the log', () => {
	test('is the whole log of whoever is ill, seen at the line that speaks, and Tab goes on to the others', async () => {
		const actions = fakeActions();
		const screen = start(actions);
		await screen.until('root causes');
		screen.type('l');
		const frame = await screen.until('Log of db: 34 lines  1/6');
		expect(frame).toContain('! 2026-11-21 02:13:44.012 UTC [99] FATAL');
		screen.type('g');
		await screen.until('Skipping initialization');
		screen.type(keys.tab);
		await screen.until('Log of api: 2 lines  2/6');
		screen.type(keys.shiftTab);
		await screen.until('Log of db: 34 lines  1/6');
		screen.type(keys.shiftTab);
		await screen.until('It has written nothing yet');
		expect(actions.calls.filter(call => call.startsWith('log'))).toEqual(['log db', 'log api', 'log db', 'log web']);
	});

	test('is searched by typing; n and N go from match to match, Esc ends the search and then the log', async () => {
		const screen = start(fakeActions());
		await screen.until('root causes');
		screen.type('l');
		await screen.until('Log of db: 34 lines');
		screen.type('g');
		await screen.until('Skipping initialization');
		// Letters that are commands elsewhere are letters here.
		screen.type('/qlnr');
		await screen.until('no line has it');
		for (const _ of 'qlnr') screen.type(keys.backspace);
		screen.type('SCRAM');
		await screen.until('14 lines have it');
		screen.type(keys.enter);
		await screen.until('/ SCRAM  1/14');
		screen.type('nn');
		await screen.until('/ SCRAM  3/14');
		expect(screen.frame()).toContain('❯ 2026-11-21 02:02:10.412 UTC [72] DETAIL');
		screen.type('NNN');
		await screen.until('/ SCRAM  14/14');
		screen.type(keys.escape);
		await screen.until(text => !text.includes('SCRAM  14/14'));
		expect(screen.frame()).toContain('Log of db');
		screen.type(keys.escape);
		await screen.until('It explains');
	});

	test('keeps the search from one service to the next', async () => {
		const screen = start(fakeActions());
		await screen.until('root causes');
		screen.type('l');
		await screen.until('Log of db: 34 lines');
		screen.type('/password');
		screen.type(keys.enter);
		await screen.until('/15');
		screen.type(keys.tab);
		await screen.until('Log of api: 2 lines');
		await screen.until('1 line has it');
		screen.type('n');
		await screen.until('/ password  1/1');
	});

	test('that can’t be read says why, and the lines that speak stay', async () => {
		let tries = 0;
		const actions = fakeActions({
			async log(service) {
				if (tries++ === 0) throw new Trouble('not-found', say('The container is gone.', '容器已不存在。'));
				return fakeActions().log(service, new AbortController().signal);
			},
		});
		const screen = start(actions);
		await screen.until('root causes');
		screen.type('l');
		const frame = await screen.until('? The container is gone.');
		expect(frame).toContain('│ psycopg2.OperationalError');
		screen.type('r');
		await screen.until('Log of db: 34 lines');
	});

	test('that takes long is left at once, and dropped', async () => {
		let given: AbortSignal | null = null;
		const actions = fakeActions({
			log(_service, signal) {
				given = signal;
				return new Promise(() => {});
			},
		});
		const screen = start(actions);
		await screen.until('root causes');
		screen.type('l');
		await screen.until('reading the log');
		screen.type('q');
		await expect(open?.store.ended).resolves.toMatchObject({done: 'left'});
		expect(given).toMatchObject({aborted: true});
	});

	test('help over it tells its keys and leads back to it', async () => {
		const screen = start(fakeActions());
		await screen.until('root causes');
		screen.type('l');
		await screen.until('Log of db: 34 lines');
		screen.type('?');
		await screen.until('next service');
		screen.type('?');
		await screen.until('Log of db: 34 lines');
	});
});

test('what is taller than the window is scrolled through before the cursor moves on', async () => {
	const screen = start(fakeActions(), {columns: 60, rows: 15});
	await screen.until('❯ ✖ The data');
	for (const seen of ['It explains', 'evidence: 4 for', '❯ ✖ web']) {
		for (let press = 0; press < 8 && !screen.frame().includes(seen); press++) {
			const before = screen.frame();
			screen.type(keys.down);
			await screen.until(frame => frame !== before);
		}
		expect(screen.frame()).toContain(seen);
	}
});

test('a secret is typed blind, goes to the vault and nowhere else', async () => {
	const asked = fakeActions();
	const actions = fakeActions({
		async plan(finding, fix, settings) {
			if (Object.keys(settings).length > 0) return asked.plan(finding, fix, settings);
			return {
				answer: {
					kind: 'asks',
					why: say('', ''),
					settings: [{key: 'old-password', says: say('A password that still works', '仍然有效的旧密码'), secret: true}],
				},
				shown: [],
			};
		},
	});
	const screen = start(actions);
	await screen.until('root causes');
	screen.type(keys.enter);
	await screen.until('3/5 fixes');
	screen.type(keys.enter);
	await screen.until('A password that still works');
	// Letters that are commands elsewhere are letters here.
	screen.type('q?lx');
	screen.type(keys.backspace);
	await screen.until('› •••▏');
	screen.type(keys.enter);
	await screen.until('4/5 plan');
	expect(actions.secrets).toEqual(new Map([['old-password', 'q?l']]));
	expect(asked.calls).toEqual(['plan stale-volume-password change-password {"old-password":"setting:old-password"}']);
	expect(screen.frames().join()).not.toContain('q?l');
});

test('Ctrl-C in the middle of a change stops cleanly and ends with what was left', async () => {
	const actions = fakeActions({hangs: true});
	const screen = start(actions);
	await screen.until('root causes');
	for (const next of ['3/5 fixes', '4/5 plan', '4/5 consent', '1 of 4 steps']) {
		screen.type(keys.enter);
		await screen.until(next);
	}
	screen.type(keys.interrupt);
	await expect(open?.store.ended).resolves.toMatchObject({
		done: 'interrupted',
		run: {finished: {outcome: 'interrupted'}},
	});
});

test('trouble is told in words, and r tries again', async () => {
	let tries = 0;
	const actions = fakeActions({
		async projects() {
			if (tries++ === 0)
				throw new Trouble('engine-unreachable', say('The Docker engine does not answer.', 'Docker 引擎没有响应。'), {
					exitCode: 10,
				});
			return fakeActions().projects();
		},
	});
	const screen = start(actions, {choose: true});
	await screen.until('✖ The Docker engine does not answer.');
	screen.type('r');
	await screen.until('Which deployment is ill?');
});

test('a bug is not trouble: it comes out', async () => {
	start(
		fakeActions({
			async projects() {
				throw new TypeError('a bug');
			},
		}),
		{choose: true},
	);
	await expect(open?.store.ended).rejects.toThrow('a bug');
});

test('what is left behind is stopped and no longer listened to', async () => {
	let signal: AbortSignal | null = null;
	const actions = fakeActions({
		diagnose(given) {
			signal = given;
			return (async function* () {
				await new Promise(() => {});
				yield* [];
			})();
		},
	});
	const screen = start(actions, {choose: true});
	await screen.until('Which deployment');
	screen.type(keys.enter);
	await screen.until('looking');
	screen.type(keys.escape);
	await screen.until('Which deployment');
	expect(signal).toMatchObject({aborted: true});
});

test('c copies the literal commands of the plan', async () => {
	const actions = fakeActions();
	const screen = start(actions);
	await screen.until('root causes');
	screen.type(keys.enter);
	await screen.until('3/5 fixes');
	screen.type(keys.enter);
	await screen.until('4/5 plan');
	screen.type('c');
	await screen.until('✔ copied');
	expect(actions.clipboard[0]).toContain('ALTER ROLE postgres');
});

describe('the window', () => {
	test('a smaller one is drawn anew, never wider than it is', async () => {
		const screen = start(fakeActions());
		await screen.until('root causes');
		screen.resize(50, 20);
		const frame = await screen.until(text => text.split('\n').every(line => line.length <= 50));
		expect(frame.split('\n').length).toBeLessThanOrEqual(20);
	});

	test('too small a one is told so', async () => {
		const screen = start(fakeActions(), {columns: 38, rows: 12});
		await screen.until('38×12');
		screen.resize(80, 24);
		await screen.until('root causes');
	});
});
