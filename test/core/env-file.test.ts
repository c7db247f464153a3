import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {envStatements, quoteEnvValue, readEnv, readEnvValue, setEnvValue} from '../../source/core/env-file.ts';

const nasty = [
	'plain',
	'',
	'pa$word',
	'$',
	'$$',
	'$1x',
	'${X}',
	'${X:-y}',
	'p$(id)s',
	'`id`',
	'a#b',
	'a #b',
	'#a',
	"it's",
	'"quoted"',
	"'single'",
	`both ' and "`,
	'back\\slash',
	'ends\\',
	"ends\\'",
	'\\\\',
	'\\n',
	'tab\there',
	' lead',
	'trail ',
	'a=b',
	'a: b',
	'export x',
	'line\nbreak',
	'cr\rhere',
	'é ü 漢字 🔑',
	'%40/:@?#[]',
	"'",
	'"',
	'\\"',
	"\\$'",
	'a\\$b"c\'d',
	'!hist',
	'*glob?',
	'{brace}',
	'\\0123',
	'\\',
	'\\\\\'"$$',
];

/** Random values over the characters that matter, the same in every run. */
function* randomValues(count: number): Generator<string> {
	const letters = [
		'a',
		'B',
		'7',
		'$',
		'{',
		'}',
		'\\',
		'"',
		"'",
		'#',
		' ',
		'=',
		':',
		'\t',
		'\n',
		'-',
		'漢',
		'@',
		'%',
		'n',
		'0',
	];
	let seed = 42;
	const next = (below: number): number => {
		seed = (seed * 1103515245 + 12345) % 2147483648;
		return seed % below;
	};
	for (let index = 0; index < count; index++)
		yield Array.from({length: 1 + next(9)}, () => letters[next(letters.length)] ?? '').join('');
}

const values = [...nasty, ...randomValues(400)];
const bodies = {
	unquoted: 'FIRST=1\n# about\nPW=old   # why\nLAST=2\n',
	double: 'PW="old"\nLAST=2\n',
	single: "export PW = 'old' # c\nLAST=2",
	absent: 'FIRST=1\nLAST=2',
	windows: '\ufeffFIRST=1\r\nPW=old\r\nLAST=2\r\n',
	yaml: 'PW: old\nLAST=2\n',
	twice: 'PW=older\nPW=old\nLAST=2\n',
	inherited: 'PW\nLAST=2\n',
	empty: 'PW=\nLAST=2\n',
	remark: 'PW= # set me\nLAST=2\n',
};

describe('what is written is what is read', () => {
	test.each(Object.entries(bodies))('%s', (_name, body) => {
		for (const value of values) {
			const changed = setEnvValue(body, 'PW', value);
			expect(readEnvValue(changed, 'PW'), JSON.stringify([value, changed])).toBe(value);
			expect(readEnvValue(changed, 'LAST')).toBe('2');
			expect(setEnvValue(changed, 'PW', value)).toBe(changed);
		}
	});
});

test('nothing but the value changes', () => {
	expect(setEnvValue(bodies.unquoted, 'PW', 'new')).toBe('FIRST=1\n# about\nPW=new   # why\nLAST=2\n');
	expect(setEnvValue(bodies.unquoted, 'PW', 'n$w')).toBe("FIRST=1\n# about\nPW='n$w'   # why\nLAST=2\n");
	expect(setEnvValue(bodies.double, 'PW', 'a$"')).toBe('PW="a\\$\\""\nLAST=2\n');
	expect(setEnvValue(bodies.single, 'PW', 'x')).toBe("export PW = 'x' # c\nLAST=2");
	expect(setEnvValue(bodies.windows, 'PW', 'x')).toBe('\ufeffFIRST=1\r\nPW=x\r\nLAST=2\r\n');
	expect(setEnvValue(bodies.absent, 'PW', 'x')).toBe('FIRST=1\nLAST=2\nPW=x\n');
	expect(setEnvValue('A=1\r\n', 'PW', 'x')).toBe('A=1\r\nPW=x\r\n');
	expect(setEnvValue(bodies.twice, 'PW', 'x')).toBe('PW=older\nPW=x\nLAST=2\n');
	expect(setEnvValue(bodies.remark, 'PW', 'x')).toBe('PW= x # set me\nLAST=2\n');
});

