import {type FileHandle, open, readdir, readFile, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import type {Finding} from '../core/diagnosis.ts';
import type {Outcome} from '../core/event.ts';
import type {Plan} from '../core/fix.ts';
import {say, type Text} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Target} from '../core/world.ts';
import type {Keep} from '../core/write-world.ts';
import {createKeep, syncFolder} from '../world/keep.ts';

/** The first line of a journal: everything that another run needs to go on or to undo. */
export type Opened = {
	kind: 'opened';
	id: string;
	fix: string;
	target: Target;
	/** Where the project's files are, for a list that is read without an engine. */
	where: string | null;
	plan: Plan;
	finding: Finding;
	pid: number;
	at: string;
	/** Format of the journal. */
	version: 1;
};

export type JournalEntry =
	| Opened
	| {kind: 'before'; index: number; before: Record<string, unknown>}
	| {kind: 'applied'; index: number}
	| {kind: 'checked'; says: Text; passed: boolean}
	| {kind: 'undo-began'; why: 'undo' | 'roll-back'; at: string}
	| {kind: 'undone'; index: number}
	| {kind: 'closed'; outcome: Outcome; at: string}
	/** What was kept is gone: names of volumes, and folders of private files. */
	| {kind: 'forgotten'; what: string[]; at: string};

/** What a journal says, read back. */
export type JournalRecord = {
	id: string;
	opened: Opened;
	noted: Noted;
	undoing: 'undo' | 'roll-back' | null;
	closed: Outcome | null;
	closedAt: string | null;
	/** Set once something that undo would need was removed on request. */
	forgotten: {what: string[]; at: string} | null;
};

/** What the steps of a fix have behind them. */
export type Noted = {befores: Map<number, Record<string, unknown>>; applied: Set<number>; undone: Set<number>};

export type Journal = {
	id: string;
	keep: Keep;
	/** As of the last entry that is on disk. */
	noted: Noted;
	append(entry: JournalEntry): Promise<void>;
	close(): Promise<void>;
};

type Redact = (text: string) => string;
type Options = {
	redact: Redact;
	/** Called when an entry is on disk. */
	onEntry?: (entry: JournalEntry) => void;
	remember?: Parameters<typeof createKeep>[1];
};

const ending = '.jsonl';

function redactDeep(value: unknown, redact: Redact): unknown {
	if (typeof value === 'string') return redact(value);
	if (Array.isArray(value)) return value.map(one => redactDeep(one, redact));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactDeep(one, redact)]));
}

const nothingNoted = (): Noted => ({befores: new Map(), applied: new Set(), undone: new Set()});

function note({befores, applied, undone}: Noted, entry: JournalEntry): void {
	if (entry.kind === 'before') befores.set(entry.index, entry.before);
	if (entry.kind === 'applied') applied.add(entry.index);
	if (entry.kind === 'undone') undone.add(entry.index);
}

function writer(id: string, handle: FileHandle, keep: Keep, noted: Noted, {redact, onEntry}: Options): Journal {
	return {
		id,
		keep,
		noted,
		async append(entry) {
			const exact = JSON.stringify(entry);
			const clean = JSON.stringify(redactDeep(entry, redact));
			// A folder may be called like a password. Undo needs its real name, and that goes where secrets may be.
			const line =
				clean === exact
					? clean
					: JSON.stringify({...JSON.parse(clean), exact: await keep.put(`entry-${entry.kind}`, Buffer.from(exact))});
			await handle.appendFile(`${line}\n`);
			await handle.sync();
			note(noted, entry);
			onEntry?.(entry);
		},
		close: () => handle.close(),
	};
}

const stamp = (at: Date): string =>
	at
		.toISOString()
		.replace(/\.\d+Z$/, '')
		.replaceAll(/[-:]/g, '')
		.replace('T', '-');

