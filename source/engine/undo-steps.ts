import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ApplyEvent} from '../core/event.ts';
import type {Plan} from '../core/fix.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {say, type Text} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {exitCode} from '../core/trouble.ts';
import type {Opened} from '../world/open.ts';
import {undoSteps} from './apply-steps.ts';
import type {Journal} from './journal.ts';

export type RollBackInput = {
	opened: Opened;
	plan: Plan;
	settings: ReadonlyMap<string, Secret>;
	journal: Journal;
	/** Why it is taken back. */
	why: Text;
	interrupted: boolean;
	report: DiagnosisReport | null;
};

/** Files that only an undo needed. Evidence and notes stay: they hold no secret. */
const secretFiles = /^(?:setting-|before-|after-|verifier-|generated|entry-)/;

async function forgetSecrets(directory: string): Promise<void> {
	const names = await readdir(directory).catch(() => []);
	await Promise.all(names.filter(name => secretFiles.test(name)).map(name => rm(join(directory, name), {force: true})));
}

const stays = (problems: readonly Text[], directory: string): Text => {
	const en = problems.map(problem => problem.en).join(' ');
	const zh = problems.map(problem => problem.zh).join('');
	return say(
		`Not everything could be taken back: ${en} What was kept is in \`${directory}\`.`,
		`未能全部撤销：${zh}保留的内容位于 \`${directory}\`。`,
	);
};

/**
 * Takes a fix back and closes its journal. It can't be interrupted by the signal that broke the fix off: a second Ctrl-C ends the
 * program, and the journal stays open for `undo`.
 */
export async function* takeBack(
	{opened, plan, settings, journal}: Pick<RollBackInput, 'opened' | 'plan' | 'settings' | 'journal'>,
	because: 'undo' | 'roll-back',
): AsyncGenerator<ApplyEvent, Text[]> {
	const {world} = opened;
	await journal.append({kind: 'undo-began', why: because, at: world.now().toISOString()});
	const {signal} = new AbortController();
	const problems = yield* undoSteps(plan, opened.grant({keep: journal.keep, signal, settings}), journal);
	await journal.append({
		kind: 'closed',
		outcome: problems.length > 0 ? 'roll-back-failed' : because === 'undo' ? 'undone' : 'rolled-back',
		at: world.now().toISOString(),
	});
	if (problems.length === 0) await forgetSecrets(journal.keep.directory);
	return problems;
}

/** How taking back ended, as the last event of the stream. */
export function ending(
	input: Pick<RollBackInput, 'journal' | 'report' | 'why'> & {interrupted: boolean; because: 'undo' | 'roll-back'},
	problems: readonly Text[],
): ApplyEvent & {type: 'finished'} {
	const {journal, report, why, interrupted, because} = input;
	const base = {type: 'finished', journal: journal.id, undo: null, report} as const;
	if (problems.length > 0)
		return {
			...base,
			outcome: 'roll-back-failed',
			exitCode: exitCode.rollBackFailed,
			says: stays(problems, journal.keep.directory),
		};
	if (because === 'undo')
		return {
			...base,
			outcome: 'undone',
			exitCode: exitCode.well,
			says: say('Taken back: what the fix changed is as it was before.', '已撤销：修复所做的更改都已恢复原状。'),
		};
	if (interrupted)
		return {
			...base,
			outcome: 'interrupted',
			exitCode: exitCode.interrupted,
			says: say('Interrupted. What had been done was taken back.', '已中断。已完成的操作都已撤销。'),
		};
	return {
		...base,
		outcome: 'rolled-back',
		exitCode: exitCode.rolledBack,
		says: say(`${why.en} Everything was taken back.`, `${why.zh}所有操作都已撤销。`),
	};
}

/** Rolls back inside the run that failed. */
export async function* rollBack(input: RollBackInput): AsyncGenerator<ApplyEvent> {
	yield {type: 'rolling-back', why: input.why};
	const problems = yield* takeBack(input, 'roll-back');
	yield ending({...input, because: 'roll-back'}, problems);
}
