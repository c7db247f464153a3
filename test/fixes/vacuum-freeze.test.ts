import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import type {AgeHolder, ServerHealth} from '../../source/core/server-health.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {vacuumFreeze} from '../../source/fixes/vacuum-freeze.ts';
import {groupsOf} from '../../source/steps/vacuum-freeze.ts';

const old = (name: string, age = 1_400_000_000) => ({name, age, multi: 1, failures: null, failedAt: null});
const slot = {name: 'cdc', kind: 'logical', database: 'dify', active: false, status: 'reserved', retained: 5};
const plan = (holders: Partial<AgeHolder>[] = [], more: Partial<ServerHealth> = {}): PlanAnswer =>
	vacuumFreeze.plan(
		seeing(
			sampleFacts({
				health: {
					databases: [old('dify'), old('template0'), old('fresh', 5000)],
					ageHolders: holders.map(one => ({kind: 'slot', name: 'cdc', age: 1_400_000_000, ...one})),
					slots: [slot],
					...more,
				},
			}),
		),
		{id: 'wraparound-near', subject: 'db', affects: ['db']} as Partial<Finding> as Finding,
		{},
	);

test('every old database is frozen, and no other', () => {
	const given = plan();
	expect(given).toMatchObject({kind: 'plan', confirm: null});
	const names = given.kind === 'plan' ? given.steps.map(({step, input}) => [step, input['database']]) : [];
	expect(names.slice(1)).toEqual([
		['vacuum-freeze', 'dify'],
		['vacuum-freeze', 'template0'],
	]);
});

test('an unused slot that keeps old rows goes first, once its name is typed', () => {
	expect(plan([{}])).toMatchObject({
		confirm: {name: 'cdc'},
		steps: [{}, {step: 'drop-slot', input: {slot: 'cdc', database: 'dify'}}, {}, {}],
	});
	expect(plan([{age: 1000}])).toMatchObject({confirm: null});
});

test.each([
	['a slot that is read from', [{}], {slots: [{...slot, active: true}]}],
	['a prepared transaction', [{kind: 'prepared' as const, name: 'order-7'}], {}],
	['a session', [{kind: 'session' as const, name: '71'}], {}],
	['two slots', [{}, {name: 'other'}], {slots: [slot, {...slot, name: 'other'}]}],
	['nothing old', [], {databases: [old('dify', 5000)]}],
])('%s is left to a person', (_what, holders, more) => {
	expect(plan(holders, more)).toMatchObject({kind: 'not-applicable'});
});

test('small tables are frozen in one call, a large one alone', () => {
	const small = Array.from({length: 150}, (_, n) => `public.t${n}\t8192`);
	const groups = groupsOf(['public.large\t900000000', ...small, ''].join('\n'));
	expect(groups.map(({names}) => names.length)).toEqual([1, 100, 50]);
	expect(groupsOf('')).toEqual([]);
});
