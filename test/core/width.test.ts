import {expect, test} from 'vitest';
import {graphemes, pad, truncate, widthOf} from '../../source/core/width.ts';

test.each([
	['plain', 5],
	['数据库', 6],
	['db 在运行', 9],
	['✔ ✖ ! ?', 7],
	['e\u0301', 1],
	['🐘', 2],
])('%s is %i columns wide', (text, columns) => {
	expect(widthOf(text)).toBe(columns);
});

test('a text is cut with an ellipsis and never wider than asked for', () => {
	expect(truncate('password', 8)).toBe('password');
	expect(truncate('password', 5)).toBe('pass…');
	// Half a Han character does not fit into the last column.
	expect(truncate('数据库密码', 6)).toBe('数据…');
	for (let columns = 0; columns < 14; columns++)
		expect(widthOf(truncate('数据库 db 密码', columns))).toBeLessThanOrEqual(columns);
});

test('padding counts columns, not letters', () => {
	expect(pad('耗时', 6)).toBe('耗时  ');
	expect(pad('too long', 3)).toBe('too long');
});

test('a letter and its marks are one character', () => {
	expect(graphemes('ae\u0301b')).toEqual(['a', 'e\u0301', 'b']);
});
