import {say, type Text, tell} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {type JournalRecord, listJournals} from '../engine/journal.ts';
import {type Kept, listKept, totalOf} from '../engine/kept.ts';
import {deploymentFolder} from '../engine/state.ts';
import {isUndoable, notUndoable, resume, undo} from '../engine/undo.ts';
import {clock} from '../report/words.ts';
import {hang} from '../report/wrap.ts';
import {consent} from './consent.ts';
import {type Context, printJson} from './context.ts';
import {runCourse} from './course.ts';
import {keptJson, keptLine, totalLine} from './kept-lines.ts';
import {withWorld} from './open.ts';

/** How a journal stands. */
type State = 'interrupted' | 'undoing' | 'applied' | 'undone';

function stateOf({closed, undoing}: JournalRecord): State {
	switch (closed) {
		case 'proven':
			return 'applied';
		case 'undone':
		case 'rolled-back':
		case 'refused':
			return 'undone';
		case 'roll-back-failed':
			return 'undoing';
		case 'interrupted':
		case null:
			return undoing ? 'undoing' : 'interrupted';
	}
}

const stateWords = {
	interrupted: say('interrupted', '已中断'),
	undoing: say('undo not finished', '撤销未完成'),
	applied: say('applied', '已执行'),
	undone: say('undone', '已撤销'),
} as const;

export async function run(context: Context): Promise<ExitCode> {
	const {options, words, signal} = context;
	const [wanted] = words;
	return withWorld(context, async opened => {
		const {world} = opened;
		const folder = await deploymentFolder(world);
		const journals = await listJournals(folder);
		if (options.list) return list(context, journals, await listKept(world, folder, journals, signal), world.now());
		const journal = choose(journals, wanted, options.resume);
		announce(context, journal);
		await consent(context, null, options.resume ? say('Finish it?', '继续完成？') : say('Undo it?', '撤销它？'));
		const events = options.resume
			? resume({opened, journal: journal.id, signal})
			: undo({opened, journal: journal.id, signal});
		return runCourse(context, events, {plan: null, report: {target: opened.world.target}});
	});
}

/** The one that is named, else the newest that can be undone or resumed. */
function choose(journals: readonly JournalRecord[], wanted: string | undefined, resuming: boolean): JournalRecord {
	const ids = journals.map(({id}) => id);
	const named = wanted ? journals.find(({id}) => id === wanted) : null;
	if (wanted && !named) {
		const meant = nearest(wanted, ids);
		throw new Trouble(
			'unknown-journal',
			say(`There is no repair \`${wanted}\` of this deployment.`, `此部署没有名为 \`${wanted}\` 的修复记录。`),
			{
				next: meant
					? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`)
					: say('`compose-medic undo --list` lists them.', '`compose-medic undo --list` 可列出全部。'),
				exitCode: exitCode.usage,
			},
		);
	}
	const fits = (journal: JournalRecord): boolean => {
		const state = stateOf(journal);
		return resuming ? state === 'interrupted' || state === 'undoing' : isUndoable(journal);
	};
	const found = named ?? journals.findLast(fits);
	if (found && fits(found)) return found;
	if (named && !resuming && stateOf(named) === 'applied') throw notUndoable(named);
	throw new Trouble(
		'nothing-to-undo',
		resuming
			? say('There is no interrupted repair to finish.', '没有中断的修复可以继续。')
			: say('There is nothing to undo.', '没有可撤销的修复。'),
		{
			why: found
				? say(
						`\`${found.id}\` is ${stateWords[stateOf(found)].en}.`,
						`\`${found.id}\` 的状态：${stateWords[stateOf(found)].zh}。`,
					)
				: undefined,
			next: say(
				'`compose-medic undo --list` lists every repair of this deployment.',
				'`compose-medic undo --list` 可列出此部署的全部修复。',
			),
			exitCode: exitCode.usage,
		},
	);
}

function announce({out, options, language}: Context, journal: JournalRecord): void {
	const {id, opened} = journal;
	const line = `${id} · ${opened.fix} · ${clock(opened.at)} · ${tell(stateWords[stateOf(journal)], language)}`;
	const effect = tell(opened.plan.undo, language);
	const text = options.resume ? line : `${line}\n${effect}`;
	if (options.json) {
		if (!options.quiet) out.note(text);
	} else out.data(`${text}\n`);
}

function list(context: Context, journals: readonly JournalRecord[], kept: readonly Kept[], now: Date): ExitCode {
	const {out, language, options} = context;
	const known = new Set(journals.map(({id}) => id));
	const orphans = kept.filter(({journal}) => !known.has(journal));
	if (options.json) {
		const {bytes, unknown} = totalOf(kept);
		printJson(context, {
			schema: 'compose-medic/journals@1',
			journals: journals.map(journal => ({
				id: journal.id,
				fix: journal.opened.fix,
				diagnosis: journal.opened.finding.id,
				at: journal.opened.at,
				state: stateOf(journal),
				outcome: journal.closed,
				forgottenAt: journal.forgotten?.at ?? null,
				kept: kept.filter(one => one.journal === journal.id).map(keptJson),
			})),
			withoutJournal: orphans.map(one => ({journal: one.journal, ...keptJson(one)})),
			keptBytes: bytes,
			keptUnknown: unknown,
		});
		return exitCode.well;
	}
	const line = (text: Text): void => out.data(`${hang('    ', tell(text, language), out.width)}\n`);
	if (journals.length === 0)
		out.data(
			`${tell(say('Nothing was ever repaired here by this program.', '本程序尚未在此执行过修复。'), language)}\n`,
		);
	for (const journal of journals) {
		const state = tell(stateWords[stateOf(journal)], language);
		out.data(`${journal.id}  ${out.paint.quiet(`${clock(journal.opened.at)}  ${state}`)}\n`);
		for (const one of kept.filter(({journal: of}) => of === journal.id)) line(keptLine(one, now));
		if (journal.forgotten)
			line(
				say(
					`what was kept was forgotten on ${clock(journal.forgotten.at)}: it can’t be undone`,
					`保留的内容已于 ${clock(journal.forgotten.at)} 清除：无法再撤销`,
				),
			);
	}
	if (orphans.length > 0) {
		out.data(`${tell(say('Copies whose journal is not here:', '日志不在此处的副本：'), language)}\n`);
		for (const one of orphans) line(keptLine(one, now));
	}
	if (kept.length > 0) {
		out.data(`${tell(totalLine(kept), language)}\n`);
		if (!options.quiet)
			out.data(
				`${tell(say('`compose-medic forget ID|VOLUME` removes what is not needed any more.', '`compose-medic forget ID|VOLUME` 可删除不再需要的内容。'), language)}\n`,
			);
	}
	return exitCode.well;
}
