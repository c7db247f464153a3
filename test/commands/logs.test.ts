import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {cli, withFolder} from '../helpers/cli.ts';

// Each test starts the program; on a busy machine that takes a while.
vi.setConfig({testTimeout: 60_000});

const secret = 'kX9-uncommon-Zr4t';
const pasted = [
	'api-1  | sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) FATAL:  password authentication failed for user "shop"',
	`api-1  | DATABASE_URL=postgresql://shop:${secret}@db:5432/shop connection failed: Connection refused`,
	'db-1  | 2025-05-06 10:00:00.000 UTC [44] FATAL:  password authentication failed for user "shop"',
	'db-1  | 2025-05-06 10:00:00.000 UTC [44] DETAIL:  Role "shop" does not exist.',
].join('\n');

/** Without an engine, and without any place to look for one. */
const alone = {env: {DOCKER_HOST: 'unix:///nonexistent/docker.sock', PATH: '/nonexistent'}};

describe.concurrent('diagnose --logs', () => {
	test('prints one object of the contract, from standard input, without an engine', async () => {
		const run = await cli(['diagnose', '--logs', '-', '--json'], {...alone, stdin: pasted});
		expect(run.code, run.stderr).toBe(3);
		expect(run.stderr).toBe('');
		const report = JSON.parse(run.stdout);
		expect(Object.keys(report)).toEqual([
			'schema',
			'target',
			'observedAt',
			'symptoms',
			'diagnoses',
			'unexplained',
			'unknown',
			'skipped',
			'path',
		]);
		expect(report.schema).toBe('compose-medic/diagnosis@1');
		expect(report.target).toMatchObject({kind: 'logs', name: '-', lines: 4, services: ['api', 'db']});
		const [first, second] = report.diagnoses;
		expect(first).toMatchObject({id: 'role-missing', chapter: 'access', service: 'db', severity: 'failure'});
		expect(first.because[0]).toMatchObject({for: true, source: 'db log', at: '2025-05-06T10:00:00.000Z'});
		expect(first.decide.against).toBe(second.id);
		expect(first.decide.tell.length).toBeGreaterThan(10);
		expect(run.stdout).not.toContain('certain"');
		expect(run.stdout).not.toContain(secret);
	});

	test('for people, in both languages and as Markdown, without the password', () =>
		withFolder(async folder => {
			const file = join(folder, 'issue.txt');
			await writeFile(file, pasted);
			const [plain, markdown] = await Promise.all([
				cli(['diagnose', '--logs', file, '--plain'], alone),
				cli(['diagnose', '--logs', file, '--markdown', '--lang', 'zh'], alone),
			]);
			expect([plain.code, markdown.code]).toEqual([3, 3]);
			expect(plain.stdout).toContain('role-missing · access · db');
			expect(plain.stdout.replace(/\s+/g, ' ')).toContain('What decides between it and');
			expect(markdown.stdout).toContain('如何与');
			expect(markdown.stdout).not.toContain('What decides');
			for (const {stdout} of [plain, markdown]) expect(stdout).not.toContain(secret);
		}));

	test.each([
		['nothing at all', '', 'There is nothing in it'],
		['nothing that is known', 'hello\nworld\n', 'Nothing in the 2 lines is known'],
		['trouble that nobody knows', 'web-1 | error: the frobnicator failed\n', 'frobnicator'],
	])('%s ends with 4 and says so', async (_, stdin, words) => {
		const run = await cli(['diagnose', '--logs', '-'], {...alone, stdin});
		expect(run.code, run.stderr).toBe(4);
		expect(run.stdout.replace(/\s+/g, ' ')).toContain(words);
		expect(run.stdout).not.toContain('✔');
	});

	test('--only asks for one, also for one that the tree does not know yet', async () => {
		const [found, absent] = await Promise.all([
			cli(['diagnose', '--logs', '-', '--only', 'wrong-server', '--json'], {...alone, stdin: pasted}),
			cli(['diagnose', '--logs', '-', '--only', 'wraparound', '--json'], {...alone, stdin: pasted}),
		]);
		expect(found.code).toBe(3);
		expect(JSON.parse(found.stdout).diagnoses.map(({id}: {id: string}) => id)).toEqual(['wrong-server']);
		expect(absent.code).toBe(4);
		expect(JSON.parse(absent.stdout)).toMatchObject({diagnoses: [], unknown: [{probe: 'logs'}]});
	});

	test('what PowerShell writes', () =>
		withFolder(async folder => {
			const file = join(folder, 'wide.log');
			await writeFile(file, Buffer.from(`\ufeff${pasted.replaceAll('\n', '\r\n')}`, 'utf16le'));
			const run = await cli(['diagnose', '--logs', file, '--json'], alone);
			expect(JSON.parse(run.stdout).diagnoses[0].id).toBe('role-missing');
		}));
});
