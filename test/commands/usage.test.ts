import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {readdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {commands, later} from '../../source/commands/table.ts';
import {cli, program, withFolder} from '../helpers/cli.ts';

// Each test starts the program; on a busy machine that takes a while.
vi.setConfig({testTimeout: 60_000});

const nowhere = 'unix:///nonexistent/docker.sock';

describe.concurrent('bad input ends with 2 and says what, and what to do', () => {
	test.each([
		[['diagnos'], 'Did you mean `diagnose`?'],
		[['status'], 'not in this version'],
		[['diagnose', '--josn'], 'Did you mean `--json`?'],
		[['diagnose', '--plain', '--markdown'], 'contradict each other'],
		[['diagnose', '--logs', '/nonexistent/api.log'], 'There is no such file'],
		[['diagnose', '--logs', '/'], 'It is a folder'],
		[['diagnose', '--logs'], '`--logs` needs a value'],
		[['diagnose', '--logs', '-', '--project', 'shop'], 'contradict each other'],
		[['diagnose', '--logs', '-', '--record', 'facts.json'], 'contradict each other'],
		[['diagnose', '--logs', '-', '--only', 'disk-ful'], 'Did you mean `disk-full`?'],
		[['diagnose', 'extra'], '`extra` is one word too many'],
		[['diagnose', '--only', 'stale-volume'], 'Did you mean `stale-volume-password`?'],
		[['diagnose', '--lang', 'fr'], '`en` or `zh`'],
		[['diagnose', '--record', '/nonexistent/folder/facts.json'], 'Name a file in a folder where you may write'],
		[['fix'], '`fix` needs a fix or a diagnosis'],
		[['fix', 'chnage-password'], 'Did you mean `change-password`?'],
		[['fix', 'change-password', '--plan', '--yes'], 'contradict each other'],
		[['fix', 'change-password', '--set', 'nonsense'], '`KEY=VALUE`'],
		[['fix', 'change-password', '--set', 'roote=socket'], 'Did you mean `route`?'],
		[['fix', 'change-password', '--set', 'route=sky'], "can't be `sky`"],
		[['explain', 'stale-volume-pasword'], 'Did you mean `stale-volume-password`?'],
		[['replay'], '`replay` needs a file'],
		[['replay', '/nonexistent/facts.json'], 'There is no such file'],
		[['forget'], '`forget` needs an ID or a volume'],
		[['forget', 'x', '--yes'], '`forget` has no option `--yes`'],
		[['snapshot', '--confirm', 'x'], '`snapshot` has no option `--confirm`'],
		[['lab', 'upp', 'x'], 'Did you mean `lab up`?'],
		[['lab', 'up', 'stale-volume-pasword'], 'Did you mean `stale-volume-password`?'],
		[['lab', 'up'], '`lab up` needs a fault'],
		[['lab', 'list', '--all'], 'belongs to `lab down`'],
		[['--plan'], 'needs a command'],
	])('%j', async (argv, words) => {
		const run = await cli(argv);
		const text = run.stderr.replace(/\s+/g, ' ');
		expect(run.code, text).toBe(2);
		expect(text).toContain('✖');
		expect(text).toContain(words);
		expect(run.stdout).toBe('');
	});

	test('in Chinese', async () => {
		const run = await cli(['diagnos'], {env: {LANG: 'zh_CN.UTF-8'}});
		expect(run.code).toBe(2);
		expect(run.stderr).toContain('没有命令 `diagnos`');
		expect(run.stderr).not.toMatch(/There is|Did you/);
	});

	test('with --json as one object on standard output', async () => {
		const run = await cli(['replay', '/nonexistent/facts.json', '--json']);
		expect(run.code).toBe(2);
		expect(JSON.parse(run.stdout)).toEqual({
			schema: 'compose-medic/error@1',
			error: {
				code: 'record-unreadable',
				what: '/nonexistent/facts.json can’t be replayed.',
				why: 'There is no such file.',
				next: '`compose-medic diagnose --record FILE` writes such a file.',
			},
		});
		expect(run.stderr).toBe('');
	});

	test('a password on the command line is refused and not repeated', async () => {
		const run = await cli(['fix', 'change-password', '--set', 'old-password=hunter2-literal']);
		expect(run.code).toBe(2);
		expect(run.stderr).toContain('process list');
		expect(run.stderr).not.toContain('hunter2');
	});

	test('a secret that standard input does not have', async () => {
		const run = await cli(['fix', 'change-password', '--set', 'old-password=-']);
		expect(run.code).toBe(2);
		expect(run.stderr).toContain('no line for `old-password`');
	});
});

describe.concurrent('help and version', () => {
	test.each(commands.map(({name}) => name))('help of %j, in both languages and within the window', async name => {
		const argv = name ? [name, '--help'] : ['--help'];
		const [english, chinese] = await Promise.all([cli(argv), cli([...argv, '--lang', 'zh'])]);
		expect(english.code).toBe(0);
		expect(english.stdout).toContain('Usage');
		expect(chinese.stdout).toContain('用法');
		expect(chinese.stdout).not.toContain('Usage');
		for (const word of later) expect(english.stdout).not.toMatch(new RegExp(`^ {2}${word}\\b`, 'm'));
	});

	test('the version, and nothing else', async () => {
		expect(await cli(['--version'])).toMatchObject({code: 0, stdout: '0.1.0\n', stderr: ''});
	});

	test.each([
		['--help'],
		['--version'],
		['explain', '--json'],
		['diagnose', '--json', '--project', 'shop', '--host', nowhere],
	])('`%s %s` does not load the screen', async (...argv) => {
		const folder = dirname(program);
		const files = await readdir(folder);
		const screen = files.filter(name => /yoga/i.test(readFileSync(join(folder, name), 'utf8')));
		expect(screen.length).toBeGreaterThan(0);
		const trace = join(import.meta.dirname, '../fixtures/trace-loads.mjs');
		const run = await cli(argv, {env: {NODE_OPTIONS: `--import=${trace}`}});
		expect(run.stderr).toContain('loaded: cli.js');
		for (const name of screen) expect(run.stderr).not.toContain(name);
	});
});

describe.concurrent('through pipes', () => {
	test('an engine that is not there: exit code 10, in words and as JSON', async () => {
		const plain = await cli(['diagnose', '--project', 'shop', '--host', nowhere]);
		expect(plain.code, plain.stderr).toBe(10);
		expect(plain.stdout).toContain('docker-unreachable');
		const json = await cli(['diagnose', '--project', 'shop', '--host', nowhere, '--json']);
		expect(json.code).toBe(10);
		expect(JSON.parse(json.stdout).diagnoses[0].id).toBe('docker-unreachable');
		const fix = await cli(['fix', 'change-password', '--project', 'shop', '--host', nowhere, '--yes']);
		expect(fix.code).toBe(10);
	});

	test('the wizard without a terminal is a plain diagnosis', async () => {
		const run = await cli(['--project', 'shop', '--host', nowhere]);
		expect(run.code).toBe(10);
		expect(run.stdout).toContain('docker-unreachable');
		expect(run.stdout + run.stderr).not.toContain('\x1b');
	});

	test('a reader who leaves early does no harm', async () => {
		const code = await new Promise<number | null>((done, fail) => {
			const child = spawn(process.execPath, [program, 'explain'], {stdio: ['ignore', 'pipe', 'pipe']});
			let stderr = '';
			child.stdout.once('data', () => child.stdout.destroy());
			child.stderr.on('data', chunk => {
				stderr += chunk;
			});
			child.on('error', fail);
			child.on('close', exit => (stderr ? fail(new Error(stderr)) : done(exit)));
		});
		expect(code).toBe(0);
	});

	test.each([
		[{NO_COLOR: '1', FORCE_COLOR: undefined}, false],
		[{NO_COLOR: undefined, FORCE_COLOR: '1'}, true],
		[{NO_COLOR: '1', FORCE_COLOR: '1'}, false],
		[{NO_COLOR: undefined, FORCE_COLOR: '0'}, false],
		[{NO_COLOR: undefined, FORCE_COLOR: undefined}, false],
	])('colour with %j', async (env, coloured) => {
		const run = await cli(['explain'], {env});
		expect(run.stdout.includes('\x1b[')).toBe(coloured);
		expect(run.stderr).toBe('');
	});

	test('--no-color beats FORCE_COLOR', async () => {
		const run = await cli(['explain', '--no-color'], {env: {NO_COLOR: undefined, FORCE_COLOR: '1'}});
		expect(run.stdout).not.toContain('\x1b[');
	});

	test('a hostile record is harmless on the screen and the same value in JSON', async () => {
		await withFolder(async folder => {
			const path = join(folder, 'hostile.json');
			const at = '2026-11-21T10:45:19.000Z';
			const hostile = 'x\u001b]0;owned\u0007\u009b2J\u202ey';
			const target = {kind: 'compose', project: hostile, stack: 'dify'};
			const facts = [
				['deployment-target', {state: 'known', value: target, at, ms: 1}],
				['engine-info', {state: 'unknown', why: {en: hostile, zh: hostile}, at, ms: 1}],
			];
			await writeFile(
				path,
				JSON.stringify({schema: 'compose-medic/record@1', version: '0.1.0', target, observedAt: at, facts}),
			);
			for (const form of ['--plain', '--markdown', '--json']) {
				const run = await cli(['replay', path, form]);
				expect(run.code, run.stderr).toBe(4);
				expect(run.stdout).not.toMatch(/[\u001b\u0007\u0080-\u009f\u202e]/);
				if (form === '--json') expect(JSON.parse(run.stdout).target.project).toBe(hostile);
			}
		});
	});
});
