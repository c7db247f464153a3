import {join} from 'node:path';
import {amount} from '../core/amount.ts';
import {list, say, type Text, tell} from '../core/say.ts';
import type {SnapshotEvidence} from '../core/snapshot.ts';
import {nearest} from '../core/suggest.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {seeing} from '../core/walk.ts';
import {apply} from '../engine/apply.ts';
import {diagnose} from '../engine/diagnose.ts';
import {plan} from '../engine/plan.ts';
import {deploymentFolder} from '../engine/state.ts';
import {snapshotWanted, takeSnapshot} from '../fixes/take-snapshot.ts';
import {databases} from '../probes/looks.ts';
import {plainPlan, planJson} from '../report/plan.ts';
import {getNote} from '../steps/parts/notes.ts';
import {snapshotNote} from '../steps/parts/snapshot-volume.ts';
import {createKeep} from '../world/keep.ts';
import {consent} from './consent.ts';
import {type Context, commandFor, plainOptions} from './context.ts';
import {runCourse} from './course.ts';
import {lookBefore} from './look.ts';
import {withWorld} from './open.ts';
import {nothingChanged} from './words.ts';

export async function run(context: Context): Promise<ExitCode> {
	const {options, words, signal, language} = context;
	context.interrupted = nothingChanged;
	return withWorld(context, async opened => {
		const {world} = opened;
		const {report, facts} = await lookBefore(context, diagnose(world, {signal, timeout: options.timeout}));
		const finding = snapshotWanted(serviceMeant(databases(seeing(facts)), words[0]));
		const {answer, shown} = await plan({world, facts, finding, fix: takeSnapshot, settings: {}, signal});
		if (answer.kind !== 'plan')
			throw new Trouble('not-applicable', say('No snapshot can be taken here.', '此处无法制作快照。'), {
				why: answer.why,
				exitCode: exitCode.usage,
			});
		const whole = {plan: answer, shown, finding, fix: takeSnapshot};
		const json = planJson(whole, language, {target: world.target, settings: {}});
		const text = plainPlan(whole, plainOptions(context, report, options.json ? 'note' : 'data'));
		if (!options.json) context.out.data(`${text}\n`);
		else if (!options.yes && context.input.canAsk) context.out.note(text);
		await consent(context, null, say('Take it?', '开始制作？'));
		const events = apply({
			before: report,
			opened,
			plan: answer,
			finding,
			fix: takeSnapshot,
			settings: new Map(),
			confirmed: null,
			signal,
		});
		const folder = await deploymentFolder(world);
		let reached: Reached | null = null;
		const code = await runCourse(context, events, {
			plan: json,
			report,
			async also(journal) {
				reached = await reachedBy(join(folder, journal));
				return {snapshot: reached};
			},
		});
		return tellReached(context, reached, code, commandFor(context, world.target));
	});
}

/** The database that is named, or the only one. */
function serviceMeant(all: readonly string[], wanted: string | undefined): string {
	const [only] = all;
	if (wanted === undefined && only !== undefined && all.length === 1) return only;
	if (wanted !== undefined && all.includes(wanted)) return wanted;
	const meant = wanted === undefined ? null : nearest(wanted, all);
	const what: Text =
		all.length === 0
			? say('There is no database in this deployment.', '此部署中没有数据库。')
			: wanted === undefined
				? say(`There are several databases: ${list(all).en}`, `有多个数据库：${list(all).zh}`)
				: say(`\`${wanted}\` is no database of this deployment.`, `\`${wanted}\` 不是此部署的数据库。`);
	throw new Trouble('which-database', what, {
		next:
			all.length === 0
				? say('`compose-medic diagnose` shows its services.', '`compose-medic diagnose` 会显示其中的服务。')
				: meant
					? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`)
					: say('Name one: `compose-medic snapshot SERVICE`.', '请指定一个：`compose-medic snapshot SERVICE`。'),
		exitCode: exitCode.usage,
	});
}

/** How far a snapshot got. `checked`: every file equals the original; `proven`: a server started on a copy of it, too. */
type Reached = {
	volume: string;
	reached: 'checked' | 'proven';
	bytes: number;
	files: number;
	sha256: string;
	/** As `pg_controldata` says. */
	state: string;
	systemIdentifier: string;
	rows: number | null;
};

/** Read from what the steps noted; the note is written once every file was compared. */
async function reachedBy(directory: string): Promise<Reached | null> {
	const evidence = await getNote<SnapshotEvidence>({keep: createKeep(directory)}, snapshotNote);
	if (!evidence) return null;
	const {volume, bytes, entries, copyDigest, state, systemIdentifier, copyCounts, provenAt} = evidence;
	return {
		volume,
		reached: provenAt === null ? 'checked' : 'proven',
		bytes,
		files: entries,
		sha256: copyDigest,
		state,
		systemIdentifier,
		rows: copyCounts ? Object.values(copyCounts).reduce((sum, {rows}) => sum + rows, 0) : null,
	};
}

/** A copy on which no server starts is no success; it may be all that can be had. */
function tellReached(
	{options, out, language}: Context,
	reached: Reached | null,
	code: ExitCode,
	command: (rest: string) => string,
): ExitCode {
	if (!reached || (code !== exitCode.well && code !== exitCode.warnings)) return code;
	const {volume, bytes, files, rows, state} = reached;
	const lines: Text[] = [
		say(
			`written: \`${volume}\`, ${amount(bytes)} in ${files} files and folders`,
			`已写入：\`${volume}\`，${files} 个文件和文件夹，共 ${amount(bytes)}`,
		),
		say(
			`checked: every file is equal, byte for byte; pg_controldata says: ${state}`,
			`已比对：所有文件逐字节一致；pg_controldata 显示：${state}`,
		),
		rows === null
			? say('not proven: no server starts on it', '未验证：无法在其上启动服务器')
			: say(`proven: a server started on it and counted ${rows} rows`, `已验证：服务器可在其上启动，共 ${rows} 行`),
	];
	if (!options.json) {
		for (const [index, text] of lines.entries())
			out.data(`  ${index === 2 && rows === null ? '!' : '✔'} ${tell(text, language)}\n`);
		out.data(`  ${tell(say('To remove it:', '若要删除：'), language)}\n    ${command(`forget ${volume}`)}\n`);
	}
	return rows === null ? exitCode.warnings : code;
}
