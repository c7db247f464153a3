import type {ShownStep} from './event.ts';
import {type Fingerprint, moved} from './fingerprint.ts';
import type {Plan} from './fix.ts';
import {say, type Text} from './say.ts';
import {exitCode, Trouble} from './trouble.ts';
import type {Target} from './world.ts';

/** What `fix --plan --json` printed, as far as it matters later. It is never run: it is compared with a plan made anew. */
export type PlanFile = {
	fix: string;
	diagnosis: string;
	service: string | null;
	target: Target | null;
	/** Answers that are no secrets. */
	settings: Record<string, string>;
	steps: {step: string; input: unknown}[];
	assumes: Fingerprint;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): Record<string, string> =>
	isObject(value)
		? Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
		: {};

const unreadable = (path: string, why: Text): Trouble =>
	new Trouble('plan-unreadable', say(`\`${path}\` is no plan`, `\`${path}\` 不是计划文件`), {
		why,
		next: say(
			'Save one with `compose-medic fix FIX --plan --json > plan.json`.',
			'可用 `compose-medic fix FIX --plan --json > plan.json` 保存计划。',
		),
		exitCode: exitCode.usage,
	});

/**
 * Reads `compose-medic/plan@1`.
 * @throws Trouble with exit code 2 for anything else, and for a plan that said that the fix does not apply
 */
export function parsePlan(path: string, text: string): PlanFile {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw unreadable(path, say('it is not JSON', '内容不是 JSON'));
	}
	if (!isObject(value) || value['schema'] !== 'compose-medic/plan@1')
		throw unreadable(path, say('its schema is not `compose-medic/plan@1`', '其 schema 不是 `compose-medic/plan@1`'));
	const {fix, diagnosis, service, target, steps, applicable} = value;
	if (applicable !== true) throw unreadable(path, say('it says that the fix does not apply', '其中写明该修复不适用'));
	if (typeof fix !== 'string' || typeof diagnosis !== 'string' || !Array.isArray(steps))
		throw unreadable(path, say('parts of it are missing', '缺少部分内容'));
	return {
		fix,
		diagnosis,
		service: typeof service === 'string' ? service : null,
		target: isObject(target) ? (target as Target) : null,
		settings: texts(value['settings']),
		steps: steps.filter(isObject).map(({step, input}) => ({step: String(step), input})),
		assumes: texts(value['assumes']),
	};
}

/** Key order says nothing about a step. */
const canonical = (value: unknown): unknown =>
	Array.isArray(value)
		? value.map(canonical)
		: isObject(value)
			? Object.fromEntries(
					Object.keys(value)
						.sort()
						.map(key => [key, canonical(value[key])]),
				)
			: value;

const sameSteps = (one: PlanFile['steps'], other: readonly ShownStep[]): boolean =>
	JSON.stringify(canonical(one)) === JSON.stringify(canonical(other.map(({step, input}) => ({step, input}))));

/** Why a saved plan may not be applied any more; empty when the plan that would be made now is the same in every step. */
export function stale(file: PlanFile, plan: Plan, shown: readonly ShownStep[]): Text[] {
	const reasons = moved(file.assumes, key => plan.assumes[key] ?? null);
	if (reasons.length > 0) return reasons;
	return sameSteps(file.steps, shown)
		? []
		: [say('the steps that would be taken now are others', '现在会执行的步骤已不相同')];
}
