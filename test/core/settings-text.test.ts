import {expect, test} from 'vitest';
import {withSetting} from '../../source/core/settings-text.ts';

const set = (text: string): string => withSetting(text, 'max_connections', '200');

test.each([
	['max_connections = 100', 'max_connections = 200'],
	[
		'\tMax_Connections 100\t# (change requires restart)\nport = 1\n',
		'\tMax_Connections 200\t# (change requires restart)\nport = 1\n',
	],
	["max_connections='100'#x\r\nport=1\r\n", 'max_connections=200#x\r\nport=1\r\n'],
	['max_connections = 1\nmax_connections = 2\n', 'max_connections = 1\nmax_connections = 200\n'],
	['#max_connections = 100\n', '#max_connections = 100\nmax_connections = 200\n'],
	['port = 1', 'port = 1\nmax_connections = 200\n'],
	['max_connections_more = 5\r\n', 'max_connections_more = 5\r\nmax_connections = 200\r\n'],
])('%j becomes %j', (text, wanted) => {
	expect(set(text)).toBe(wanted);
	expect(set(wanted)).toBe(wanted);
});

test('a text is quoted, and a line that can’t be read is left alone', () => {
	expect(withSetting('a = x', 'a', "it's \\ here")).toBe("a = 'it''s \\\\ here'");
	expect(() => set("max_connections = '100")).toThrow('line 1');
});
