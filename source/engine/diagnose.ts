import type {Deployment} from '../core/deployment.ts';
import type {Finding} from '../core/diagnosis.ts';
import {certainties} from '../core/diagnosis.ts';
import type {DiagnoseEvent} from '../core/event.ts';
import {type Fact, type Facts, factKey} from '../core/fact.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {consequences, explain, servicesToRead, symptomsOf, withoutNeedless} from '../core/symptoms.ts';
import {seeing, type Walk, walk} from '../core/walk.ts';
import {Need, Stuck, type Want} from '../core/walk-signals.ts';
import type {ReadWorld, Target} from '../core/world.ts';
import {heardIn} from '../messages/heard.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {deploymentTarget} from '../probes/deployment-target.ts';
import type {EngineState} from '../probes/engine-info.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {hasHealed} from '../probes/proxy-looks.ts';
import {type ServiceLog, serviceLog} from '../probes/service-log.ts';
import {labelOf} from '../tree/answers.ts';
import {chapters} from '../tree/index.ts';
import {observe, recall} from './observe.ts';

/** Nothing in the tree is deeper than this; more rounds mean that a question asks for ever new facts. */
const roundsAtMost = 40;

const known = <Value>(facts: Facts, key: string): Value | null => {
	const fact = facts.get(key);
	return fact?.state === 'known' ? (fact.value as Value) : null;
};

/** The logs that decide what a symptom is: wanted beside what the tree asks for. */
function logsWanted(facts: Facts): Want[] {
	const deployment = known<Deployment>(facts, deploymentState.id);
	if (!deployment) return [];
	return servicesToRead(deployment, Date.parse(deployment.observedAt)).map(about => ({probe: serviceLog, about}));
}

/** Failures before warnings, certain before likely, what breaks most first, then in causal order. What is only the consequence of another finding goes last. */
function ranked(findings: readonly Finding[], deployment: Deployment | null): Finding[] {
	const order = chapters.map(({id}) => id);
	const caused = (finding: Finding): boolean =>
		deployment !== null &&
		finding.subject !== null &&
		findings.some(
			other =>
				other !== finding &&
				other.subject !== finding.subject &&
				other.subject !== null &&
				consequences(deployment, [other.subject]).has(finding.subject ?? '') &&
				!consequences(deployment, [finding.subject ?? '']).has(other.subject),
		);
	const weight = (finding: Finding): number[] => [
		finding.severity === 'failure' ? 0 : 1,
		certainties.indexOf(finding.certainty),
		caused(finding) ? 1 : 0,
		-finding.affects.length,
		order.indexOf(finding.chapter),
	];
	return [...findings].sort((one, other) => {
		const a = weight(one);
		const b = weight(other);
		const index = a.findIndex((value, position) => value !== b[position]);
		return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
	});
}

/** False as well where that was not asked, or can't be told. */
function healed(facts: Facts, proxy: string): boolean {
	try {
		return hasHealed(seeing(facts), proxy);
	} catch (error) {
		if (error instanceof Need || error instanceof Stuck) return false;
		throw error;
	}
}

/** Puts a finished walk into a report. Pure: a replay gives the same report. */
export function reportOn(
	target: Target,
	facts: Facts,
	{findings, path, stuck, skipped}: Walk,
	observedAt: string,
): DiagnosisReport {
	const deployment = known<Deployment>(facts, deploymentState.id);
	const logs = new Map(
		[...facts].flatMap(([key, fact]) =>
			key.startsWith(`${serviceLog.id} `) && fact.state === 'known'
				? [[key.slice(serviceLog.id.length + 1), (fact.value as ServiceLog).events] as const]
				: [],
		),
	);
	const visible = deployment ? symptomsOf(deployment, logs, Date.parse(deployment.observedAt)) : [];
	const symptoms = visible.filter(({kind, service}) => kind !== 'answers-5xx' || !healed(facts, service));
	const causes = deployment
		? withoutNeedless(findings, symptoms, deployment)
		: findings.filter(({lastResort}) => !lastResort);
	const diagnoses = ranked(causes, deployment);
	const explained = deployment ? explain(symptoms, diagnoses, deployment, heardIn) : [];
	return {
		target,
		observedAt,
		symptoms: explained,
		diagnoses,
		unexplained: explained.filter(({explainedBy}) => explainedBy.length === 0).map(({id}) => id),
		unknown: stuck.map(({key, why}) => ({probe: key, why})),
		skipped: skipped.filter(
			({why, chapter}, index) =>
				skipped.findIndex(other => other.chapter === chapter && other.why.en === why.en) === index,
		),
		path,
	};
}

