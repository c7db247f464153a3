import {expect, test} from 'vitest';
import {diagnosis, points, type Scope} from '../../source/core/diagnosis.ts';
import type {Fact} from '../../source/core/fact.ts';
import type {Fix} from '../../source/core/fix.ts';
import {probe} from '../../source/core/probe.ts';
import {say, verbatim} from '../../source/core/say.ts';
import {all, asking, chapter, leaf, nothing, walk} from '../../source/core/walk.ts';

const colour = probe<string>({
	id: 'colour',
	title: () => say('Looking', '查看'),
	like: () => 'look',
	observe: async () => 'red',
});
const known = (value: unknown): Fact => ({state: 'known', value, at: '2026-01-01T00:00:00.000Z', ms: 1});
const dark: Fact = {state: 'unknown', why: say('too dark', '太暗'), at: '2026-01-01T00:00:00.000Z', ms: 1};

const red = diagnosis<Scope>({
	id: 'red',
	severity: 'failure',
	name: say('Red', '红'),
	title: ({subject}) => say(`${subject} is red`, `${subject} 是红的`),
	about: say('Red.', '红。'),
	beware: null,
	lookAlikes: [{id: 'blue', tell: say('That one is blue.', '那个是蓝的。')}],
	certainty: 'certain',
	because: (see, {subject}) => [points(say(`saw ${see(colour, subject ?? '')}`, '看见'), 'colour')],
	affects: (_see, {subject}) => (subject ? [subject] : []),
	key: () => 'one',
	fixes: [],
	noFix: say('None.', '无。'),
	examples: [],
});
const ask = asking<Scope>();
const tree = [
	chapter(
		{id: 'colours', title: say('Colours', '颜色'), each: () => [{subject: 'a'}, {subject: 'b'}]},
		all(
			ask(say('Which?', '哪种？'), (see, {subject}) => (see(colour, subject ?? '') === 'red' ? 'yes' : 'no'), {
				yes: leaf(red),
				no: nothing,
			}),
		),
	),
];

test('asks for every missing fact of all scopes at once', () => {
	const result = walk(tree, new Map(), verbatim);
	expect(result.wants.map(({about}) => about)).toEqual(['a', 'b']);
	expect(result.findings).toEqual([]);
});

test('merges occurrences with the same key and keeps all that they affect', () => {
	const result = walk(
		tree,
		new Map([
			['colour a', known('red')],
			['colour b', known('red')],
		]),
		verbatim,
	);
	expect(result.findings.map(({id, affects}) => [id, affects])).toEqual([['red', ['a', 'b']]]);
	expect(result.path).toHaveLength(2);
});

test('an unknown fact ends its own part only, with its reason', () => {
	const result = walk(
		tree,
		new Map([
			['colour a', dark],
			['colour b', known('red')],
		]),
		verbatim,
	);
	expect(result.stuck).toEqual([{key: 'colour a', why: say('too dark', '太暗'), chapter: 'colours'}]);
	expect(result.findings.map(({subject}) => subject)).toEqual(['b']);
});

test('a bug in a question is not taken for an unknown', () => {
	const broken = chapter(
		{id: 'x', title: say('x', '叉'), each: () => [{subject: null}]},
		ask(
			say('?', '？'),
			() => {
				throw new TypeError('bug');
			},
			{} as Record<never, never>,
		),
	);
	expect(() => walk([broken], new Map(), verbatim)).toThrow('bug');
});

test('forgetting or inventing an answer does not compile', () => {
	// @ts-expect-error the answer `no` has no branch
	ask(say('?', '？'), () => 'no' as 'yes' | 'no', {yes: nothing});
	// @ts-expect-error `perhaps` is no answer
	ask(say('?', '？'), () => 'yes' as 'yes' | 'no', {yes: nothing, no: nothing, perhaps: nothing});
	expect(true).toBe(true);
});

test('offers no fix that could only refuse, and recommends the first of the others', () => {
	const fixNamed = (id: string, offered?: Fix['offered']): Fix => ({
		id,
		title: say(id, '修复'),
		risk: 'none',
		about: say('About.', '说明。'),
		limits: say('None.', '无。'),
		offered,
		settings: [],
		plan: () => ({kind: 'not-applicable', why: say('No.', '否。')}),
		verify: () => [],
	});
	const found = (...fixes: Fix[]) => {
		const cured = {...red, fixes, noFix: undefined};
		const each = (): Scope[] => [{subject: 'a'}];
		return walk(
			[chapter({id: 'colours', title: say('Colours', '颜色'), each}, leaf(cured))],
			new Map([['colour a', known('red')]]),
			verbatim,
		).findings[0];
	};
	const never = fixNamed('never', see => see(colour, 'a') !== 'red');
	expect(found(never, fixNamed('always'))?.fixes).toMatchObject([{id: 'always', recommended: true}]);
	const none = found(never);
	expect(none?.fixes).toEqual([]);
	expect(none?.noFix?.en).toContain('where the server or its clients run');
});
