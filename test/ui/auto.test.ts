import {expect, test} from 'vitest';
import {newSession, type Session} from '../../source/core/session.ts';
import {play} from '../../source/ui/auto.ts';
import {farewell} from '../../source/ui/farewell.ts';
import {codeOf} from '../../source/ui/run.tsx';
import {createStore} from '../../source/ui/store.ts';
import {transcribe} from '../../source/ui/transcript.ts';
import * as content from '../gallery-content.ts';
import {type Fake, fakeActions} from '../helpers/fake-actions.ts';

async function played(actions: Fake): Promise<{session: Session; paper: string}> {
	const store = createStore(actions, newSession({choose: false, now: 0}), () => 0);
	let paper = '';
	const end = transcribe(store, 'en', 80, text => {
		paper += text;
	});
	void play(store, false);
	const session = await store.ended;
	end();
	return {session, paper};
}

const words = (session: Session): string =>
	farewell(session, {language: 'en', columns: 80, color: false, now: 0}).join('\n');

test('it takes the first diagnosis and its recommended fix, and ends well only with a proven cure', async () => {
	const actions = fakeActions();
	const {session, paper} = await played(actions);
	expect(actions.calls).toEqual(['diagnose', 'plan stale-volume-password change-password {}', 'apply null']);
	expect(codeOf(session, true)).toBe(0);
	expect(paper).toContain('against  One login');
	expect(paper).toContain('docker compose exec -T -u postgres db psql');
	expect(paper).toContain('Cured, and that is proven');
	expect(words(session)).toContain('compose-medic undo 20261121-021502-change-password');
});

test('with nothing to cure nothing was cured', async () => {
	const {session} = await played(fakeActions({report: content.healthy}));
	expect(codeOf(session, true)).toBe(1);
	expect(codeOf(session, false)).toBe(0);
});

test('it never replaces data', async () => {
	const fixes = content.stale.fixes.filter(({id}) => id === 'reset-volume');
	const actions = fakeActions({report: {...content.report, diagnoses: [{...content.stale, fixes}]}});
	const {session} = await played(actions);
	expect(actions.calls).toEqual(['diagnose']);
	expect(codeOf(session, true)).toBe(3);
});

test('who leaves without a cure is told what is so, and how to see the plan again', async () => {
	const {session} = await played(
		fakeActions({report: {...content.report, diagnoses: [{...content.stale, fixes: content.stale.fixes.slice(2)}]}}),
	);
	expect(words(session)).toContain('compose-medic fix reset-volume --plan --project docker');
	expect(words(session)).toContain('Nothing was changed.');
});