/**
 * Walks the tree over the live system: walk, need, observe, walk again. Probes that are needed together run together, each once.
 * @param options.recorded answers from a record instead of the world: same walk, same report, no engine
 * @param options.timeout milliseconds for each probe, when shorter than its own deadline
 */
export async function* diagnose(
	world: ReadWorld,
	options: {signal: AbortSignal; timeout?: number; recorded?: Facts},
): AsyncGenerator<DiagnoseEvent, {report: DiagnosisReport; facts: Facts}> {
	const {signal, recorded, timeout} = options;
	const facts = new Map<string, Fact>();
	yield {type: 'target', target: world.target};
	const startedAt = world.now().toISOString();
	// Asked first in any case: they open every chapter, and asking them together saves a round.
	let wants: Want[] = [
		{probe: deploymentTarget, about: ''},
		...(world.target.kind === 'compose'
			? [
					{probe: engineInfo, about: ''},
					{probe: deploymentState, about: ''},
				]
			: []),
	];
	for (let round = 0; ; round++) {
		if (round > roundsAtMost)
			throw new Error(`the tree keeps asking: ${wants.map(({probe, about}) => factKey(probe.id, about)).join(', ')}`);
		yield* ask(wants);
		const result = walk(chapters, facts, labelOf);
		yield {type: 'walked', path: result.path, findings: result.findings};
		const engine = known<EngineState>(facts, engineInfo.id);
		const more = engine !== null && engine.status !== 'up' ? result.wants : [...result.wants, ...logsWanted(facts)];
		const missing = new Map(
			more
				.map(want => [factKey(want.probe.id, want.about || undefined), want] as const)
				.filter(([key]) => !facts.has(key)),
		);
		wants = [...missing.values()];
		if (wants.length === 0) {
			const at = recorded ? (recorded.get(deploymentTarget.id)?.at ?? startedAt) : startedAt;
			const report = reportOn(world.target, facts, result, at);
			yield {type: 'diagnosed', report};
			return {report, facts};
		}
	}

	async function* ask(round: readonly Want[]): AsyncGenerator<DiagnoseEvent> {
		if (recorded) {
			for (const [key, fact] of recall(recorded, round)) {
				facts.set(key, fact);
				yield finished(key, fact);
			}
			return;
		}
		const pending = new Map<string, Promise<readonly [string, Fact]>>();
		for (const want of round) {
			const key = factKey(want.probe.id, want.about || undefined);
			if (pending.has(key)) continue;
			yield {type: 'probe-started', key, title: want.probe.title(want.about), like: want.probe.like(want.about)};
			pending.set(
				key,
				observe(world, want, signal, timeout).then(fact => [key, fact] as const),
			);
		}
		while (pending.size > 0) {
			const [key, fact] = await Promise.race(pending.values());
			pending.delete(key);
			facts.set(key, fact);
			yield finished(key, fact);
		}
	}
}

const finished = (key: string, fact: Fact): DiagnoseEvent => ({
	type: 'probe-finished',
	key,
	ms: fact.ms,
	known: fact.state === 'known',
	why: fact.state === 'unknown' ? fact.why : null,
});

/** For fixes: facts seen through the same lens as the tree. */
export const lookAt = seeing;
