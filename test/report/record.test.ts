import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Fact} from '../../source/core/fact.ts';
import {createRedactor} from '../../source/core/redact.ts';
import {say} from '../../source/core/say.ts';
import {Secret} from '../../source/core/secret.ts';
import {Trouble} from '../../source/core/trouble.ts';
import {readRecord, recordOf, writeRecord} from '../../source/report/record.ts';
import {at} from './sample.ts';

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'compose-medic-record-'));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

const facts = new Map<string, Fact>([
	['engine-info', {state: 'known', value: {status: 'up', role: {secret: 'scram', name: 'postgres'}}, at, ms: 3}],
	[
		'service-log api',
		{state: 'known', value: {events: [{text: 'bad Kq7-clear-text here', 'Kq7-clear-text': 1}]}, at, ms: 3},
	],
	['database-catalog db', {state: 'unknown', why: say('no answer', '没有回答'), at, ms: 5000}],
]);
const run = {
	version: '0.1.0',
	target: {kind: 'compose', project: 'shop', stack: 'dify'} as const,
	observedAt: at,
	facts,
};

test('what was written is read again, without its secrets', async () => {
	const redactor = createRedactor();
	redactor.add(new Secret('Kq7-clear-text'));
	redactor.add(new Secret('postgres'), {public: ['postgres']});
	const path = join(folder, 'facts.json');
	await writeRecord(path, recordOf(run, redactor.redact));
	const text = await readFile(path, 'utf8');
	expect(text).not.toContain('Kq7');
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	const record = await readRecord(path);
	expect(record.target).toEqual(run.target);
	expect(record.observedAt).toBe(at);
	expect(new Map(record.facts).get('engine-info')).toEqual(facts.get('engine-info'));
	expect(new Map(record.facts).get('database-catalog db')).toEqual(facts.get('database-catalog db'));
	expect(await readdir(folder)).toEqual(['facts.json']);
});

test('a place that can not be written leaves nothing behind', async () => {
	await expect(
		writeRecord(
			join(folder, 'no', 'such', 'file'),
			recordOf(run, text => text),
		),
	).rejects.toMatchObject({
		code: 'record-not-written',
		exitCode: 2,
	});
	await expect(
		writeRecord(
			folder,
			recordOf(run, text => text),
		),
	).rejects.toBeInstanceOf(Trouble);
	expect((await readdir(tmpdir())).filter(name => name.endsWith('.part'))).toEqual([]);
});

describe('a file that is no record says why', () => {
	const good = recordOf(run, text => text);
	test.each([
		['no JSON', 'hello', /no JSON/],
		['half a record', JSON.stringify(good).slice(0, 200), /no JSON/],
		['something else', '{"a":1}', /no record of this program/],
		['a list', '[]', /no record of this program/],
		['another form', '{"schema":"compose-medic/diagnosis@1"}', /`compose-medic\/diagnosis@1` and not a record/],
		['a newer form', '{"schema":"compose-medic/record@2"}', /this version does not know/],
		['no target', JSON.stringify({...good, target: null}), /what was looked at/],
		['an unknown target', JSON.stringify({...good, target: {kind: 'k8s', stack: 'x'}}), /what was looked at/],
		['no facts', JSON.stringify({...good, facts: {}}), /no facts/],
		[
			'a broken fact',
			JSON.stringify({...good, facts: [...good.facts, ['x', {state: 'known', at, ms: 1}]]}),
			/fact number 4/,
		],
		[
			'an unknown fact without words',
			JSON.stringify({...good, facts: [['x', {state: 'unknown', why: 'x', at, ms: 1}]]}),
			/fact number 1/,
		],
	])('%s', async (name, content, why) => {
		const path = join(folder, `${name.replaceAll(' ', '-')}.json`);
		await writeFile(path, content);
		const error = await readRecord(path).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Trouble);
		const trouble = error as Trouble;
		expect(trouble.exitCode).toBe(2);
		expect(trouble.why?.en).toMatch(why);
		expect(trouble.next).not.toBeNull();
	});

	test('a missing file and a folder', async () => {
		await expect(readRecord(join(folder, 'missing'))).rejects.toMatchObject({why: {en: 'There is no such file.'}});
		await expect(readRecord(folder)).rejects.toMatchObject({why: {en: 'It is a folder.'}});
	});
});
