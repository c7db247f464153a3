import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {age, keptLine, totalLine} from '../../source/commands/kept-lines.ts';
import {copyVolume} from '../../source/core/data-place.ts';
import {createRedactor} from '../../source/core/redact.ts';
import {Trouble} from '../../source/core/trouble.ts';
import type {Container, Volume} from '../../source/core/world.ts';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {runSteps} from '../../source/engine/apply-steps.ts';
import {chooseKept} from '../../source/engine/forget.ts';
import {createJournal, type JournalRecord, readJournal, reopenJournal} from '../../source/engine/journal.ts';
import {copiesOf, type Kept, totalOf} from '../../source/engine/kept.ts';
import {isUndoable} from '../../source/engine/undo.ts';
import {paperFinding, paperPlan} from '../helpers/paper-world.ts';

const volume = (name: string, labels: Record<string, string> = {}): Volume => ({
	name,
	driver: 'local',
	mountpoint: `/v/${name}`,
	labels,
	createdAt: '',
	device: null,
});
const mounting = (name: string, source: string): Container =>
	({name, mounts: [{type: 'volume', name: source, source: `/v/${source}`}]}) as unknown as Container;

const copy = (name: string, journal: string, more: Partial<Kept> = {}): Kept => ({
	kind: 'volume',
	name,
	journal,
	source: 'shop_pgdata',
	bytes: 1024,
	since: '2026-11-20T10:00:00.000Z',
	proven: true,
	...more,
});
const files = (journal: string): Kept => copy(`/state/${journal}`, journal, {kind: 'files', source: null, bytes: 10});
const record = (id: string, closed: JournalRecord['closed']): JournalRecord =>
	({id, closed, forgotten: null, opened: {fix: 'reset-volume'}}) as unknown as JournalRecord;

describe('which copies belong to a deployment', () => {
	const kept = (name: string, journal: string, source: string): Volume =>
		volume(name, {'compose-medic.kept': journal, 'compose-medic.source': source});
	const all = [
		volume('shop_pgdata', {'com.docker.compose.project': 'shop'}),
		volume('blog_pgdata', {'com.docker.compose.project': 'blog'}),
		kept('known', 'j1', 'elsewhere'),
		kept('orphan', 'gone', 'shop_pgdata'),
		kept('of-folder', 'gone', '/srv/shop/data'),
		kept('of-blog', 'gone', 'blog_pgdata'),
		volume('looks-like-a-copy-compose-medic-1'),
	];
	const containers = [mounting('shop-db-1', 'x')];
	const names = (journals: string[]): string[] => copiesOf(all, containers, 'shop', journals).map(({name}) => name);

	test('those of its journals, and those of its volumes whose journal is gone', () => {
		expect(names(['j1'])).toEqual(['known', 'orphan']);
	});
	test('a folder that one of its containers mounts', () => {
		containers.push({name: 'shop-db-1', mounts: [{name: '', source: '/srv/shop/data'}]} as unknown as Container);
		expect(names([])).toEqual(['orphan', 'of-folder']);
	});
});

describe('forget', () => {
	const kept = [
		copy('a-copy', 'done'),
		files('done'),
		copy('b-copy', 'broken'),
		copy('c-copy', 'gone', {proven: null}),
	];
	const journals = [record('done', 'proven'), record('broken', null), record('empty', 'undone')];
	const engine = {volumes: [volume('shop_pgdata'), volume('x', {'compose-medic.kept': 'y'})], containers: []};
	const chosen = (word: string, more: Partial<{kept: Kept[]; containers: Container[]}> = {}) =>
		chooseKept(word, more.kept ?? kept, journals, {...engine, containers: more.containers ?? []});
	const refusal = (
		word: string,
		more?: Parameters<typeof chosen>[1],
	): {code: string; exitCode: number; next: string} => {
		try {
			chosen(word, more);
		} catch (error) {
			if (error instanceof Trouble) return {code: error.code, exitCode: error.exitCode, next: error.next?.en ?? ''};
			throw error;
		}
		throw new Error('not refused');
	};

	test('a repair by its id, or a copy by its name, is confirmed by the name of the volume', () => {
		expect(chosen('done')).toMatchObject({volume: {name: 'a-copy'}, files: {name: '/state/done'}, confirm: 'a-copy'});
		expect(chosen('a-copy')).toEqual(chosen('done'));
		expect(chosen('c-copy')).toMatchObject({record: null, volume: {name: 'c-copy'}, files: null});
	});
	test('one of which only private files are kept is confirmed by its id', () => {
		expect(chosen('done', {kept: [files('done')]})).toMatchObject({volume: null, confirm: 'done'});
	});
	test('what is unfinished, not ours, of others, mounted or unknown stays', () => {
		expect(refusal('broken')).toMatchObject({code: 'unfinished-fix', exitCode: 5});
		expect(refusal('b-copy')).toMatchObject({code: 'unfinished-fix', exitCode: 5});
		expect(refusal('shop_pgdata')).toMatchObject({code: 'not-ours', exitCode: 5});
		expect(refusal('x')).toMatchObject({code: 'not-here', exitCode: 5});
		// Also a container that does not run: it may be the user's way of looking into the copy.
		expect(refusal('done', {containers: [mounting('looking', 'a-copy')]})).toMatchObject({code: 'in-use', exitCode: 5});
		expect(refusal('a-cpoy')).toMatchObject({code: 'unknown-name', exitCode: 2, next: 'Did you mean `a-copy`?'});
		expect(refusal('empty')).toMatchObject({code: 'nothing-kept', exitCode: 2});
	});
	test('several copies are forgotten one by one, and the private files with the last', () => {
		const two = [copy('a-copy', 'done'), copy('a-copy-new', 'done'), files('done')];
		expect(refusal('done', {kept: two})).toMatchObject({code: 'several', exitCode: 5});
		expect(chosen('a-copy-new', {kept: two})).toMatchObject({volume: {name: 'a-copy-new'}, files: null});
	});
	test('a folder that was set aside carries no label and is not removed', () => {
		const folder = copy('/srv/data.compose-medic-done', 'done', {kind: 'folder'});
		expect(refusal('done', {kept: [folder, files('done')]})).toMatchObject({code: 'folder', exitCode: 5});
	});
});

