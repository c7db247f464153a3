import {expect, test} from 'vitest';
import {type Row, type Span, widthOfRow, wrap} from '../../source/core/wrap.ts';

const plain = (text: string): Span[] => [{text, tone: 'plain'}];
const lines = (rows: readonly Row[]): string[] => rows.map(row => row.map(({text}) => text).join(''));
const wrapped = (text: string, columns: number): string[] => lines(wrap(plain(text), columns));

test('words stay whole, and no line ends in a space', () => {
	expect(wrapped('every row is lost for good', 10)).toEqual(['every row', 'is lost', 'for good']);
});

test('what is longer than a line is cut where it must be', () => {
	expect(wrapped('a /var/lib/postgresql', 8)).toEqual(['a', '/var/lib', '/postgre', 'sql']);
});

test('Han text breaks anywhere, but no line begins with a closing mark or ends with an opening one', () => {
	expect(wrapped('数据完好无损。', 12)).toEqual(['数据完好无', '损。']);
	expect(wrapped('退出码（一）', 8)).toEqual(['退出码', '（一）']);
	for (let columns = 8; columns < 30; columns++)
		for (const line of wrapped('重启（12 次，最近退出码 1），“数据”：完好！真的？', columns)) {
			expect(line).not.toMatch(/^[，。：！？）”]/);
			expect(line).not.toMatch(/[（“]$/);
		}
});

test('no line is ever wider than asked for', () => {
	const text =
		'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`。之后 🐘 在 .env 里改密码 e\u0301 ----------------------------';
	for (let columns = 2; columns < 80; columns++)
		for (const row of wrap(plain(text), columns)) expect(widthOfRow(row)).toBeLessThanOrEqual(columns);
});

test('nothing is lost but the spaces where a line ends', () => {
	const text = 'Do not delete the volume 不要照网上的说法删除卷：`docker compose down -v` loses every row';
	for (let columns = 2; columns < 60; columns++)
		expect(wrapped(text, columns).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});

test('tones survive a line break', () => {
	const rows = wrap(
		[
			{text: 'run ', tone: 'plain'},
			{text: 'docker compose up', tone: 'code'},
			{text: ' now', tone: 'plain'},
		],
		12,
	);
	expect(rows).toEqual([
		[
			{text: 'run ', tone: 'plain'},
			{text: 'docker', tone: 'code'},
		],
		[{text: 'compose up', tone: 'code'}],
		[{text: 'now', tone: 'plain'}],
	]);
});

test('line feeds stay, and an empty text is one empty line', () => {
	expect(wrapped('one\n\ntwo', 10)).toEqual(['one', '', 'two']);
	expect(wrapped('', 10)).toEqual(['']);
});
