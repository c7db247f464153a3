import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/core/width.ts';
import {fold, placesOf} from '../../source/ui/parts/fold.ts';

const texts = [
	'',
	'short',
	'connection to server at "db" (172.19.0.3), port 5432 failed: FATAL:  password authentication failed',
	'x'.repeat(200),
	`abcde${' '.repeat(12)}fg ${' '.repeat(90)}end`,
	'  indented   and   spaced   out   text   that   goes   on',
	'正在连接数据库 db:5432，第 12 次尝试，等待服务器接受连接后继续启动其余组件与后台任务。',
	'中'.repeat(80),
	'🐘 emoji, é́ marks, ﬁ ligature and Ελληνικά that no shortcut knows the width of',
	`混合 mixed 文字 ${'word '.repeat(20)}结束`,
];
const words = (text: string): string => text.replace(/\s+/g, '');
const plain = (text: string, columns: number): string[] =>
	fold(text, columns, [], 'plain').map(row => row.map(span => span.text).join(''));

describe.each([2, 3, 7, 20, 27, 38, 90])('folded to %i columns', columns => {
	test.each(texts)('%j is never wider, and loses nothing but blanks', text => {
		const rows = plain(text, columns);
		for (const row of rows) expect(widthOf(row), row).toBeLessThanOrEqual(columns);
		expect(words(rows.join(''))).toBe(words(text));
		expect(rows.length).toBeGreaterThan(0);
	});
});

test('words stay whole where they fit, and no row but the first begins with a blank', () => {
	expect(plain('LOG:  database system is ready', 12)).toEqual(['LOG:', 'database', 'system is', 'ready']);
	expect(plain('abcde fghij', 5)).toEqual(['abcde', 'fghij']);
	expect(plain('连接被拒绝 refused', 12)).toEqual(['连接被拒绝', 'refused']);
});

test('what is found stands out, also across a fold, and capitals don’t matter', () => {
	const text = 'FATAL: password refused, Password again';
	const found = placesOf(text, 'PASSWORD');
	expect(found).toEqual([
		{from: 7, to: 15},
		{from: 25, to: 33},
	]);
	const marked = fold(text, 10, found, 'plain').flatMap(row => row.filter(({tone}) => tone === 'focus'));
	expect(marked.map(span => span.text).join('')).toBe('passwordPassword');
	const cut = fold('x'.repeat(25), 10, placesOf('x'.repeat(25), 'x'.repeat(15)), 'plain');
	expect(cut.map(row => row.map(({text: part, tone}) => `${part.length}${tone}`))).toEqual([
		['10focus'],
		['5focus', '5plain'],
		['5plain'],
	]);
	expect(placesOf('anything', '')).toEqual([]);
	// Lower case is longer here: it matches, and no place is claimed.
	expect(placesOf('İstanbul', 'stan')).toEqual([{from: 0, to: 8}]);
});
