import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import type {Slot} from '../../source/core/server-health.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {dropSlot} from '../../source/fixes/drop-slot.ts';
import {reloadProxy} from '../../source/fixes/reload-proxy.ts';
import {statusIn} from '../../source/probes/proxy-answer.ts';

const slot: Slot = {
	...{name: 'old_standby', kind: 'physical', database: null, active: false},
	...{status: 'extended', retained: 9_000_000_000},
};
const drop = (slots: Partial<Slot>[], settings = {}): PlanAnswer =>
	dropSlot.plan(
		seeing(sampleFacts({health: {slots: slots.map(change => ({...slot, ...change}))}})),
		{id: 'slot-retains-wal', subject: 'db', affects: ['db']} as Partial<Finding> as Finding,
		settings,
	);

test('one slot that nobody reads from is dropped once its name is typed', () => {
	expect(drop([{}])).toMatchObject({
		kind: 'plan',
		confirm: {name: 'old_standby'},
		steps: [{step: 'save-evidence'}, {step: 'drop-slot', input: {slot: 'old_standby', database: null}}],
	});
	expect(JSON.stringify(drop([{}]))).toContain('8.4 GiB');
});

test('a logical slot is dropped in its own database', () => {
	expect(drop([{kind: 'logical', database: 'dify'}])).toMatchObject({steps: [{}, {input: {database: 'dify'}}]});
});

test('of several the user chooses one', () => {
	const two = [{}, {name: 'cdc'}];
	expect(drop(two)).toMatchObject({kind: 'asks', settings: [{key: 'slot', choices: ['old_standby', 'cdc']}]});
	expect(drop(two, {slot: 'cdc'})).toMatchObject({kind: 'plan', confirm: {name: 'cdc'}});
});

test.each([
	['an active one', [{active: true, status: 'unreserved'}], {}],
	['an active one that was named', [{active: true}], {slot: 'old_standby'}],
	['one that is not there', [{}], {slot: 'other'}],
	['none', [], {}],
])('%s is never dropped', (_what, slots, settings) => {
	expect(drop(slots, settings)).toMatchObject({kind: 'not-applicable'});
});

const reload = (changes: Changes): PlanAnswer =>
	reloadProxy.plan(
		seeing(sampleFacts(changes)),
		{id: 'nginx-stale-upstream', subject: 'nginx', affects: ['nginx']} as Partial<Finding> as Finding,
		{},
	);

test('a running nginx is reloaded and nothing restarts; a stopped one is not', () => {
	expect(reload({})).toMatchObject({kind: 'plan', restarts: [], steps: [{}, {step: 'reload-proxy'}]});
	expect(reload({services: {nginx: {status: 'exited'}}})).toMatchObject({kind: 'not-applicable'});
});

test.each([
	['HTTP/1 502\n', 502],
	['HTTP/1.1 301 Moved Permanently\r\n', 301],
	['', null],
])('%j answers %s', (output, status) => {
	expect(statusIn(output)).toBe(status);
});
