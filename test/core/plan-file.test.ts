import {expect, test} from 'vitest';
import type {ShownStep} from '../../source/core/event.ts';
import type {Plan} from '../../source/core/fix.ts';
import {parsePlan, stale} from '../../source/core/plan-file.ts';

const saved = {
	schema: 'compose-medic/plan@1',
	applicable: true,
	fix: 'change-password',
	diagnosis: 'stale-volume-password',
	service: 'db',
	target: {kind: 'compose', project: 'shop', stack: 'dify'},
	settings: {route: 'socket', wrong: 7},
	steps: [{step: 'set-role-password', says: 'anything', input: {role: 'postgres', route: 'socket'}}],
	assumes: {'container:db': 'abc', 'file:/srv/.env': '12'},
};
const file = parsePlan('plan.json', JSON.stringify(saved));

const now = (assumes: Record<string, string>, input: Record<string, unknown>) => {
	const shown = [{step: 'set-role-password', input}] as unknown as ShownStep[];
	return stale(file, {assumes} as unknown as Plan, shown).map(({en}) => en);
};

test('a plan that would be made again in the same way is not stale, whatever the order of its keys', () => {
	expect(now(saved.assumes, {route: 'socket', role: 'postgres'})).toEqual([]);
	expect(file.settings).toEqual({route: 'socket'});
});

test('another container, an edited file and other steps are', () => {
	const input = {role: 'postgres', route: 'socket'};
	expect(now({...saved.assumes, 'container:db': 'def'}, input)).toEqual(['the container of `db` is another one']);
	expect(now({'container:db': 'abc'}, input)).toEqual(['`/srv/.env` was edited']);
	// A plan that somebody has edited is no plan that this program would make.
	expect(now(saved.assumes, {...input, role: 'dify'})).toEqual(['the steps that would be taken now are others']);
});

test.each([
	['{', 'it is not JSON'],
	['[]', 'schema'],
	[JSON.stringify({...saved, schema: 'compose-medic/plan@2'}), 'schema'],
	[JSON.stringify({...saved, applicable: false}), 'does not apply'],
	[JSON.stringify({...saved, steps: null}), 'missing'],
])('%s is refused with its reason', (text, why) => {
	expect(() => parsePlan('plan.json', text)).toThrow(
		expect.objectContaining({exitCode: 2, why: expect.objectContaining({en: expect.stringContaining(why)})}),
	);
});
