import {describe, expect, test} from 'vitest';
import {checkArguments, firstWord} from '../../source/core/check-arguments.ts';
import {flags} from '../../source/core/flags.ts';
import {nearest} from '../../source/core/suggest.ts';
import {Trouble} from '../../source/core/trouble.ts';

const trouble = (argv: string[], command: string): Trouble => {
	try {
		checkArguments(argv, command);
	} catch (error) {
		if (error instanceof Trouble) return error;
		throw error;
	}
	throw new Error(`${argv.join(' ')} was accepted`);
};

test.each([
	[['diagnose', '--json'], 'diagnose'],
	[['--project', 'fix', 'diagnose'], 'diagnose'],
	[['--lang=zh', '-p', 'x', '--json', 'diagnose'], 'diagnose'],
	[['--file', 'a.yaml', '--file', 'b.yaml'], null],
	[['--', 'explain'], 'explain'],
	[[], null],
])('the command in %j is %j', (argv, command) => {
	expect(firstWord(argv)).toBe(command);
});

test.each([
	[['diagnose', '--json', '--record', 'x', '--timeout', '2.5', '--lang', 'zh'], 'diagnose'],
	[['diagnose', '-f', 'a', '--file', 'b', '-p', 'x', '-q'], 'diagnose'],
	[['fix', 'x', '--set', 'a=b', '--set', 'password=-', '--yes', '--confirm=-odd-name'], 'fix'],
	[['fix', 'x', '--database-url', '-', '--no-input', '--no-color'], 'fix'],
	[['explain', '--', '--odd'], 'explain'],
])('%j is accepted', (argv, command) => {
	expect(() => checkArguments(argv, command)).not.toThrow();
});

test('every value is glued to its option', () => {
	expect(checkArguments(['fix', '--database-url', '-', '--set=a=b', '-y', '--', '--set', '-'], 'fix')).toEqual([
		'fix',
		'--database-url=-',
		'--set=a=b',
		'--yes',
		'--',
		'--set',
		'-',
	]);
});

describe('bad input is refused with exit code 2 and a way out', () => {
	test.each([
		[['diagnose', '--josn'], 'diagnose', 'unknown-flag', '--json'],
		[['diagnose', '--yes'], 'diagnose', 'flag-not-here', '--help'],
		[['--plan'], '', 'flag-not-here', '--help'],
		[['diagnose', '--project'], 'diagnose', 'value-missing', '--project NAME'],
		[['diagnose', '--project', '--json'], 'diagnose', 'value-missing', '--project NAME'],
		[['diagnose', '--project='], 'diagnose', 'value-missing', '--project NAME'],
		[['diagnose', '--json=yes'], 'diagnose', 'value-not-taken', '--help'],
		[['diagnose', '--timeout', 'soon'], 'diagnose', 'value-wrong', '--help'],
		[['diagnose', '--timeout', '0'], 'diagnose', 'value-wrong', '--help'],
		[['diagnose', '--project', 'a', '-p', 'b'], 'diagnose', 'flag-twice', '--help'],
		[['diagnose', '--json', '--plain'], 'diagnose', 'contradiction', 'only one'],
		[['diagnose', '--markdown', '--json'], 'diagnose', 'contradiction', 'only one'],
		[['fix', 'x', '--plan', '--yes'], 'fix', 'contradiction', 'only one'],
		[['fix', 'x', '--plan', '--confirm', 'x'], 'fix', 'contradiction', 'only one'],
		[['diagnose', '--host', 'x', '--context', 'y'], 'diagnose', 'contradiction', 'only one'],
		[['diagnose', '--database-url', 'postgres://x', '--project', 'y'], 'diagnose', 'contradiction', 'only one'],
		[['diagnose', '-x'], 'diagnose', 'unknown-flag', '--help'],
		[['diagnose', '--no-json'], 'diagnose', 'unknown-flag', ''],
	])('%j', (argv, command, code, next) => {
		const found = trouble(argv, command);
		expect(found.code).toBe(code);
		expect(found.exitCode).toBe(2);
		expect(found.next?.en).toContain(next);
		expect(found.next?.zh).not.toBe('');
	});

	test('the language must be one that there is', () => {
		expect(trouble(['diagnose', '--lang', 'fr'], 'diagnose').what.en).toContain('`en` or `zh`');
	});

	test('a value is never repeated: it may be a password', () => {
		const found = trouble(['fix', '--pasword=hunter2'], 'fix');
		expect(JSON.stringify([found.what, found.why, found.next])).not.toContain('hunter2');
	});
});

test('every option has words in both languages and a placeholder for its value', () => {
	for (const {name, type, value, says} of flags) {
		expect(says.en && says.zh, name).toBeTruthy();
		expect(type === 'boolean' || value, name).toBeTruthy();
	}
	expect(new Set(flags.map(({name}) => name)).size).toBe(flags.length);
});

test.each([
	['diagnos', ['diagnose', 'fix', 'undo'], 'diagnose'],
	['chnage-password', ['change-password', 'create-role'], 'change-password'],
	['stale-volume', ['stale-volume-password', 'role-missing'], 'stale-volume-password'],
	['xyz', ['diagnose', 'fix'], null],
	['', ['fix'], null],
	['password', ['change-password', 'sync-client-password'], null],
])('nearest to %j', (word, among, meant) => {
	expect(nearest(word, among)).toBe(meant);
});