test('a comment that is the rest of the password goes with it', () => {
	expect(setEnvValue('PW=abc #def\nLAST=2\n', 'PW', 'abc #def')).toBe("PW='abc #def'\nLAST=2\n");
	expect(setEnvValue('PW=abc # note\n', 'PW', 'xyz')).toBe('PW=xyz # note\n');
});

test('reads as Compose v2 does', () => {
	const text = [
		'A=pa$word',
		'B="pa$word"',
		"C='pa$word'",
		'D=pa$$word',
		'E="pa\\$word"',
		'F=pa\\$word',
		'G=pa$1x',
		'H=abc#def',
		'I=abc #def',
		'J="abc #def"',
		'K=pa"quo"te',
		'L="a\\nb"',
		'M=a\\nb',
		'N=   x  ',
		'export O=x',
		'P: x',
		'Q=${A}-${Z:-z}',
		"R='pa$$word'",
	].join('\n');
	expect(Object.fromEntries(readEnv(text))).toEqual({
		A: 'pa',
		B: 'pa',
		C: 'pa$word',
		D: 'pa$word',
		E: 'pa$word',
		F: 'pa\\',
		G: 'pa$1x',
		H: 'abc#def',
		I: 'abc',
		J: 'abc #def',
		K: 'pa"quo"te',
		L: 'a\nb',
		M: 'a\\nb',
		N: 'x',
		O: 'x',
		P: 'x',
		Q: 'pa-z',
		R: 'pa$$word',
	});
	expect(readEnvValue('A=1\nB=$A', 'B', name => (name === 'A' ? 'shell' : undefined))).toBe('shell');
});

test('lines that Compose refuses are passed over', () => {
	expect(envStatements('PW WITH SPACE=1\nA=2\n').map(({name}) => name)).toEqual(['A']);
	expect(envStatements('A="never closed\nB=2\n').map(({name}) => name)).toEqual(['A', 'B']);
	expect(() => setEnvValue('A="never closed\nB=2\n', 'B', '3')).toThrow('safely');
});

test('keeps the style that is there', () => {
	expect(quoteEnvValue('abc')).toBe('abc');
	expect(quoteEnvValue('abc', '"')).toBe('"abc"');
	expect(quoteEnvValue('abc', "'")).toBe("'abc'");
	expect(quoteEnvValue("it's", "'")).toBe('"it\'s"');
});

const compose = (() => {
	try {
		execFileSync('docker', ['compose', 'version'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
})();

test.runIf(compose)(
	'the real `docker compose config` reads the same',
	() => {
		const folder = mkdtempSync(join(tmpdir(), 'compose-medic-env-'));
		try {
			const wanted = values.slice(0, 160);
			const env = wanted.reduce(
				(text, value, index) => setEnvValue(text, `V${index}`, value),
				'# first\nX=boom\nword=boom\n',
			);
			const lines = wanted.map((_, index) => `      V${index}: \${V${index}}`);
			writeFileSync(join(folder, '.env'), env);
			writeFileSync(
				join(folder, 'compose.yaml'),
				`services:\n  one:\n    image: none\n    environment:\n${lines.join('\n')}\n`,
			);
			const output = execFileSync(
				'docker',
				['compose', '--project-name', 'compose-medic-engine-env', 'config', '--format', 'json'],
				{cwd: folder, encoding: 'utf8'},
			);
			const seen: Record<string, string> = JSON.parse(output).services.one.environment;
			// `config` doubles every `$` so that its output can be read again.
			for (const [index, value] of wanted.entries())
				expect(seen[`V${index}`]?.replaceAll('$$', '$'), JSON.stringify(value)).toBe(value);
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	},
	30_000,
);
