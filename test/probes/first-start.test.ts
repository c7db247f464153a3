import {expect, test} from 'vitest';
import type {LogLine} from '../../source/core/world.ts';
import {firstStart, readFirstStart} from '../../source/probes/first-start.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from './fake-world.ts';

const at = '2026-01-01T00:00:02Z';
const lines = (...texts: string[]): LogLine[] => texts.map(text => ({at, stream: 'stdout', text}));

const began = 'The files belonging to this database system will be owned by user "postgres".';
const script = '/usr/local/bin/docker-entrypoint.sh: running /docker-entrypoint-initdb.d/10-schema.sql';
const error = 'psql:/docker-entrypoint-initdb.d/10-schema.sql:3: ERROR:  relation "customers" does not exist';
const skipping = 'PostgreSQL Database directory appears to contain a database; Skipping initialization';
const complete = 'PostgreSQL init process complete; ready for start up.';

test('a script that failed is named, with what was said about it', () => {
	const log = [began, script, '2026-01-01 00:00:02 UTC [62] ERROR:  relation "customers" does not exist', error];
	const expected = {
		seen: true,
		finished: false,
		script: '/docker-entrypoint-initdb.d/10-schema.sql',
		says: {at, text: error},
	};
	expect(readFirstStart(lines(...log), false)).toEqual(expected);
	// A later start, which skipped everything, takes nothing back.
	expect(readFirstStart(lines(...log, skipping, 'ready', 'psql: noise'), false)).toEqual(expected);
});

test.each([
	'/usr/local/bin/docker-entrypoint.sh: line 75: /docker-entrypoint-initdb.d/x.sh: cannot execute: required file not found',
	'/docker-entrypoint-initdb.d/x.sh: /bin/bash^M: bad interpreter: No such file or directory',
	'/docker-entrypoint-initdb.d/x.sh: line 3: psqll: command not found',
])('%s', text => {
	const log = lines(
		began,
		'docker-entrypoint.sh: sourcing /docker-entrypoint-initdb.d/x.sh',
		text,
		'LOG:  something later',
	);
	expect(readFirstStart(log, false)).toMatchObject({script: '/docker-entrypoint-initdb.d/x.sh', says: {text}});
});

test('one that came to its end, one that was killed, and one that nobody saw', () => {
	expect(readFirstStart(lines(began, script, complete), false)).toMatchObject({seen: true, finished: true});
	expect(readFirstStart(lines(began, 'selecting default max_connections ... 100'), false)).toMatchObject({
		finished: false,
		script: null,
	});
	expect(readFirstStart(lines(skipping, 'ready'), false)).toMatchObject({seen: false});
	expect(readFirstStart(lines(began, script), true)).toMatchObject({seen: true, finished: null});
});

test('a directory that is older than the container was made by another one', async () => {
	const db = container('db', {image: 'postgres:15'});
	const world = (modifiedAt: string) =>
		fakeWorld({
			containers: [db],
			logs: [began, script, error],
			files: {'/var/lib/postgresql/data/PG_VERSION': {content: '15', modifiedAt}},
		});
	expect(await firstStart.observe(world('2025-01-01T00:00:00Z'), 'db', never)).toMatchObject({seen: false});
	expect(await firstStart.observe(world('2026-01-01T00:00:02Z'), 'db', never)).toMatchObject({finished: false});
	expect(await firstStart.observe(fakeWorld({}), 'db', never)).toMatchObject({seen: false});
});
