import {expect, test} from 'vitest';
import {evaluateEnv, parseEnv, tellEntries} from '../../source/core/compose-dotenv.ts';

const read = (text: string) => parseEnv(Buffer.from(text));
const resolved = (text: string, shell: Record<string, string> = {}): string | undefined =>
	evaluateEnv([read(text)], name => shell[name]).get('A');

// Each was put through `docker compose config` 2.26.1.
test.each([
	['A=pa$word', 'pa'],
	['A="pa$word"', 'pa'],
	["A='pa$word'", 'pa$word'],
	['A=pa$$word', 'pa$word'],
	['A="pa$$word"', 'pa$word'],
	['A="pa\\$word"', 'pa$word'],
	["A='pa$$word'", 'pa$$word'],
	['A=pa\\$word', 'pa\\'],
	['A=pa$1x', 'pa$1x'],
	['A=p`id`s', 'p`id`s'],
	['A=abc#def', 'abc#def'],
	['A=abc #def', 'abc'],
	['A="abc #def"', 'abc #def'],
	['A=a\t#b', 'a\t#b'],
	['A= #x', '#x'],
	['A=pa"quo"te', 'pa"quo"te'],
	["A=pa'q'x", "pa'q'x"],
	['A="a\\nb"', 'a\nb'],
	['A=a\\nb', 'a\\nb'],
	['A="pa\\\\ss"', 'pa\\ss'],
	['A=pa\\\\ss', 'pa\\\\ss'],
	['A="a\\\\b\\x"', 'a\\b\\x'],
	['A="q\\"q"', 'q"q'],
	['A=   x  ', 'x'],
	['export A=x', 'x'],
	['export  A = x', 'x'],
	['A: x', 'x'],
	['\ufeffA=x', 'x'],
	['A=x\r\n', 'x'],
	['A="x"\r\n', 'x'],
	['A=lone\rcr', 'lone\rcr'],
	['A="x" # comment', 'x'],
	['A="multi\nline"', 'multi\nline'],
	['A=one\nA=two', 'two'],
	['T=1\nA=${T:-d}$T', '11'],
	['A=${NO:-"q"}', '"q"'],
	['A=', ''],
])('%j gives %j', (text, expected) => {
	expect(resolved(text)).toBe(expected);
	expect(read(text).problem).toBeNull();
});

test('the shell wins, and a bare name takes its value', () => {
	expect(resolved('B=file\nA=$B', {B: 'shell'})).toBe('shell');
	expect(resolved('A', {A: 'shell'})).toBe('shell');
	expect(resolved('A')).toBeUndefined();
});

test.each([
	['PW WITH SPACE=1', 1, 'key cannot contain a space'],
	['A=1\nB="unclosed', 2, 'unterminated quoted value'],
	["G='it\\'s'", 1, 'unexpected character in variable name'],
])('%j is refused with its line', (text, line, says) => {
	expect(read(text).problem).toEqual({line, says});
});

test('tells names, lines and oddities, and no value', () => {
	const text =
		'\ufeffPLAIN=s3cret\nCR=s3cret\r\nDOLLAR=s3$cret\nESCAPED=s3$$cret\nSAFE=\'s3$cret\'\nONE=s3$1cret\nHASH=s3 #cret\nTIGHT=s3#cret\nQUOTE=s3"cret\nSLASH="s3\\ncret"\nNONE=\nPLAIN=s3cret\nTWO="a\nb"\nLAST=${PLAIN}\n';
	const entries = tellEntries('.env', read(text), () => undefined);
	expect(entries.map(({line, name, oddities, references}) => [line, name, oddities.join(), references.join()])).toEqual(
		[
			[1, 'PLAIN', 'byte-order-mark', ''],
			[2, 'CR', 'carriage-return', ''],
			[3, 'DOLLAR', 'unquoted-dollar', 'cret'],
			[4, 'ESCAPED', 'unquoted-dollar', ''],
			[5, 'SAFE', '', ''],
			[6, 'ONE', '', ''],
			[7, 'HASH', 'unquoted-hash', ''],
			[8, 'TIGHT', '', ''],
			[9, 'QUOTE', 'inner-quote', ''],
			[10, 'SLASH', 'backslash', ''],
			[11, 'NONE', 'empty', ''],
			[12, 'PLAIN', 'duplicate', ''],
			[13, 'TWO', '', ''],
			[15, 'LAST', 'unquoted-dollar', 'PLAIN'],
		],
	);
	expect(JSON.stringify(entries)).not.toContain('s3');
});
