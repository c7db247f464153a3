import {expect, test} from 'vitest';
import {commandSetting} from '../../source/core/command-setting.ts';
import {readService} from '../../source/core/compose-service.ts';
import {editServices} from '../../source/core/compose-service-edit.ts';
import {withoutSetting} from '../../source/core/settings-text.ts';
import {type Changes, seen} from '../../source/diagnoses/samples.ts';
import {repairConfig} from '../../source/fixes/repair-config.ts';
import {settingsFiles} from '../../source/probes/settings-files.ts';
import {changedLines, findingOf, planned, project, refusedFor, stepsOf} from '../helpers/planning.ts';

const data = '/var/lib/postgresql/data';
const found = findingOf({database: 'db'});

/** A server that stops for a setting, which stands there. */
function stopped(name: string, place: 'command' | string, text = '  db: {image: x}\n'): Changes {
	const {files, also} = project(text);
	const lines = place === 'command' ? [] : [{line: 3, name}];
	return {
		files,
		services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
		logs: {db: [{severity: 'FATAL', text: `unrecognized configuration parameter "${name}"`}]},
		also: [
			...also,
			seen(settingsFiles, 'db', {
				files: [{path: place === 'command' ? `${data}/postgresql.conf` : place, present: true, lines}],
				command: place === 'command' ? [name] : [],
				hba: null,
			}),
		],
	};
}

test.each([
	['[postgres, -c, a=1, -c, bad=2]', ['postgres', '-c', 'a=1']],
	['[postgres, --bad=2]', ['postgres']],
	['[postgres, -cbad=2, -c, a=1]', ['postgres', '-c', 'a=1']],
	["postgres -c 'a=1' -c 'bad=x y'", "postgres -c 'a=1'"],
	['postgres -c bad=${BAD:-2} -c a=1', 'postgres -c a=1'],
	['postgres --bad="2"', 'postgres'],
])('%s', (command, left) => {
	const text = `services:\n  db:\n    image: x\n    command: ${command}\n`;
	const setting = commandSetting(readService(text, 'db'), 'bad');
	expect(readService(editServices(text, 'db', setting?.without() ?? []), 'db')).toEqual({image: 'x', command: left});
	const other = commandSetting(readService(editServices(text, 'db', setting?.with('9') ?? []), 'db'), 'bad');
	expect(other?.value).toBe('9');
});

test('what stands on no command line, or in a shell’s text, is not found', () => {
	for (const command of ['[sh, -c, "postgres -c bad=2"]', 'postgres -c a=bad', '[postgres, bad=2]'])
		expect(commandSetting({command: readService(`services: {db: {command: ${command}}}`, 'db')}, 'bad')).toBeNull();
});

test('it comes off the command line in the Compose file', () => {
	const text = '  db:\n    command: [postgres, -c, shared_bufers=1GB]\n';
	expect(changedLines(planned(repairConfig, stopped('shared_bufers', 'command', text), found))).toEqual([
		'-    command: [postgres, -c, shared_bufers=1GB]',
		'+    command: [postgres]',
	]);
	refusedFor(planned(repairConfig, stopped('shared_bufers', 'command'), found), /not in the Compose files/);
});

test('in a file of the data directory it becomes a comment, with a copy kept', () => {
	const answer = planned(repairConfig, stopped('shared_bufers', `${data}/postgresql.auto.conf`), found);
	expect(stepsOf(answer).map(({step}) => step)).toEqual([
		'save-evidence',
		'put-setting-aside',
		'restart-service',
		'return-services',
	]);
	expect(withoutSetting('a = 1\nb = 2 # c\n', 'b', 2)).toBe('a = 1\n#b = 2 # c\n');
	expect(withoutSetting('a = 1\nb = 2\n', 'a', 2)).toBeNull();
});

test('what guards people or data, and files of somewhere else, are left alone', () => {
	for (const name of ['ssl', 'fsync', 'hba_file', 'archive_mode'])
		refusedFor(planned(repairConfig, stopped(name, `${data}/postgresql.conf`), found), /protects data or people/);
	refusedFor(planned(repairConfig, stopped('x', '/etc/postgresql/postgresql.conf'), found), /no file of the data/);
	refusedFor(
		planned(repairConfig, {services: {db: {status: 'restarting'}}}, findingOf({database: 'gone'})),
		/no container/,
	);
});
