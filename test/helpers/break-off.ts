import {expect} from 'vitest';
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

/** Plans the fix, lets the step after its last change fail, and expects that everything is taken back. */
export async function breakOff(
	patient: Patient,
	{fix: id, settings}: {fix: string; settings: Readonly<Record<string, string>>},
): Promise<void> {
	const opened = await openWorld({project: patient.project});
	const pass = diagnose(opened.world, {signal: never});
	let next = await pass.next();
	while (!next.done) next = await pass.next();
	const {report, facts} = next.value;
	const finding = report.diagnoses.find(({fixes}) => fixes.some(offered => offered.id === id));
	const fix = fixNamed(id);
	if (!finding || !fix) throw new Error(`nothing offers ${id}`);
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
	const broken = {...answer, steps: answer.steps.toSpliced(last + 1, 0, {step: refused, input: {}})};
	let end: ApplyEvent | null = null;
	for await (const event of apply({
		opened,
		plan: broken,
		finding,
		fix,
		settings: secretsOf(fix, settings),
		confirmed: answer.confirm?.name ?? null,
		signal: never,
		before: report,
		stateRoot: `${patient.state}/compose-medic`,
	}))
		end = event;
	expect(end).toMatchObject({type: 'finished', outcome: 'rolled-back', exitCode: 6});
	expect(JSON.stringify(end)).toContain('refused on purpose');
}
