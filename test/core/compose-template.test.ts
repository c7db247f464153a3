import {expect, test} from 'vitest';
import {type Lookup, parseTemplate, references, sources, substitute} from '../../source/core/compose-template.ts';

const values: Record<string, string> = {X: 'x', EMPTY: ''};
const lookup: Lookup = name => values[name];
const filled = (text: string): string => substitute(parseTemplate(text).pieces, lookup);

// Results of `docker compose config` 2.26.1 for the same values.
test.each([
	['$X', 'x'],
	['${X}', 'x'],
	['a${X}b$X', 'axbx'],
	['$$X', '$X'],
	['pa$1x', 'pa$1x'],
	['pass$', 'pass$'],
	['p$(id)s', 'p$(id)s'],
	['${NO}', ''],
	['${NO-d}', 'd'],
	['${EMPTY-d}', ''],
	['${EMPTY:-d}', 'd'],
	['${NO:-}', ''],
	['${NO:-a-b:c}', 'a-b:c'],
	['${NO:-${X}}', 'x'],
	['${NO:-${NO2:-deep}}y', 'deepy'],
	['${X:+set}', 'set'],
	['${NO:+set}', ''],
	['${X:?must}', 'x'],
])('%s becomes %s', (text, expected) => {
	expect(filled(text)).toBe(expected);
	expect(parseTemplate(text).problem).toBeNull();
});

test.each(['${wo-rd', '${}', '${1X}', 'a ${X'])('%s is refused', text => {
	expect(parseTemplate(text).problem).not.toBeNull();
});

test('a default is only looked into when it is taken', () => {
	const names = (text: string): string[] => references(parseTemplate(text).pieces, lookup).map(({name}) => name);
	expect(names('${X:-${Y}}')).toEqual(['X']);
	expect(names('${NO:-${Y}}')).toEqual(['NO', 'Y']);
	expect(names('${EMPTY-${Y}}')).toEqual(['EMPTY']);
});

test('a value comes from the name that supplies it', () => {
	const from = (text: string): string[] => sources(parseTemplate(text).pieces, lookup);
	expect(from('${X:-${Y}}')).toEqual(['X']);
	expect(from('${NO:-${Y}}')).toEqual(['Y']);
	expect(from('${NO:-literal}')).toEqual(['NO']);
	expect(from('postgres://u:${X}@db/$NO')).toEqual(['X', 'NO']);
});
