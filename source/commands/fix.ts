import type {Finding} from '../core/diagnosis.ts';
import type {ShownStep} from '../core/event.ts';
import type {Facts} from '../core/fact.ts';
import type {Fix, Plan, PlanAnswer} from '../core/fix.ts';
import {type PlanFile, stale} from '../core/plan-file.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {list, say, type Text} from '../core/say.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {apply} from '../engine/apply.ts';
import {diagnose} from '../engine/diagnose.ts';
import {plan} from '../engine/plan.ts';
import {fixNamed} from '../fixes/index.ts';
import {plainPlan, planJson, refusedPlanJson, type ShownPlan} from '../report/plan.ts';
import type {Opened} from '../world/open.ts';
import {consent} from './consent.ts';
import {type Context, plainOptions, printJson} from './context.ts';
import {runCourse} from './course.ts';
import {lookBefore} from './look.ts';
import {withWorld} from './open.ts';
import {diagnosisIds, fixIds, leaves, unknownId} from './registry.ts';
import {movedOn, readPlan, sameTarget, standWhereItWasMade} from './saved-plan.ts';
import {askSettings, readSettings, type Settings} from './settings.ts';
import {nothingChanged} from './words.ts';

type Candidate = {finding: Finding; fix: Fix};
type Planned =
	| {kind: 'planned'; shown: ShownPlan}
	| {kind: 'refused'; candidate: Candidate; answer: Exclude<PlanAnswer, Plan>};

export async function run(context: Context): Promise<ExitCode> {
	const saved = context.options.apply === undefined ? null : await readPlan(context.options.apply);
	const id = asked(context.words[0], saved);
	const meant = fixesMeant(id);
	const settings = await readSettings(context, meant);
	for (const [key, value] of Object.entries(saved?.settings ?? {})) settings.plain[key] ??= value;
	if (saved) standWhereItWasMade(context, saved);
	context.interrupted = nothingChanged;
	return withWorld(context, async opened => {
		const {signal, options} = context;
		if (saved) sameTarget(saved, opened.world.target);
		const {report, facts} = await lookBefore(context, diagnose(opened.world, {signal, timeout: options.timeout}));
		const candidates = candidatesFor(id, meant, report).filter(
			({finding}) => !saved || (finding.id === saved.diagnosis && finding.subject === saved.service),
		);
		if (candidates.length === 0 && saved) throw movedOn([notFound(id, report).why ?? nothingChanged]);
		if (candidates.length === 0) throw notFound(id, report);
		const planned = await planFirst(context, opened, facts, candidates, settings);
		if (planned.kind === 'refused') return refuse(context, planned.candidate, planned.answer);
		const {shown} = planned;
		const reasons = saved ? stale(saved, shown.plan, shown.shown) : [];
		if (reasons.length > 0) throw movedOn(reasons);
		const json = planJson(shown, context.language, {target: opened.world.target, settings: settings.plain});
		if (options.plan) {
			if (options.json) printJson(context, json);
			else context.out.data(plainPlan(shown, plainOptions(context, report)));
			return exitCode.well;
		}
		showBeforeConsent(context, shown, report);
		const confirmed = await consent(context, shown.plan.confirm, say('Apply this plan?', '执行此计划？'));
		const events = apply({
			before: report,
			opened,
			plan: shown.plan,
			finding: shown.finding,
			fix: shown.fix,
			settings: settings.secrets,
			confirmed,
			signal,
		});
		return runCourse(context, events, {plan: json, report});
	});
}

/** What is meant: the word, or the fix of a saved plan; both only when they say the same. */
function asked(word: string | undefined, saved: PlanFile | null): string {
	if (!saved && word === undefined)
		throw new Trouble('word-missing', say('`fix` needs a fix or a diagnosis', '`fix` 需要指定修复或诊断'), {
			next: say('`compose-medic diagnose` tells which one fits', '`compose-medic diagnose` 会告诉您该用哪一个'),
			exitCode: exitCode.usage,
		});
	if (saved && word !== undefined && word !== saved.fix)
		throw new Trouble(
			'contradiction',
			say(`the plan is for \`${saved.fix}\`, not for \`${word}\``, `该计划用于 \`${saved.fix}\`，而不是 \`${word}\``),
			{next: say('Leave the name out.', '请去掉名称。'), exitCode: exitCode.usage},
		);
	return saved?.fix ?? word ?? '';
}

/** A fix by its name, or all fixes of a diagnosis in recommended order. */
function fixesMeant(id: string): readonly Fix[] {
	const fix = fixNamed(id);
	if (fix) return [fix];
	const leaf = leaves().find(({diagnosis}) => diagnosis.id === id);
	if (!leaf)
		throw unknownId(
			id,
			say('fix or diagnosis', '修复或诊断'),
			[...fixIds(), ...diagnosisIds()],
			'compose-medic explain',
		);
	if (leaf.diagnosis.fixes.length === 0)
		throw new Trouble('no-fix', say(`there is no fix for \`${id}\``, `\`${id}\` 没有对应的修复`), {
			why: leaf.diagnosis.noFix,
			next: say(
				`\`compose-medic explain ${id}\` tells what to do by hand`,
				`\`compose-medic explain ${id}\` 说明如何手动处理`,
			),
			exitCode: exitCode.usage,
		});
	return leaf.diagnosis.fixes;
}

