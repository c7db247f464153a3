import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {hang, wrap} from '../../source/report/wrap.ts';

describe('wrapping', () => {
	test('between words', () => {
		expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
	});

	test('between Han characters, by columns', () => {
		expect(wrap('数据目录里仍是旧密码', 8)).toEqual(['数据目录', '里仍是旧', '密码']);
	});

	test('no line begins with closing punctuation or ends with an opening one', () => {
		for (let width = 8; width < 40; width++)
			for (const line of wrap('数据库“启动”（很慢），然后、停止。再看 `docker compose logs`，确认！', width)) {
				expect(line).not.toMatch(/^[，。、！）”]/u);
				expect(line).not.toMatch(/[（“]$/u);
			}
	});

	test('what comes from outside can not move the cursor', () => {
		expect(wrap('a\x1b[2Jb\x9b1mc\u202ed', 20)).toEqual(['abcd']);
	});

	test('what has no place to break is cut, and nothing is lost', () => {
		const path = '/var/lib/docker/volumes/a-very-long-name/_data';
		const lines = wrap(path, 20);
		expect(lines.join('')).toBe(path);
		expect(lines.every(line => stringWidth(line) <= 20)).toBe(true);
	});

	test('no line is wider than asked for, and no character is lost', () => {
		const text =
			'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`（首次启动），之后修改 `.env` 不会生效：服务器 db-1 仍用旧值 🚀 且 sha256:4c2f4d1b2b5a6b0d5a1c7f5d0c9d3e8f。';
		for (let width = 12; width < 120; width++) {
			const lines = wrap(text, width);
			for (const line of lines) expect(stringWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
			expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
		}
	});

	test('line feeds and empty lines stay', () => {
		expect(wrap('a\n\nb', 20)).toEqual(['a', '', 'b']);
	});

	test('a hanging paragraph is indented by the columns of its first mark', () => {
		expect(hang('支持：', 'one two three', 14)).toBe('支持：one two\n      three');
	});
});
