import {describe, expect, test} from 'vitest';
import {say} from '../../source/core/say.ts';
import {type Happening, type Intent, isTyping, newSession, type Session} from '../../source/core/session.ts';
import {reduce} from '../../source/core/session-reduce.ts';
import * as content from '../gallery-content.ts';

const told = (session: Session, ...messages: (Intent | Happening)[]): Session =>
	messages.reduce((before, message) => reduce(before, {message, at: 1000}), session);

const fresh = (choose = false): Session => newSession({choose, now: 0});
const enter: Intent = {type: 'enter'};
const opened: Happening = {type: 'opened', unfinished: null};
const diagnosed: Happening = {type: 'diagnose', event: {type: 'diagnosed', report: content.report}, at: 0};
const planned: Happening = {type: 'planned', answer: content.plan, shown: content.shownSteps};
const finished = (outcome: 'proven' | 'interrupted', exitCode: 0 | 130): Happening => ({
	type: 'apply',
	event: {type: 'finished', outcome, exitCode, journal: 'j', says: say('', ''), undo: null, report: null},
	at: 0,
});
const atCauses = (): Session => told(fresh(), opened, diagnosed);
const atPlan = (): Session => told(atCauses(), enter, enter, planned);

describe('the way from question to cure', () => {
	test('a chosen project is opened, and only then asked about', () => {
		const list = told(fresh(true), {type: 'projects', projects: content.projects}, {type: 'move', by: 1});
		const opening = told(list, enter);
		expect(opening.task).toEqual({kind: 'open', project: 'gitea'});
		expect(told(opening, opened).task).toEqual({kind: 'diagnose'});
	});

	test('a diagnosis leads to its fixes, its plan, consent and work', () => {
		const session = told(atCauses(), enter);
		expect(session.screen).toBe('fixes');
		const planning = told(session, enter);
		expect(planning.task).toMatchObject({kind: 'plan', fix: 'change-password', settings: {}});
		const consent = told(planning, planned, enter);
		expect(consent.screen).toBe('consent');
		expect(consent.task).toBeNull();
		expect(told(consent, enter).task).toEqual({kind: 'apply', confirmed: null});
		expect(told(consent, {type: 'yes'}).task).toEqual({kind: 'apply', confirmed: null});
	});

	test('a finding without a fix leads nowhere', () => {
		const session = told(atCauses(), {type: 'move', by: 1}, enter);
		expect(session.screen).toBe('causes');
		expect(session.cursor.causes).toBe(1);
	});

	test('a fix that does not apply stays in the list with its reason', () => {
		const why = say('no', '否');
		const session = told(atCauses(), enter, enter, {type: 'planned', answer: {kind: 'not-applicable', why}, shown: []});
		expect(session.screen).toBe('fixes');
		expect(session.refused).toEqual({'change-password': why});
	});

	test('after the proof Enter asks afresh about what is left, and leaves when nothing is', () => {
		const report = {...content.report, diagnoses: [content.oom]};
		const event = {
			type: 'finished',
			outcome: 'proven',
			exitCode: 0,
			journal: 'j',
			says: say('', ''),
			undo: null,
		} as const;
		const proven = told(atPlan(), enter, enter, {type: 'apply', event: {...event, report}, at: 0});
		expect(proven.screen).toBe('proof');
		expect(told(proven, enter)).toMatchObject({screen: 'walking', task: {kind: 'diagnose'}, finding: null, run: null});
		const healed = told(atPlan(), enter, enter, {type: 'apply', event: {...event, report: content.healthy}, at: 0});
		expect(told(healed, enter).done).toBe('left');
	});
});

describe('consent', () => {
	const atConsent = (): Session =>
		told(atCauses(), enter, enter, {type: 'planned', answer: content.resetPlan, shown: content.shownSteps}, enter);
	const type = (text: string): Intent[] => [...text].map(letter => ({type: 'type', text: letter}));

	test('data is replaced only once its exact name was typed', () => {
		expect(told(atConsent(), enter, {type: 'yes'}).screen).toBe('consent');
		expect(told(atConsent(), ...type('docker_db-dat'), enter).task).toBeNull();
		expect(told(atConsent(), ...type('docker_db-data '), enter).task).toBeNull();
		expect(told(atConsent(), ...type('docker_db-datx'), {type: 'erase'}, ...type('a'), enter).task).toEqual({
			kind: 'apply',
			confirmed: 'docker_db-data',
		});
	});

	test('going back forgets what was typed', () => {
		const session = told(atConsent(), ...type('docker_db-data'), {type: 'back'}, enter);
		expect(session.draft).toBe('');
	});
});

