import type {ApplyEvent} from '../../source/core/event.ts';
import {say} from '../../source/core/say.ts';
import {step} from '../../source/core/step.ts';
import {apply} from '../../source/engine/apply.ts';
import {diagnose} from '../../source/engine/diagnose.ts';
import {plan} from '../../source/engine/plan.ts';
import {fixNamed} from '../../source/fixes/index.ts';
import {steps} from '../../source/steps/index.ts';
import {openWorld} from '../../source/world/open.ts';
import type {Patient} from './lab.ts';
import {plainOf, secretsOf} from './settings.ts';

const never = new AbortController().signal;

/** A step that the world refuses, whatever came before it. */
const refused = 'refused-by-the-world';
(steps as Record<string, unknown>)[refused] = step({
	id: refused,
	risk: 'restarts',
	says: () => say('Something that fails', '会失败的一步'),
	like: () => 'false',
	before: async () => ({}),
	apply: async () => {
		throw new Error('refused on purpose');
	},
	undo: async () => {},
});

/** What comes after the changes and only waits. */
const waits = ['return-services', 'wait-until-ready'];

export type Treatment = {
	/** The fix is broken off by a failure after its last change. */
	breaks: boolean;
	/** Settings as a person gives them, secrets included. */
	settings: Readonly<Record<string, string>>;
	/** Called once the journal is open. */
	onBegin?: () => void;
};

/**
 * Diagnoses, plans and applies in this process, so that what the fix runs through is counted by the coverage.
 * @returns the last event, and all of them as one text in which no secret may be
 */
export async function treat(
	patient: Patient,
	name: string,
	{breaks, settings, onBegin}: Treatment,
): Promise<{end: ApplyEvent | null; told: string}> {
	const opened = await openWorld({project: patient.project});
	const pass = diagnose(opened.world, {signal: never});
	let next = await pass.next();
	while (!next.done) next = await pass.next();
	const {report, facts} = next.value;
	const finding = report.diagnoses.find(({id, fixes}) => id === name || fixes.some(offered => offered.id === name));
	const fix = fixNamed(name) ?? fixNamed(finding?.fixes[0]?.id ?? '');
	if (!finding || !fix) throw new Error(`nothing offers ${name}`);
	const {answer} = await plan({
		world: opened.world,
		facts,
		finding,
		fix,
		settings: plainOf(fix, settings),
		signal: never,
	});
	if (answer.kind !== 'plan') throw new Error(`no plan: ${answer.why.en}`);
	const last = answer.steps.findLastIndex(({step}) => !waits.includes(step));
	const steps = breaks ? answer.steps.toSpliced(last + 1, 0, {step: refused, input: {}}) : answer.steps;
	const events: ApplyEvent[] = [];
	for await (const event of apply({
		opened,
		plan: {...answer, steps},
		finding,
		fix,
		settings: secretsOf(fix, settings),
		confirmed: answer.confirm?.name ?? null,
		signal: never,
		before: report,
		stateRoot: `${patient.state}/compose-medic`,
	})) {
		if (event.type === 'began') onBegin?.();
		events.push(event);
	}
	return {end: events.at(-1) ?? null, told: JSON.stringify(events)};
}
