import {execFileSync} from 'node:child_process';
import {afterEach, expect, test} from 'vitest';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {cli, program, withFolder} from '../helpers/cli.ts';
import {withPatient} from '../helpers/lab.ts';
import {inTerminal, type Terminal} from '../helpers/terminal.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

let open: Terminal | null = null;
afterEach(() => open?.kill());

function wizard(words: readonly string[], environment: Record<string, string>, columns = 80): Terminal {
	open = inTerminal([program, ...words], {columns, rows: 24, environment, patience: 90_000});
	return open;
}

const restored = {alternate: false, cursor: true};

/** Clears the screen, moves the cursor, names the window, rings, hides and reorders, floods, and is no UTF-8. */
const hostile = `
const write = bytes => process.stderr.write(bytes);
write('\\x1b[2J\\x1b[H\\x1b[?1049h\\x1b[?25l\\x1b]0;taken\\x07\\x9b2Jerror: cleared\\n');
write('error: \\u202egnorw\\u202c \\u200b hidden\\r\\x1b[1Aover\\n');
write('error: ' + 'A'.repeat(1024 * 1024) + '\\n');
write(Buffer.from([0x65, 0x72, 0x72, 0x6f, 0x72, 0x3a, 0x20, 0xff, 0xfe, 0xd6, 0xc0, 0x80, 0x0a]));
write('error: half a sequence \\x1b[38;5;\\n');
write('fatal error: the last word\\n');
setTimeout(() => process.exit(1), 200);
`;
/** All but the line feed and the TAB, with which JSON is indented. */
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]/;

test('hostile log lines neither move the cursor nor crash it, through pipes and in the wizard', async () => {
	const project = 'compose-medic-hostile';
	const name = `${project}-noise-1`;
	const labels = ['project=compose-medic-hostile', 'service=noise', 'container-number=1', 'oneoff=False'];
	const flags = labels.flatMap(label => ['--label', `com.docker.compose.${label}`]);
	execFileSync('sh', ['-c', `docker rm --force ${name} >/dev/null 2>&1 || true`]);
	docker('run', '--detach', '--name', name, '--restart', 'always', ...flags, 'node:20-alpine', 'node', '-e', hostile);
	try {
		await withFolder(async folder => {
			const env = {XDG_STATE_HOME: folder};
			while (Number(docker('inspect', '--format', '{{.RestartCount}}', name)) < 2)
				await new Promise(resolve => setTimeout(resolve, 200));
			for (const form of ['--json', '--plain', '--markdown']) {
				const run = await cli(['diagnose', '--project', project, form], {env});
				expect([3, 4], run.stderr).toContain(run.code);
				expect(run.stdout).toContain('the last word');
				expect(run.stdout.match(control)).toBeNull();
				expect(run.stdout.length).toBeLessThan(200_000);
			}
			for (const [lang, columns] of [
				['en', 80],
				['zh', 60],
			] as const) {
				const terminal = wizard(['--project', project, '--lang', lang], env, columns);
				await terminal.until('2/5');
				terminal.type('l');
				await terminal.until('the last word');
				expect(terminal.state()).toEqual({alternate: true, cursor: false});
				terminal.type('\x03');
				expect(await terminal.ended).toBe(130);
				expect(terminal.state()).toEqual(restored);
			}
		});
	} finally {
		docker('rm', '--force', name);
	}
});

test('Ctrl-C while the wizard walks, and in the middle of a fix, leaves a terminal and a way back', async () => {
	await withPatient('stale-volume-password-named', 'interrupted', async patient => {
		const {project, env} = patient;
		const rows = await sentinelChecksum(patient);
		const early = wizard(['--project', project], env);
		await early.until('1/5');
		early.type('\x03');
		expect(await early.ended).toBe(130);
		expect(early.state()).toEqual(restored);

		const terminal = wizard(['--project', project], env);
		for (const text of ['2/5 root causes', '3/5 fixes', '4/5 plan', '4/5 consent']) {
			await terminal.until(text);
			terminal.type('\r');
		}
		await terminal.until('1 of ');
		terminal.type('\x03');
		expect(await terminal.ended).toBe(130);
		expect(terminal.state()).toEqual(restored);
		expect(terminal.screen()).toContain('What had been done was taken back');

		expect(await sentinelChecksum(patient)).toBe(rows);
		const again = await cli(['diagnose', '--project', project, '--json'], {env});
		expect(JSON.parse(again.stdout).diagnoses[0].id).toBe('stale-volume-password');
	});
});
