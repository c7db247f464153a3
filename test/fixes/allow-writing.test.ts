import {expect, test} from 'vitest';
import type {Changes} from '../../source/diagnoses/samples.ts';
import {allowWriting} from '../../source/fixes/allow-writing.ts';
import {changedLines, findingOf, planned, project, refusedFor} from '../helpers/planning.ts';

const data = '/var/lib/postgresql/data';
const mount = findingOf({database: 'db', where: {kind: 'mount', destination: data, source: 'pgdata'}});
const root = findingOf({database: 'db', where: {kind: 'root', path: '/var/run/postgresql'}});
const said = (text: string, more: Changes = {}): Changes => ({...project(`  db:\n    image: x\n${text}`), ...more});

test.each([
	[`    volumes: ["pgdata:${data}:ro"]\n`, [`-    volumes: ["pgdata:${data}:ro"]`, `+    volumes: ["pgdata:${data}"]`]],
	[`    volumes:\n      - ./x:${data}:z,ro\n`, [`-      - ./x:${data}:z,ro`, `+      - ./x:${data}:z`]],
	[
		`    volumes:\n      - type: volume\n        target: ${data}\n        read_only: true\n`,
		['-        read_only: true'],
	],
])('%s', (text, lines) => {
	expect(changedLines(planned(allowWriting, said(text), mount))).toEqual(lines);
});

test('a read-only container gets memory for what it has not', () => {
	expect(changedLines(planned(allowWriting, said('    read_only: true\n'), root))).toEqual([
		'+    tmpfs:',
		'+      - /var/run/postgresql',
		'+      - /tmp',
	]);
	expect(changedLines(planned(allowWriting, said('    tmpfs: [/tmp]\n'), root))).toEqual([
		'-    tmpfs: [/tmp]',
		'+    tmpfs: [/tmp, /var/run/postgresql]',
	]);
});

test('it refuses where somebody else has the data, where the machine is read-only, and what it can’t read', () => {
	const text = `    volumes: ["pgdata:${data}:ro"]\n`;
	refusedFor(planned(allowWriting, said(text, {directory: {sharedWith: ['old-db-1']}}), mount), /two servers/);
	refusedFor(
		planned(allowWriting, said(text), findingOf({database: 'db', where: {kind: 'host', path: data}})),
		/dmesg/,
	);
	refusedFor(planned(allowWriting, said('    tmpfs: /tmp\n'), root), /by hand/);
	refusedFor(planned(allowWriting, said(''), mount), /by hand/);
});