describe('the journal', () => {
	let folder = '';
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'compose-medic-kept-'));
	});
	afterEach(() => rm(folder, {recursive: true, force: true}));
	const options = {redact: (text: string) => text};
	const begun = () =>
		createJournal(
			folder,
			new Date('2026-11-21T10:45:19Z'),
			{
				fix: 'reset-volume',
				target: {kind: 'compose', project: 'shop', stack: 'generic'},
				where: null,
				plan: paperPlan(folder),
				finding: paperFinding,
			},
			options,
		);

	test('what was forgotten can’t be undone any more, and the fix is not open again', async () => {
		const journal = await begun();
		await journal.append({kind: 'closed', outcome: 'proven', at: 'then'});
		await journal.close();
		const finished = await readJournal(folder, journal.id);
		if (!finished) throw new Error('no journal');
		expect(isUndoable(finished)).toBe(true);
		const again = await reopenJournal(folder, finished, options);
		await again.append({kind: 'forgotten', what: ['a-copy'], at: 'now'});
		await again.close();
		const forgotten = await readJournal(folder, journal.id);
		expect(forgotten).toMatchObject({closed: 'proven', forgotten: {what: ['a-copy'], at: 'now'}});
		expect(forgotten && isUndoable(forgotten)).toBe(false);
	});

	test('too little room ends a snapshot before anything is stopped', async () => {
		const journal = await begun();
		const asked: string[] = [];
		const place = {path: '/d', source: 'shop_pgdata', mountedAt: '/d', kind: 'volume', method: 'copy'};
		const control =
			'Database cluster state: in production\nDatabase system identifier: 7\npg_control version number: 1300\n';
		const write = new Proxy({} as WriteWorld['write']['docker'], {
			get: (_target, name) => async (request: {command?: string[]}) => {
				asked.push(String(name));
				const words = request.command?.join(' ') ?? '';
				// 100 MiB of data, and less free than two copies of it need.
				return {code: 0, stderr: '', stdout: words.includes('pg_controldata') ? control : '102400\n300000\n'};
			},
		});
		const world = {
			target: {kind: 'compose', project: 'shop', stack: 'generic'},
			docker: {containers: async () => [{id: 'a', service: 'db', oneOff: false, imageId: 'i', mounts: []}]},
			write: {docker: write},
			keep: journal.keep,
			now: () => new Date(),
			redact: createRedactor().redact,
			signal: new AbortController().signal,
		} as unknown as WriteWorld;
		const steps = [
			{step: 'measure-data', input: {service: 'db', place}},
			{step: 'stop-database', input: {service: 'db', clients: [], place}},
		];
		const run = async (): Promise<void> => {
			for await (const _event of runSteps(steps, world, journal));
		};
		await expect(run()).rejects.toMatchObject({code: 'no-space'});
		expect(asked).not.toContain('stop');
		await journal.close();
	});
});

test('sizes, ages and the total in both languages', () => {
	const now = new Date('2026-11-21T10:00:00.000Z');
	expect(age('2026-11-20T10:00:00.000Z', now)).toEqual({en: '1 day old', zh: '1 天前'});
	expect(age('2026-11-21T07:30:00.000Z', now).en).toBe('2 hours old');
	expect(keptLine(copy('v', 'j'), now)).toEqual({
		en: 'volume `v`: 1 KiB, 1 day old, proven',
		zh: '卷 `v`：1 KiB，1 天前，已验证',
	});
	const unknown = copy('w', 'j', {bytes: null, since: null, proven: null});
	expect(keptLine(unknown, now).en).toBe('volume `w`: size unknown, unknown whether proven');
	expect(totalOf([copy('v', 'j'), unknown])).toEqual({bytes: 1024, unknown: 1});
	expect(totalLine([copy('v', 'j'), unknown]).en).toBe('Kept in all: 1 KiB, and 1 of unknown size');
});

test('a copy of a folder gets a name that Docker takes', () => {
	const docker = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
	expect(copyVolume('/srv/shop/volumes/db/data', '1')).toBe('shop-volumes-db-data-compose-medic-1');
	for (const source of ['/', '/.hidden', '/数据/库', '/a b/c', 'f'.repeat(64), 'shop_pgdata'])
		expect(copyVolume(source, '1')).toMatch(docker);
});
