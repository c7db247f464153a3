import type {Finding} from '../core/diagnosis.ts';
import type {ShownStep} from '../core/event.ts';
import type {Fix, Plan, PlanAnswer} from '../core/fix.ts';
import {tame} from '../core/hostile.ts';
import {type Language, list, say, type Text, tell} from '../core/say.ts';
import type {Target} from '../core/world.ts';
import {paintCommands} from './paint.ts';
import type {PlainOptions} from './plain.ts';
import {riskOf} from './words.ts';
import {hang} from './wrap.ts';

/** A plan with everything that a reader needs to show it. */
export type ShownPlan = {plan: Plan; shown: readonly ShownStep[]; finding: Finding; fix: Fix};

/** Writes a plan for a person: literal commands, what restarts, what could be lost, how it is undone. Ends with a line feed. */
export function plainPlan({plan, shown, finding, fix}: ShownPlan, options: PlainOptions): string {
	const {language, width, paint} = options;
	const word = (text: Text): string => tell(text, language);
	const colon = language === 'zh' ? '：' : ': ';
	const fact = (title: Text, text: Text): string =>
		paintCommands(hang(`  ${word(title)}${colon}`, word(text), width), paint);
	const lines = [
		paint.strong(hang(`${word(say('Plan', '计划'))}${colon}`, word(fix.title), width)),
		paint.quiet(`  ${fix.id} → ${[finding.id, finding.subject].filter(Boolean).join(' · ')}`),
		...(plan.route ? ['', paintCommands(hang('  ', word(plan.route), width), paint)] : []),
		'',
		...shown.flatMap((step, index) => stepLines(step, index, options)),
		'',
		`  ${paint.strong(word(say('Then it is checked that', '之后会验证')))}`,
		...fix.verify(finding, plan).map(({says}) => paintCommands(hang('    ✔ ', word(says), width), paint)),
		'',
		fact(say('Restarts', '重启'), plan.restarts.length > 0 ? list(plan.restarts) : say('nothing', '无')),
		fact(say('Takes', '耗时'), plan.takes),
		fact(say('Could lose', '可能丢失'), plan.loses),
		fact(say('Undo', '撤销'), plan.undo),
		fact(say('Does not protect against', '不能防范'), fix.limits),
		...(plan.confirm
			? ['', paint.warning(hang(`  ! ${plan.confirm.name}${colon}`, word(plan.confirm.says), width))]
			: []),
	];
	return `${lines.join('\n')}\n`;
}

function stepLines(
	{says, like, risk, undo}: ShownStep,
	index: number,
	{language, width, paint}: PlainOptions,
): string[] {
	const note =
		risk === 'none'
			? ''
			: language === 'zh'
				? `（${tell(riskOf(risk), language)}）`
				: ` (${tell(riskOf(risk), language)})`;
	return [
		paintCommands(hang(`  ${index + 1}. `, `${tell(says, language)}${note}`, width), paint),
		// Never wrapped: a command is copied as it stands.
		...tame(like, Number.POSITIVE_INFINITY)
			.split('\n')
			.map(line => `       ${paint.command(line)}`),
		...(undo
			? [paint.quiet(hang(`     ${tell(say('undo: ', '撤销：'), language)}`, tell(undo, language), width))]
			: []),
	];
}

/**
 * `compose-medic/plan@1`.
 * @param basis.settings answers that went into it; secret ones are left out
 */
export const planJson = (
	{plan, shown, finding, fix}: ShownPlan,
	language: Language,
	basis: {target: Target; settings: Readonly<Record<string, string>>},
): Record<string, unknown> => ({
	schema: 'compose-medic/plan@1',
	applicable: true,
	fix: fix.id,
	title: tell(fix.title, language),
	risk: fix.risk,
	diagnosis: finding.id,
	service: finding.subject,
	target: basis.target,
	settings: Object.fromEntries(
		fix.settings.flatMap(({key, secret}) => {
			const value = basis.settings[key];
			return secret || value === undefined ? [] : [[key, value]];
		}),
	),
	route: plan.route ? tell(plan.route, language) : null,
	steps: shown.map(({step, says, like, risk, undo, input}) => ({
		step,
		says: tell(says, language),
		like,
		risk,
		undo: undo ? tell(undo, language) : null,
		input,
	})),
	checks: fix.verify(finding, plan).map(({says}) => tell(says, language)),
	restarts: plan.restarts,
	takes: tell(plan.takes, language),
	loses: tell(plan.loses, language),
	undo: tell(plan.undo, language),
	limits: tell(fix.limits, language),
	confirm: plan.confirm ? {name: plan.confirm.name, says: tell(plan.confirm.says, language)} : null,
	assumes: plan.assumes,
});

/** `compose-medic/plan@1` for a fix that can't be planned: why, and what it would need to know. */
export const refusedPlanJson = (
	fix: Fix,
	finding: Finding,
	answer: Exclude<PlanAnswer, Plan>,
	language: Language,
): Record<string, unknown> => ({
	schema: 'compose-medic/plan@1',
	applicable: false,
	fix: fix.id,
	diagnosis: finding.id,
	service: finding.subject,
	why: tell(answer.why, language),
	asks:
		answer.kind === 'asks'
			? answer.settings.map(({key, says, secret, choices}) => ({
					key,
					says: tell(says, language),
					secret,
					choices: choices ?? null,
				}))
			: [],
});
