import {appendFile, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createJournal, listJournals, readJournal, reopenJournal, unfinished} from '../../source/engine/journal.ts';
import {withFolder} from '../helpers/cli.ts';
import {paperFinding, paperPlan} from '../helpers/paper-world.ts';

const target = {kind: 'compose', project: 'shop', stack: 'generic'} as const;
const at = new Date('2026-11-21T10:45:00.500Z');
const secret = 'hunter22-of-the-shop';
const redact = (text: string): string => text.replaceAll(secret, '•••');
const entry = (folder: string) => ({
	fix: 'fix-env-file',
	target,
	where: folder,
	plan: paperPlan(folder),
	finding: paperFinding,
});

test('every entry is on disk when append returns, and is private', async () => {
	await withFolder(async folder => {
		const journal = await createJournal(folder, at, entry(folder), {redact});
		expect(journal.id).toBe('20261121-104500-fix-env-file');
		await journal.append({kind: 'before', index: 0, before: {old: 'before-.env'}});
		const text = await readFile(join(folder, `${journal.id}.jsonl`), 'utf8');
		expect(
			text
				.trimEnd()
				.split('\n')
				.map(line => JSON.parse(line).kind),
		).toEqual(['opened', 'before']);
		await journal.keep.put('before-.env', Buffer.from('x'));
		expect((await stat(join(folder, `${journal.id}.jsonl`))).mode & 0o777).toBe(0o600);
		expect((await stat(join(folder, journal.id))).mode & 0o777).toBe(0o700);
		expect((await stat(join(folder, journal.id, 'before-.env'))).mode & 0o777).toBe(0o600);
		await journal.close();
		const second = await createJournal(folder, at, entry(folder), {redact});
		expect(second.id).toBe('20261121-104500-fix-env-file-2');
		await second.close();
		expect((await listJournals(folder)).map(({id}) => id)).toEqual([journal.id, second.id]);
	});
});

test('a secret never gets into the journal, and undo still has what it needs', async () => {
	await withFolder(async folder => {
		const journal = await createJournal(folder, at, {...entry(`/srv/${secret}`), where: `/srv/${secret}`}, {redact});
		await journal.append({kind: 'before', index: 0, before: {path: `/srv/${secret}/.env`, deep: [{note: secret}]}});
		await journal.append({kind: 'checked', says: {en: secret, zh: secret}, passed: true});
		await journal.close();
		expect(await readFile(join(folder, `${journal.id}.jsonl`), 'utf8')).not.toContain(secret);
		const record = await readJournal(folder, journal.id);
		expect(record?.noted.befores.get(0)).toEqual({path: `/srv/${secret}/.env`, deep: [{note: secret}]});
		expect(record?.opened.where).toBe(`/srv/${secret}`);
		for (const name of await readdir(join(folder, journal.id)))
			expect((await stat(join(folder, journal.id, name))).mode & 0o077).toBe(0);
	});
});

test('a torn last line is passed over and cut off before the next entry', async () => {
	await withFolder(async folder => {
		const journal = await createJournal(folder, at, entry(folder), {redact});
		await journal.append({kind: 'before', index: 0, before: {a: 1}});
		await journal.close();
		const path = join(folder, `${journal.id}.jsonl`);
		await appendFile(path, '{"kind":"applied","ind');
		const record = await readJournal(folder, journal.id);
		expect(record?.noted.applied.size).toBe(0);
		expect((await unfinished(folder))?.id).toBe(journal.id);
		if (!record) throw new Error('no record');
		const again = await reopenJournal(folder, record, {redact});
		await again.append({kind: 'applied', index: 0});
		await again.append({kind: 'closed', outcome: 'proven', at: at.toISOString()});
		await again.close();
		expect((await readJournal(folder, journal.id))?.closed).toBe('proven');
		expect(await unfinished(folder)).toBeNull();
	});
});

test('a finished fix that is being undone is open again; a journal that never began is none', async () => {
	await withFolder(async folder => {
		const journal = await createJournal(folder, at, entry(folder), {redact});
		await journal.append({kind: 'closed', outcome: 'proven', at: at.toISOString()});
		await journal.append({kind: 'undo-began', why: 'undo', at: at.toISOString()});
		await journal.close();
		expect(await unfinished(folder)).toMatchObject({closed: null, undoing: 'undo'});
		await writeFile(join(folder, '20270101-000000-x.jsonl'), '{"kind":"ope');
		expect((await listJournals(folder)).length).toBe(1);
		await writeFile(join(folder, '20270101-000000-y.jsonl'), 'garbage\n');
		await expect(listJournals(folder)).rejects.toThrow('can’t be read');
	});
});