/** Begins a journal with its first entry on disk. A name that is taken gets a number behind it. */
export async function createJournal(
	folder: string,
	at: Date,
	entry: Omit<Opened, 'kind' | 'id' | 'version' | 'pid' | 'at'>,
	options: Options,
): Promise<Journal> {
	const base = `${stamp(at)}-${entry.fix}`;
	for (let count = 1; ; count++) {
		const id = count === 1 ? base : `${base}-${count}`;
		const handle = await open(join(folder, id + ending), 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'EEXIST') return null;
			throw error;
		});
		if (!handle) continue;
		await syncFolder(folder);
		const journal = writer(id, handle, createKeep(join(folder, id), options.remember), nothingNoted(), options);
		await journal.append({kind: 'opened', id, version: 1, pid: process.pid, at: at.toISOString(), ...entry});
		return journal;
	}
}

/** Goes on with a journal. What a kill left of a last line is cut off first. */
export async function reopenJournal(folder: string, {id, noted}: JournalRecord, options: Options): Promise<Journal> {
	const path = join(folder, id + ending);
	const content = await readFile(path);
	const whole = content.lastIndexOf('\n') + 1;
	if (whole < content.length) await truncate(path, whole);
	return writer(id, await open(path, 'a'), createKeep(join(folder, id), options.remember), noted, options);
}

async function entriesOf(folder: string, id: string): Promise<JournalEntry[]> {
	const content = await readFile(join(folder, id + ending), 'utf8');
	const keep = createKeep(join(folder, id));
	// The part behind the last line feed was never finished.
	const lines = content
		.slice(0, content.lastIndexOf('\n') + 1)
		.split('\n')
		.filter(line => line !== '');
	return Promise.all(
		lines.map(async (line, index) => {
			try {
				const entry = JSON.parse(line) as JournalEntry & {exact?: string};
				const exact = entry.exact === undefined ? null : await keep.get(entry.exact);
				return exact ? (JSON.parse(exact.toString('utf8')) as JournalEntry) : entry;
			} catch (error) {
				throw new Trouble(
					'journal-damaged',
					say(
						`Line ${index + 1} of the journal \`${id}\` can’t be read.`,
						`日志 \`${id}\` 的第 ${index + 1} 行无法读取。`,
					),
					{
						why: say(`It lies in \`${folder}\`.`, `它位于 \`${folder}\`。`),
						cause: error,
					},
				);
			}
		}),
	);
}

/** @returns null for a journal whose first entry never got whole: nothing had been done yet */
export async function readJournal(folder: string, id: string): Promise<JournalRecord | null> {
	const entries = await entriesOf(folder, id);
	const [opened] = entries;
	if (opened?.kind !== 'opened') return null;
	const noted = nothingNoted();
	for (const entry of entries) note(noted, entry);
	// Forgetting what was kept opens nothing again.
	const course = entries.filter(entry => entry.kind !== 'forgotten');
	const closed = course.findLast(entry => entry.kind === 'closed');
	const forgotten = entries.filter(entry => entry.kind === 'forgotten');
	return {
		id,
		opened,
		noted,
		undoing: entries.findLast(entry => entry.kind === 'undo-began')?.why ?? null,
		// A finished fix that is being undone is open again.
		closed: closed && course.lastIndexOf(closed) === course.length - 1 ? closed.outcome : null,
		closedAt: closed?.at ?? null,
		forgotten:
			forgotten.length > 0
				? {what: [...new Set(forgotten.flatMap(({what}) => what))], at: forgotten.at(-1)?.at ?? ''}
				: null,
	};
}

/** Every journal of a deployment, oldest first. */
export async function listJournals(folder: string): Promise<JournalRecord[]> {
	const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	const ids = names.filter(name => name.endsWith(ending)).map(name => name.slice(0, -ending.length));
	const records = await Promise.all(ids.map(id => readJournal(folder, id)));
	return records
		.filter(record => record !== null)
		.sort((one, other) => one.opened.at.localeCompare(other.opened.at) || one.id.localeCompare(other.id));
}

/** The newest fix that was broken off: by a kill, a crash, or a roll-back that did not succeed. */
export const unfinished = async (folder: string): Promise<JournalRecord | null> =>
	(await listJournals(folder)).findLast(({closed}) => closed === null || closed === 'roll-back-failed') ?? null;
