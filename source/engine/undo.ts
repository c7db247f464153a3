import type {ApplyEvent} from '../core/event.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {fixNamed} from '../fixes/index.ts';
import type {Opened} from '../world/open.ts';
import {baseline, runPlan} from './apply.ts';
import {
	type Journal,
	type JournalEntry,
	type JournalRecord,
	listJournals,
	readJournal,
	reopenJournal,
} from './journal.ts';
import {acquireLock} from './lock.ts';
import {deploymentFolder} from './state.ts';
import {ending, takeBack} from './undo-steps.ts';
import {diagnoseNow} from './verify.ts';

export type UndoInput = {
	opened: Opened;
	/** A journal's id; default: the newest that can be taken back. */
	journal?: string;
	signal: AbortSignal;
	stateRoot?: string;
	patience?: number;
	onEntry?: (entry: JournalEntry) => void;
};

/** Typed passwords of a broken fix are read from what it kept. */
const noSettings: ReadonlyMap<string, Secret> = new Map();

const usage = (code: string, what: ReturnType<typeof say>): Trouble =>
	new Trouble(code, what, {
		next: say(
			'`compose-medic undo --list` lists what can be taken back.',
			'`compose-medic undo --list` 列出可以撤销的修复。',
		),
		exitCode: exitCode.usage,
	});

const isBroken = ({closed}: JournalRecord): boolean => closed === null || closed === 'roll-back-failed';
/** Whether something can be taken back: nothing that was forgotten, and no finished snapshot. */
export const isUndoable = (record: JournalRecord): boolean =>
	isBroken(record) || (record.closed === 'proven' && record.forgotten === null && !fixNamed(record.opened.fix)?.done);

/** Why a finished journal can't be taken back. */
export const notUndoable = ({id, forgotten}: JournalRecord): Trouble =>
	forgotten
		? usage(
				'forgotten',
				say(
					`What was kept of \`${id}\` was forgotten on ${forgotten.at}, so it can’t be taken back any more.`,
					`\`${id}\` 保留的内容已于 ${forgotten.at} 清除，因此无法再撤销。`,
				),
			)
		: usage(
				'nothing-to-undo',
				say(
					`\`${id}\` changed nothing that could be taken back. \`compose-medic forget ${id}\` removes the copy.`,
					`\`${id}\` 没有可撤销的更改。\`compose-medic forget ${id}\` 可删除副本。`,
				),
			);

async function chosen(
	folder: string,
	id: string | undefined,
	fits: (record: JournalRecord) => boolean,
): Promise<JournalRecord> {
	if (id === undefined) {
		const found = (await listJournals(folder)).findLast(fits);
		if (found) return found;
		throw usage(
			'nothing-to-undo',
			say('There is no fix of this deployment that could be taken back.', '该部署没有可以撤销的修复。'),
		);
	}
	// An id is a file name: it must not lead out of the folder.
	const record = /^[\w-]+$/.test(id) ? await readJournal(folder, id).catch(() => null) : null;
	if (!record)
		throw usage('unknown-journal', say(`This deployment has no fix \`${id}\`.`, `该部署没有修复记录 \`${id}\`。`));
	if (fits(record)) return record;
	if (record.closed === 'proven' && !isUndoable(record)) throw notUndoable(record);
	throw usage(
		'not-undoable',
		say(
			`\`${id}\` is not open: it ended as ${record.closed ?? 'broken off'}.`,
			`\`${id}\` 已结束，结果为 ${record.closed ?? '中断'}。`,
		),
	);
}

type Work = {record: JournalRecord; journal: Journal; input: UndoInput};

/** Chooses the journal under the lock and opens it again. */
async function* withJournal(
	input: UndoInput,
	what: string,
	fits: (record: JournalRecord) => boolean,
	work: (work: Work) => AsyncGenerator<ApplyEvent>,
): AsyncGenerator<ApplyEvent> {
	const {world} = input.opened;
	const folder = await deploymentFolder(world, input.stateRoot);
	const lock = await acquireLock(folder, what);
	try {
		if (lock.tookOver) yield {type: 'checked', says: lock.tookOver, passed: true};
		const record = await chosen(folder, input.journal, fits);
		const journal = await reopenJournal(folder, record, {redact: text => world.redact(text), onEntry: input.onEntry});
		try {
			yield {type: 'began', journal: record.id};
			yield* work({record, journal, input});
		} finally {
			await journal.close();
		}
	} finally {
		await lock.release();
	}
}

async function* takeBackAll({record, journal, input}: Work): AsyncGenerator<ApplyEvent> {
	const {opened} = input;
	const why = say(`Taking back \`${record.opened.fix}\`.`, `正在撤销 \`${record.opened.fix}\`。`);
	// What a failed proof had begun to take back ends as what it was.
	const because = record.closed === null && record.undoing === 'roll-back' ? 'roll-back' : 'undo';
	yield {type: 'rolling-back', why};
	const problems = yield* takeBack({opened, plan: record.opened.plan, settings: noSettings, journal}, because);
	yield ending({journal, report: null, why, interrupted: false, because}, problems);
}

/**
 * Takes back a finished fix, or one that was broken off: every step that may have changed something, last first.
 * @throws Trouble: `locked` (11), `nothing-to-undo`, `unknown-journal`, `not-undoable` (2)
 */
export const undo = (input: UndoInput): AsyncGenerator<ApplyEvent> =>
	withJournal(input, 'undo', isUndoable, takeBackAll);

/**
 * Goes on with a fix that was broken off, from the first step that is not known to be done, and proves it; one that was being
 * taken back is taken back to the end.
 */
export const resume = (input: UndoInput): AsyncGenerator<ApplyEvent> =>
	withJournal(input, 'undo --resume', isBroken, async function* (work) {
		const {record, journal} = work;
		const {opened, signal, patience} = input;
		const {plan, finding, fix: id} = record.opened;
		const fix = fixNamed(id);
		if (record.undoing !== null || !fix) {
			yield* takeBackAll(work);
			return;
		}
		const kept = await journal.keep.get(baseline);
		const before = kept
			? (JSON.parse(kept.toString('utf8')) as DiagnosisReport)
			: await diagnoseNow(opened.world, signal);
		yield* runPlan({opened, plan, finding, fix, settings: noSettings, signal, patience, journal, before});
	});

export {type JournalRecord, listJournals, unfinished} from './journal.ts';
