import {expect, test} from 'vitest';
import {commandSettings, settingsFiles} from '../../source/probes/settings-files.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from './fake-world.ts';

test.each([
	[['postgres', '-c', 'shared_bufers=1GB'], ['shared_bufers']],
	[
		['postgres', '-cwork_mem=4MB', '--max-connections=100'],
		['work_mem', 'max_connections'],
	],
	[["postgres -c 'max_connections=100' -c 'shared_buffers=32MB'"], ['max_connections', 'shared_buffers']],
	[['postgres', '-D', '/data', '--single'], []],
	[['sh', '-c', 'exec postgres -c jit=off'], ['jit']],
])('settings of the command line %j', (words, names) => {
	expect(commandSettings(words)).toEqual(names);
});

test('files are read by name and line, and no value leaves', async () => {
	const data = '/var/lib/postgresql/data';
	const found = await settingsFiles.observe(
		fakeWorld({
			containers: [container('db', {image: 'postgres:15', command: ['postgres', '-c', 'hba_file=/etc/hba']})],
			files: {
				[`${data}/postgresql.conf`]: {
					content: "# a comment\nWork_Mem = 4MB\nport 5433\n\npotatoes\nprimary_conninfo = 'password=s3cret'\n",
				},
				'/etc/hba': {content: '# x\nlocal all all trust\n'},
			},
		}),
		'db',
		never,
	);
	expect(found.files).toEqual([
		{
			path: `${data}/postgresql.conf`,
			present: true,
			lines: [
				{line: 2, name: 'work_mem'},
				{line: 3, name: 'port'},
				{line: 5, name: ''},
				{line: 6, name: 'primary_conninfo'},
			],
		},
		{path: `${data}/postgresql.auto.conf`, present: false, lines: []},
	]);
	expect(found.hba).toEqual({path: '/etc/hba', lines: [2]});
	expect(JSON.stringify(found)).not.toContain('s3cret');
});
