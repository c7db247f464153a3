import {describe, expect, test} from 'vitest';
import {cap, decodeLines, harmless, harmlessAll, LineReader, tame} from '../../source/core/hostile.ts';
import {createRedactor} from '../../source/core/redact.ts';
import {Secret} from '../../source/core/secret.ts';

describe('escape sequences', () => {
	test.each([
		['colour', '\x1b[31mred\x1b[0m', 'red'],
		['cursor and screen', 'a\x1b[2J\x1b[1;1H\x1b[?1049hb', 'ab'],
		['private parameters and intermediates', 'a\x1b[>0;276;0c\x1b[0 qb', 'ab'],
		['title by OSC with BEL', 'a\x1b]0;owned\x07b', 'ab'],
		['clipboard by OSC with ST', 'a\x1b]52;c;cm0gLXJm\x1b\\b', 'ab'],
		['link', '\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\', 'text'],
		['DCS', 'a\x1bP1$r0m\x1b\\b', 'ab'],
		['APC, PM and SOS', 'a\x1b_Gf=32\x1b\\b\x1b^x\x1b\\c\x1bXy\x1b\\d', 'abcd'],
		['8-bit CSI', 'a\x9b31mb', 'ab'],
		['8-bit OSC with 8-bit ST', 'a\x9d0;t\x9cb', 'ab'],
		['8-bit DCS', 'a\x90q\x9cb', 'ab'],
		['character sets', 'a\x1b(0b\x1b)Bc', 'abc'],
		['reset', 'a\x1bcb', 'ab'],
		['save and restore', '\x1b7a\x1b8b', 'ab'],
		['a lone escape at the end', 'a\x1b', 'a'],
		['a broken CSI', 'a\x1b[31', 'a'],
		['an escape inside a sequence', 'a\x1b]0;x\x1b[31mb', 'a0;xb'],
		[
			'an unfinished OSC does not swallow the line',
			'FATAL: \x1b]0;password authentication failed',
			'FATAL: 0;password authentication failed',
		],
	])('%s', (_, hostile, harmlessText) => {
		expect(tame(hostile)).toBe(harmlessText);
	});

	test('removing one does not build another', () => {
		expect(tame('\x1b\x1b[31m[31mx')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
		expect(tame('\x1b\x00[31mx')).not.toContain('\x1b');
	});
});

describe('control and format characters', () => {
	test.each([
		['backspace and bell', 'safe\b\b\b\b\x07evil', 'safeevil'],
		['carriage return hides nothing', 'real error\rall fine', 'real error all fine'],
		['line ends of Windows', 'one\r\ntwo\r\r\nthree\r', 'one\ntwo\nthree'],
		['tabs', '\tat main.go', '  at main.go'],
		['NUL, DEL, NEL', 'a\x00b\x7fc\x85d', 'abcd'],
		['overrides', 'user \u202etoor\u202c', 'user toor'],
		['isolates and marks', '\u2066a\u2069\u200fb\u061cc', 'abc'],
		['zero width', 'pass\u200bword\ufeff\u2060', 'password'],
		['tags', 'a\u{e0041}\u{e007f}b', 'ab'],
		['soft hyphen, fillers', 'a\u00adb\u115fc', 'abc'],
		['line separators', 'a\u2028b', 'a b'],
		['a lone high surrogate', 'a\ud83db', 'a\ufffdb'],
		['a lone low surrogate', 'a\ude00b', 'a\ufffdb'],
		['towers of marks', `e${'\u0301'.repeat(200)}x`, `e${'\u0301'.repeat(4)}x`],
		['ordinary text', 'naïve 数据库 “quoted” 🚀 Ünï', 'naïve 数据库 “quoted” 🚀 Ünï'],
	])('%s', (_, hostile, harmlessText) => {
		expect(tame(hostile)).toBe(harmlessText);
	});
});

describe('length', () => {
	test('a long line is cut and says how much is missing', () => {
		expect(tame('x'.repeat(10), 4)).toBe('xxxx… +6');
		expect(tame('short', 5)).toBe('short');
	});

	test('the cut does not split a character', () => {
		expect(cap('ab😀cd', 3)).toBe('ab… +4');
	});

	test.each([
		['escapes without an end', '\x1b]'.repeat(500_000)],
		['string introducers without an end', `\x1bP${'a'.repeat(1_000_000)}`],
		['8-bit string introducers', '\x90\x9d\x9e'.repeat(350_000)],
		['carriage returns', `${'\r'.repeat(1_000_000)}x`],
		['marks', `a${'\u0301'.repeat(1_000_000)}`],
		['parameters', `\x1b[${'1;'.repeat(500_000)}`],
	])('a megabyte of %s takes no time', (_, hostile) => {
		const started = performance.now();
		expect(tame(hostile).length).toBeLessThan(5000);
		expect(performance.now() - started).toBeLessThan(1000);
	});

	test('a secret across the cut is hidden before the cut', () => {
		const redactor = createRedactor();
		redactor.add(new Secret('Xq7-long-secret-value'));
		const line = harmless(`${'x'.repeat(90)} Xq7-\x1b[1mlong-secret-value`, redactor.redact, 100);
		expect(line).not.toContain('Xq7');
	});
});

describe('lines out of bytes', () => {
	const collect = async (chunks: Uint8Array[]): Promise<string[]> => {
		const lines: string[] = [];
		for await (const line of decodeLines(chunks)) lines.push(line);
		return lines;
	};

	test('characters and lines may be split anywhere', async () => {
		const bytes = Buffer.from('erste\n数据库 🚀\nlast');
		for (let cut = 0; cut <= bytes.length; cut++)
			expect(await collect([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['erste', '数据库 🚀', 'last']);
	});

	test('invalid UTF-8 is replaced and hurts no neighbour', async () => {
		expect(await collect([Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a, 0xc3]), Buffer.from([0x28, 0x0a])])).toEqual([
			'a\ufffd\ufffdb',
			'\ufffd(',
		]);
	});

	test('a character cut off at the end', async () => {
		expect(await collect([Buffer.from([0x61, 0xe6, 0x95])])).toEqual(['a\ufffd']);
	});

	test('a line of many megabytes is not kept in memory', () => {
		const reader = new LineReader();
		const chunk = Buffer.alloc(1024 * 1024, 'y');
		for (let n = 0; n < 8; n++) expect(reader.push(chunk)).toEqual([]);
		const [line, next] = reader.push(Buffer.from('\nnext\n'));
		expect(line?.length).toBeLessThan(1024 * 1024 + 32);
		expect(line?.endsWith(`… +${7 * 1024 * 1024}`)).toBe(true);
		expect(next).toBe('next');
	});

	test('empty lines and an empty stream', async () => {
		expect(await collect([Buffer.from('\n\na\n')])).toEqual(['', '', 'a']);
		expect(await collect([])).toEqual([]);
	});
});

test('every text inside a value is made harmless, and nothing else is touched', () => {
	const redact = (text: string): string => text.replace('hunter2', '***');
	const value = {name: 'a\x1b[31mb', list: [{gid: 'job hunter2', age: 7, at: null}], on: true};
	expect(harmlessAll(value, redact)).toEqual({name: 'ab', list: [{gid: 'job ***', age: 7, at: null}], on: true});
});
