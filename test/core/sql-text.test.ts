import {expect, test} from 'vitest';
import {quoteIdentifier, quoteLiteral, singleUserRows, sqlError} from '../../source/core/sql-text.ts';

test.each([
	['dify', '"dify"'],
	['a"b', '"a""b"'],
	['x"; drop role y; --', '"x""; drop role y; --"'],
	['Großes Lager', '"Großes Lager"'],
	['back\\slash', '"back\\slash"'],
])('the identifier %s', (name, quoted) => {
	expect(quoteIdentifier(name)).toBe(quoted);
});

test.each([
	['plain', "'plain'"],
	["it's", "'it''s'"],
	["\\'; drop", "E'\\\\''; drop'"],
	['SCRAM-SHA-256$4096:aa==$bb=:cc=', "'SCRAM-SHA-256$4096:aa==$bb=:cc='"],
])('the literal %s', (text, quoted) => {
	expect(quoteLiteral(text)).toBe(quoted);
});

test.each(['', 'two\nlines', 'zero\0byte'])('a name that fits on no line is refused: %j', name => {
	expect(() => quoteIdentifier(name)).toThrow('not a name');
});

test('rows of single-user mode come out as psql prints them', () => {
	const output = [
		'',
		'PostgreSQL stand-alone backend 15.18',
		'backend> \t 1: a\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t 2: b\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t----',
		'\t 1: a = "SCRAM-SHA-256$4096:x"\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t 2: b = ""\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t----',
		'\t 1: a = "say "hi""\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t 2: b = "2"\t(typeid = 25, len = -1, typmod = -1, byval = f)',
		'\t----',
		'backend> ',
	].join('\n');
	expect(singleUserRows(output)).toBe('SCRAM-SHA-256$4096:x\t\nsay "hi"\t2\n');
});

test('an error tells what went wrong and neither the statement nor a verifier', () => {
	const output = [
		'psql:<stdin>:2: ERROR:  role "x" does not exist',
		"LINE 1: alter role x password 'SCRAM-SHA-256$4096:abc$def:ghi'",
		"STATEMENT:  alter role x password 'md50123456789abcdef0123456789abcdef'",
		'psql: error: connection to server failed: FATAL:  bad SCRAM-SHA-256$4096:abc$def:ghi',
	].join('\n');
	const says = sqlError(output);
	expect(says).toContain('ERROR:  role "x" does not exist');
	expect(says).not.toMatch(/4096|LINE|STATEMENT|md5[0-9a-f]/);
});