function candidatesFor(id: string, meant: readonly Fix[], report: DiagnosisReport): Candidate[] {
	const isDiagnosis = !fixNamed(id);
	return report.diagnoses
		.filter(finding => !isDiagnosis || finding.id === id)
		.flatMap(finding =>
			meant.filter(fix => finding.fixes.some(offered => offered.id === fix.id)).map(fix => ({finding, fix})),
		);
}

function notFound(id: string, report: DiagnosisReport): Trouble {
	const found = list(report.diagnoses.map(finding => `\`${finding.id}\``));
	const why: Text =
		report.diagnoses.length > 0
			? say(`what was found is ${found.en}`, `实际发现的是 ${found.zh}`)
			: report.unknown.length > 0
				? say(
						`no root cause was found, and not everything could be looked at: ${list(report.unknown.map(({probe}) => `\`${probe}\``)).en}`,
						`没有发现根本原因，且有些内容无法查看：${list(report.unknown.map(({probe}) => `\`${probe}\``)).zh}`,
					)
				: say('no root cause was found', '没有发现根本原因');
	return new Trouble(
		'not-offered',
		say(`\`${id}\` does not apply to what was found`, `\`${id}\` 不适用于当前发现的问题`),
		{
			why,
			next: say(
				'`compose-medic diagnose` shows what was found and what repairs it',
				'`compose-medic diagnose` 会显示发现的问题及修复方法',
			),
			exitCode: exitCode.usage,
		},
	);
}

/** The first candidate that can be planned. What a fix needs to know is asked only when no other can do without. */
async function planFirst(
	context: Context,
	opened: Opened,
	facts: Facts,
	candidates: readonly Candidate[],
	settings: Settings,
): Promise<Planned> {
	const {signal} = context;
	const attempt = async (candidate: Candidate): Promise<{answer: PlanAnswer; shown: ShownStep[]}> =>
		plan({world: opened.world, facts, ...candidate, settings: settings.plain, signal});
	let asking: {candidate: Candidate; answer: Extract<PlanAnswer, {kind: 'asks'}>} | null = null;
	let refusal: {candidate: Candidate; answer: Exclude<PlanAnswer, Plan>} | null = null;
	for (const candidate of candidates) {
		const {answer, shown} = await attempt(candidate);
		if (answer.kind === 'plan') return {kind: 'planned', shown: {...candidate, plan: answer, shown}};
		if (answer.kind === 'asks') asking ??= {candidate, answer};
		refusal ??= {candidate, answer};
	}
	while (asking && (await askSettings(context, asking.answer.settings, settings))) {
		const {answer, shown} = await attempt(asking.candidate);
		if (answer.kind === 'plan') return {kind: 'planned', shown: {...asking.candidate, plan: answer, shown}};
		if (answer.kind === 'not-applicable') return {kind: 'refused', candidate: asking.candidate, answer};
		asking = {candidate: asking.candidate, answer};
	}
	const last = asking ?? refusal;
	if (!last) throw new Error('nothing to plan');
	return {kind: 'refused', ...last};
}

function refuse(context: Context, {fix, finding}: Candidate, answer: Exclude<PlanAnswer, Plan>): ExitCode {
	if (context.options.plan && context.options.json) {
		printJson(context, refusedPlanJson(fix, finding, answer, context.language));
		return exitCode.usage;
	}
	const keys =
		answer.kind === 'asks' ? answer.settings.map(({key, secret}) => `\`--set ${key}=${secret ? '-' : '…'}\``) : [];
	throw new Trouble(
		answer.kind === 'asks' ? 'settings-missing' : 'not-applicable',
		answer.kind === 'asks'
			? say(`\`${fix.id}\` needs to know more`, `\`${fix.id}\` 需要更多信息`)
			: say(`\`${fix.id}\` can't be used here`, `此处无法使用 \`${fix.id}\``),
		{
			why: answer.why,
			next:
				keys.length > 0
					? say(
							`give ${list(keys).en}; \`-\` reads a line from standard input`,
							`请提供 ${list(keys).zh}；\`-\` 表示从标准输入读取一行`,
						)
					: say(
							`\`compose-medic explain ${fix.id}\` tells what it needs`,
							`\`compose-medic explain ${fix.id}\` 说明其使用条件`,
						),
			exitCode: exitCode.usage,
		},
	);
}

/** With `--json` the plan goes beside the result: whoever consents must have seen it. */
function showBeforeConsent(context: Context, shown: ShownPlan, report: DiagnosisReport): void {
	const {options, out} = context;
	if (!options.json) out.data(`${plainPlan(shown, plainOptions(context, report))}\n`);
	else if (!options.yes && context.input.canAsk) out.note(plainPlan(shown, plainOptions(context, report, 'note')));
}
