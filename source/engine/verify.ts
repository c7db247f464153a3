import {setTimeout as sleep} from 'node:timers/promises';
import type {Finding} from '../core/diagnosis.ts';
import type {ApplyEvent} from '../core/event.ts';
import type {Fact} from '../core/fact.ts';
import type {Check, Fix, Plan} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {list, say, type Text} from '../core/say.ts';
import {seeing} from '../core/walk.ts';
import {Need, Stuck} from '../core/walk-signals.ts';
import type {ReadWorld} from '../core/world.ts';
import {chapters} from '../tree/index.ts';
import {diagnose} from './diagnose.ts';
import {observeAll} from './observe.ts';
import {recoveryChecks} from './recovered.ts';

/** Services need time to return; a password that is right passes in the first round. */
export const defaultPatience = 90_000;
const between = 1500;

/** Looks at the world through fresh facts, which live as long as this one look. */
export async function look<Value>(
	world: ReadWorld,
	signal: AbortSignal,
	ask: (see: See) => Value,
	facts = new Map<string, Fact>(),
): Promise<Value> {
	for (;;) {
		try {
			return ask(seeing(facts));
		} catch (error) {
			if (!(error instanceof Need)) throw error;
			for (const [key, fact] of await observeAll(world, error.wants, signal)) facts.set(key, fact);
		}
	}
}

/** One pass over the tree, its events left out. */
export async function diagnoseNow(world: ReadWorld, signal: AbortSignal): Promise<DiagnosisReport> {
	const run = diagnose(world, {signal});
	for (;;) {
		const {done, value} = await run.next();
		if (done) return value.report;
	}
}

async function failing(world: ReadWorld, checks: readonly Check[], signal: AbortSignal): Promise<Check[]> {
	const facts = new Map<string, Fact>();
	const failed: Check[] = [];
	for (const check of checks) {
		const passed = await look(world, signal, check.passes, facts).catch((error: unknown) => {
			// What can't be seen is not proven.
			if (error instanceof Stuck) return false;
			throw error;
		});
		if (!passed) failed.push(check);
	}
	return failed;
}

const same = (one: Finding, other: Finding): boolean =>
	one.id === other.id &&
	(one.subject === other.subject || one.affects.some(service => other.affects.includes(service)));

/** Findings that the cured one stood in front of: further down the causal order, and about nobody else. */
function wasBehind(found: Finding, cured: Finding): boolean {
	const order = chapters.map(({id}) => id);
	const patients = new Set([...cured.affects, cured.subject]);
	return (
		order.indexOf(found.chapter) >= order.indexOf(cured.chapter) &&
		found.affects.every(service => patients.has(service))
	);
}

export type Judgement = {
	/** Why the cure is not proven; empty when it is. */
	against: Text[];
	/** Failures that came to light behind the cured one. */
	uncovered: Finding[];
};

/**
 * Compares the whole tree before and after a fix. A finding counts as gone only where it was looked for: a chapter that could
 * not be asked proves nothing.
 */
export function judge(
	finding: Finding,
	fix: Pick<Fix, 'risk'>,
	before: DiagnosisReport,
	after: DiagnosisReport,
): Judgement {
	const against: Text[] = [];
	if (after.diagnoses.some(other => same(finding, other)))
		against.push(say(`The diagnosis is still there: ${finding.title.en}`, `诊断依然存在：${finding.title.zh}`));
	const blind = after.unknown.filter(({probe}) => !before.unknown.some(known => known.probe === probe));
	if (blind.length > 0) {
		const names = list(blind.map(({probe}) => probe));
		against.push(say(`Not everything could be looked at: ${names.en}`, `有些内容无法查看：${names.zh}`));
	}
	const skipped = after.skipped.find(
		({chapter, why}) =>
			chapter === finding.chapter &&
			!before.skipped.some(known => known.chapter === chapter && known.why.en === why.en),
	);
	if (skipped) against.push(skipped.why);
	const fresh = after.diagnoses.filter(
		other =>
			other.severity === 'failure' &&
			other.certainty !== 'possible' &&
			!same(finding, other) &&
			!before.diagnoses.some(known => same(known, other)),
	);
	// A fix that starts over with empty data makes faults of its own, however well they would fit behind the old one.
	const uncovered = fix.risk === 'destroys-data' ? [] : fresh.filter(other => wasBehind(other, finding));
	for (const other of fresh)
		if (!uncovered.includes(other))
			against.push(say(`New since the fix: ${other.title.en}`, `修复后新出现：${other.title.zh}`));
	return {against, uncovered};
}

/** What can't be told is left to the tree, which says so itself. */
const orNone = (error: unknown): Check[] => {
	if (error instanceof Stuck) return [];
	throw error;
};

export type Proof = Judgement & {report: DiagnosisReport | null};

/**
 * Looks until everything that the fix promises is seen and the whole tree agrees, or until time is up. Tells each check once it
 * passes, and in the end those that never did.
 */
export async function* prove(
	world: ReadWorld,
	input: {
		finding: Finding;
		fix: Fix;
		/** The restarts of the plan: what it promises is in `checks`. */
		plan: Pick<Plan, 'restarts'>;
		checks: readonly Check[];
		before: DiagnosisReport;
		signal: AbortSignal;
		patience: number;
	},
): AsyncGenerator<ApplyEvent & {type: 'checked'}, Proof> {
	const {finding, fix, plan, checks, before, signal, patience} = input;
	const told = new Set<string>();
	const end = Date.now() + patience;
	let open: Check[] = [...checks];
	let proof: Proof = {against: checks.map(({says}) => says), uncovered: [], report: null};
	for (;;) {
		signal.throwIfAborted();
		open = await failing(world, checks, signal);
		for (const check of checks)
			if (!open.includes(check) && !told.has(check.says.en)) {
				told.add(check.says.en);
				yield {type: 'checked', says: check.says, passed: true};
			}
		if (open.length === 0) {
			const report = await diagnoseNow(world, signal);
			proof = {...judge(finding, fix, before, report), report};
			if (proof.against.length === 0) {
				// Another fault that is still there has its own say about what answers.
				const well = report.diagnoses.some(({severity}) => severity === 'failure')
					? []
					: await look(world, signal, see => recoveryChecks(see, finding, plan)).catch(orNone);
				const ill = await failing(world, well, signal);
				for (const check of well)
					if (!ill.includes(check) && !told.has(check.says.en)) {
						told.add(check.says.en);
						yield {type: 'checked', says: check.says, passed: true};
					}
				if (ill.length === 0) break;
				proof = {...proof, against: ill.map(({says}) => says)};
			}
		} else proof = {against: open.map(({says}) => says), uncovered: [], report: null};
		if (Date.now() > end) break;
		await sleep(between, undefined, {signal});
	}
	for (const says of proof.against) yield {type: 'checked', says, passed: false};
	if (proof.against.length === 0)
		yield {
			type: 'checked',
			says: say(
				'The tree was walked again: the diagnosis is gone, and nothing new is wrong',
				'重新走完决策树：该诊断已消失，也没有新问题',
			),
			passed: true,
		};
	for (const other of proof.uncovered)
		yield {
			type: 'checked',
			says: say(`Behind it something else came to light: ${other.title.en}`, `其后另有问题浮现：${other.title.zh}`),
			passed: true,
		};
	return proof;
}