describe('settings', () => {
	const settings = [
		{key: 'old-password', says: say('', ''), secret: true},
		{key: 'old-user', says: say('', ''), secret: false},
	];
	const asked = (): Session =>
		told(atCauses(), enter, enter, {type: 'planned', answer: {kind: 'asks', settings, why: say('', '')}, shown: []});

	test('answers are asked one after the other and then planned with', () => {
		const session = told(
			asked(),
			{type: 'secret-given', reference: 'setting:old-password'},
			{type: 'type', text: 'dify'},
			enter,
		);
		expect(session.task).toMatchObject({
			kind: 'plan',
			settings: {'old-password': 'setting:old-password', 'old-user': 'dify'},
		});
	});

	test('a typed secret never becomes a setting, and is wiped once it was handed over', () => {
		const typed = told(asked(), {type: 'type', text: 'hunter2'});
		expect(isTyping(typed)).toBe(true);
		const passed = told(typed, enter);
		expect(passed.settings).toEqual({});
		const given = told(typed, {type: 'secret-given', reference: 'setting:old-password'});
		expect(JSON.stringify(given)).not.toContain('hunter2');
	});

	test('an empty answer leaves it to the plan', () => {
		const session = told(asked(), {type: 'secret-given', reference: ''}, enter);
		expect(session.task).toMatchObject({kind: 'plan', settings: {}});
	});
});

describe('leaving', () => {
	test('what only reads is left at once', () => {
		expect(told(atCauses(), {type: 'quit'}).done).toBe('left');
		expect(told(fresh(), opened, {type: 'quit'}).done).toBe('interrupted');
		expect(told(atCauses(), {type: 'interrupt'}).done).toBe('interrupted');
	});

	test('a change ends cleanly first, and at once when asked a second time', () => {
		const stopping = told(atPlan(), enter, enter, {type: 'interrupt'});
		expect(stopping).toMatchObject({stopping: true, done: null, screen: 'applying'});
		expect(told(stopping, {type: 'quit'}).done).toBeNull();
		expect(told(stopping, {type: 'interrupt'}).done).toBe('interrupted');
		expect(told(stopping, finished('interrupted', 130)).done).toBe('interrupted');
	});

	test('a stream that ends without its last word is an interruption', () => {
		expect(told(atPlan(), enter, enter, {type: 'broken-off'}).done).toBe('interrupted');
	});

	test('nothing happens any more once it is over', () => {
		const over = told(atCauses(), {type: 'quit'});
		expect(told(over, enter, diagnosed)).toBe(over);
	});
});

describe('trouble', () => {
	const trouble: Happening = {type: 'trouble', trouble: {what: say('x', 'x'), why: null, next: null, exitCode: 10}};

	test('what failed to open is tried again', () => {
		const failed = told(fresh(true), trouble);
		expect(failed).toMatchObject({screen: 'trouble', exitCode: 10, task: null});
		expect(told(failed, {type: 'again'})).toMatchObject({screen: 'choosing', task: {kind: 'projects'}, exitCode: null});
	});

	test('after a refused change Esc leads back to the causes and r asks again', () => {
		const failed = told(atPlan(), enter, enter, trouble);
		expect(told(failed, {type: 'back'}).screen).toBe('causes');
		expect(told(failed, {type: 'again'}).task).toEqual({kind: 'diagnose'});
	});
});

describe('an unfinished fix', () => {
	const found = (): Session =>
		told(fresh(), {type: 'opened', unfinished: {id: 'j', fix: 'change-password', at: '2026-11-21T02:15:02Z'}});

	test.each([
		[0, {kind: 'resume'}],
		[1, {kind: 'undo', id: 'j'}],
		[2, {kind: 'diagnose'}],
	])('choice %i', (by, task) => {
		expect(told(found(), {type: 'move', by}, enter).task).toEqual(task);
	});
});

test('steps follow the events, also of a run whose steps were not known', () => {
	const session = told(
		fresh(),
		{type: 'opened', unfinished: {id: 'j', fix: 'x', at: ''}},
		enter,
		{type: 'apply', event: {type: 'step-started', index: 1, total: 3, says: say('two', '二'), like: ''}, at: 0},
		{type: 'apply', event: {type: 'progress', index: 1, says: say('half', '一半'), done: 1, total: 2}, at: 0},
		{type: 'apply', event: {type: 'step-failed', index: 1, why: say('no', '否')}, at: 0},
		{type: 'apply', event: {type: 'step-undone', index: 1, says: say('two', '二'), note: null}, at: 0},
	);
	expect(session.run?.steps.map(({state}) => state)).toEqual(['waiting', 'undone', 'waiting']);
});

test('the cursor stays in its list', () => {
	expect(told(atCauses(), {type: 'move', by: -5}).cursor.causes).toBe(0);
	expect(told(atCauses(), {type: 'edge', to: 'last'}, {type: 'move', by: 7}).cursor.causes).toBe(1);
});
