import {join} from 'node:path';
import {spawn} from '@lydell/node-pty';
import {describe, expect, test, vi} from 'vitest';
import {consent} from '../../source/commands/consent.ts';
import type {Context} from '../../source/commands/context.ts';
import {readSettings} from '../../source/commands/settings.ts';
import {fix} from '../../source/core/fix.ts';
import {say} from '../../source/core/say.ts';
import {Secret} from '../../source/core/secret.ts';
import {Trouble} from '../../source/core/trouble.ts';

vi.setConfig({testTimeout: 60_000});

/** A person or a pipe that answers with the given lines, in their order. */
function context(
	options: Partial<Context['options']>,
	lines: string[] = [],
	canAsk = false,
): {context: Context; asked: string[]} {
	const asked: string[] = [];
	const next = (): string => lines.shift() ?? '';
	const made = {
		options: {set: [], yes: false, confirm: undefined, ...options},
		language: 'en',
		signal: new AbortController().signal,
		out: {note: () => {}},
		input: {
			canAsk,
			line: async () => lines.shift() ?? null,
			ask: async (question: string) => {
				asked.push(question);
				return next();
			},
			askSecret: async (question: string) => {
				asked.push(question);
				return new Secret(next());
			},
		},
	};
	return {context: made as unknown as Context, asked};
}

const text = say('text', '文本');
const sample = fix({
	id: 'sample',
	title: text,
	risk: 'none',
	about: text,
	limits: text,
	settings: [
		{key: 'route', says: text, secret: false, choices: ['socket', 'tcp']},
		{key: 'old-password', says: text, secret: true},
		{key: 'old-user', says: text, secret: false},
	],
	plan: () => ({kind: 'not-applicable', why: text}),
	verify: () => [],
});

describe('--set', () => {
	test('plain values, and secrets from standard input in their order', async () => {
		const {context: given} = context({set: ['route=tcp', 'old-password=-', 'old-user=-']}, [' pass word \r', 'app']);
		const settings = await readSettings(given, [sample]);
		expect(settings.plain).toEqual({route: 'tcp', 'old-password': 'setting:old-password', 'old-user': 'app'});
		// Blanks may belong to a password; the line end of Windows does not.
		expect(settings.secrets.get('old-password')?.equals(new Secret(' pass word '))).toBe(true);
	});

	test.each([
		[['old-password=clear'], 'secret-in-argv'],
		[['route=sky'], 'setting-wrong'],
		[['rout=tcp'], 'setting-unknown'],
		[['nonsense'], 'setting-wrong'],
		[['=x'], 'setting-wrong'],
		[['old-password=-'], 'setting-missing'],
	])('%j is refused', async (set, code) => {
		const error = await readSettings(context({set}).context, [sample]).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Trouble);
		expect(error).toMatchObject({code, exitCode: 2});
		expect(JSON.stringify(error)).not.toContain('clear');
	});

	test('a bad value is found before standard input is read', async () => {
		const {context: given} = context({set: ['old-password=-', 'route=sky']}, ['secret']);
		await expect(readSettings(given, [sample])).rejects.toMatchObject({code: 'setting-wrong'});
		expect(await given.input.line()).toBe('secret');
	});
});

describe('consent', () => {
	const confirm = {name: 'shop_db-data', says: say('Type the name of the volume.', '请输入卷名。')};
	const question = say('Apply?', '执行？');
	const outcome = (
		options: Partial<Context['options']>,
		lines: string[],
		canAsk: boolean,
		data = false,
	): Promise<unknown> =>
		consent(context(options, lines, canAsk).context, data ? confirm : null, question).then(
			name => ({name}),
			(error: Trouble) => ({code: error.exitCode, next: error.next?.en}),
		);

	test('for what can be undone', async () => {
		expect(await outcome({yes: true}, [], false)).toEqual({name: null});
		expect(await outcome({}, ['y'], true)).toEqual({name: null});
		expect(await outcome({}, ['是'], true)).toEqual({name: null});
		for (const no of ['', 'n', 'maybe', 'yess']) expect(await outcome({}, [no], true)).toMatchObject({code: 5});
		expect(await outcome({}, ['y'], false)).toMatchObject({code: 5, next: expect.stringContaining('--yes')});
	});

	test('for data, only the exact name counts, never --yes', async () => {
		expect(await outcome({yes: true}, [], false, true)).toMatchObject({
			code: 5,
			next: expect.stringContaining('--confirm=shop_db-data'),
		});
		expect(await outcome({yes: true, confirm: 'shop_db'}, ['shop_db-data'], true, true)).toMatchObject({code: 5});
		expect(await outcome({confirm: 'shop_db-data'}, [], false, true)).toEqual({name: 'shop_db-data'});
		expect(await outcome({yes: true}, ['y'], true, true)).toMatchObject({code: 5});
		expect(await outcome({}, ['Shop_db-data'], true, true)).toMatchObject({code: 5});
		expect(await outcome({}, ['shop_db-data'], true, true)).toEqual({name: 'shop_db-data'});
	});
});

test('a secret that is typed does not show, a word does', async () => {
	const script = join(import.meta.dirname, '../fixtures/ask.mjs');
	const seen = await new Promise<string>((done, fail) => {
		let screen = '';
		const terminal = spawn(process.execPath, ['--import', 'tsx', script], {cols: 80, rows: 24});
		const late = setTimeout(() => {
			terminal.kill();
			fail(new Error(screen));
		}, 50_000);
		let step = 0;
		terminal.onData(data => {
			screen += data;
			if (step === 0 && screen.includes('? password: ')) {
				step = 1;
				terminal.write('hunterX\x7f2\r');
			}
			if (step === 1 && screen.includes('? name: ')) {
				step = 2;
				terminal.write('alice\r');
			}
		});
		terminal.onExit(() => {
			clearTimeout(late);
			done(screen);
		});
	});
	expect(seen).toContain('secret=7 word=alice');
	expect(seen).not.toContain('hunter');
	expect(seen).not.toContain('X');
	expect(seen).toContain('? name: ');
});
