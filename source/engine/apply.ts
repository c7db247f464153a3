import {createHash} from 'node:crypto';
import type {Finding} from '../core/diagnosis.ts';
import type {ApplyEvent} from '../core/event.ts';
import type {Fact} from '../core/fact.ts';
import {moved, presentValue} from '../core/fingerprint.ts';
import type {Fix, Plan} from '../core/fix.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {say, type Text} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {Stuck} from '../core/walk-signals.ts';
import type {ReadWorld, Target} from '../core/world.ts';
import type {Opened} from '../world/open.ts';
import {keptSetting} from '../world/references.ts';
import {interrupted, reasonOf, runSteps} from './apply-steps.ts';
import {createJournal, type Journal, type JournalEntry, type JournalRecord, unfinished} from './journal.ts';
import {acquireLock} from './lock.ts';
import {showSteps, stepNamed} from './plan.ts';
import {deploymentFolder} from './state.ts';
import {rollBack} from './undo-steps.ts';
import {defaultPatience, diagnoseNow, look, type Proof, prove} from './verify.ts';

export type ApplyInput = {
	opened: Opened;
	plan: Plan;
	finding: Finding;
	fix: Fix;
	settings: ReadonlyMap<string, Secret>;
	/** What was typed to confirm a plan that asks for it. */
	confirmed: string | null;
	signal: AbortSignal;
	/** The pass that the plan was made from; without it one is made before anything changes. */
	before?: DiagnosisReport;
	/** Default: the user's state folder. */
	stateRoot?: string;
	/** Milliseconds for the services to return and prove the cure. */
	patience?: number;
	onEntry?: (entry: JournalEntry) => void;
};

const refusedWith = (code: string, what: Text, why?: Text, next?: Text): Trouble =>
	new Trouble(code, what, {why, next, exitCode: exitCode.unconfirmed});

/** What is unknown now is not what it was. */
const unlessStuck = (error: unknown): null => {
	if (error instanceof Stuck) return null;
	throw error;
};

/** @throws Trouble with exit code 5 when the world is no longer the one that the plan was made for */
async function refuseIfMoved(world: ReadWorld, plan: Plan, signal: AbortSignal): Promise<void> {
	const present = new Map<string, string | null>();
	const facts = new Map<string, Fact>();
	for (const key of Object.keys(plan.assumes)) {
		const content = key.startsWith('file:')
			? await world.files.read(key.slice('file:'.length)).catch(() => null)
			: null;
		present.set(
			key,
			content
				? createHash('sha256').update(content).digest('hex')
				: await look(world, signal, see => presentValue(see, key), facts).catch(unlessStuck),
		);
	}
	const changes = moved(plan.assumes, key => present.get(key) ?? null);
	if (changes.length === 0) return;
	throw refusedWith(
		'world-moved',
		say(
			'The deployment has changed since this plan was made, so nothing was done.',
			'方案制定之后部署发生了变化，因此没有执行任何操作。',
		),
		say(changes.map(({en}) => en).join('; '), changes.map(({zh}) => zh).join('；')),
		say('Run the diagnosis and plan again.', '请重新诊断并制定方案。'),
	);
}

/** Where the report of before is kept: a run that goes on must know what was wrong already. */
export const baseline = 'report-before.json';

/** A broken fix comes first: a second one on top would make its notes worthless. */
export function refuseUnfinished(broken: JournalRecord | null): void {
	if (!broken) return;
	throw refusedWith(
		'unfinished-fix',
		say(`An earlier fix was broken off: \`${broken.id}\`.`, `之前的修复被中断：\`${broken.id}\`。`),
		undefined,
		say(
			'Go on with it by `compose-medic undo --resume`, or take it back by `compose-medic undo`.',
			'用 `compose-medic undo --resume` 继续，或用 `compose-medic undo` 撤销。',
		),
	);
}

/** The command that takes a fix back, from any folder. */
export const undoCommand = (target: Target, id: string): string =>
	target.kind === 'compose' ? `compose-medic undo ${id} --project ${target.project}` : `compose-medic undo ${id}`;

const canUndo = (fix: Fix, plan: Plan): boolean =>
	!fix.done &&
	plan.steps.some(({step}) => {
		const {undo, risk} = stepNamed(step);
		return risk !== 'none' && typeof undo === 'function';
	});

/** What is done under the lock once the journal is open; also where a broken fix goes on. */
export async function* runPlan(
	input: Omit<ApplyInput, 'before' | 'confirmed'> & {before: DiagnosisReport; journal: Journal},
): AsyncGenerator<ApplyEvent> {
	const {opened, plan, finding, fix, settings, signal, journal, before} = input;
	const {world} = opened;
	const redact = (text: string): string => world.redact(text);
	let why: Text;
	let proof: Proof | null = null;
	try {
		yield* runSteps(plan.steps, opened.grant({keep: journal.keep, signal, settings}), journal);
		const checks = fix.verify(finding, plan);
		const looks = prove(world, {
			finding,
			fix,
			plan,
			checks,
			before,
			signal,
			patience: input.patience ?? defaultPatience,
		});
		for (;;) {
			const next = await looks.next();
			if (next.done) {
				proof = next.value;
				break;
			}
			await journal.append({kind: 'checked', says: next.value.says, passed: next.value.passed});
			yield next.value;
		}
		if (proof.against.length === 0 || fix.done) {
			await journal.append({kind: 'closed', outcome: 'proven', at: world.now().toISOString()});
			const [odd] = proof.against;
			yield {
				type: 'finished',
				outcome: 'proven',
				exitCode: odd ? exitCode.warnings : exitCode.well,
				journal: journal.id,
				says: fix.done
					? odd
						? say(`${fix.done.en} But: ${odd.en}`, `${fix.done.zh}但是：${odd.zh}`)
						: fix.done
					: proof.uncovered.length > 0
						? say(
								'This fault is cured, and that is proven. Another one came to light behind it.',
								'此问题已修复并经过验证。其后又浮现出另一个问题。',
							)
						: say('Cured, and that is proven.', '已修复，并经过验证。'),
				undo: canUndo(fix, plan) ? undoCommand(world.target, journal.id) : null,
				report: proof.report,
			};
			return;
		}
		why = say('The cure could not be proven.', '未能验证修复效果。');
	} catch (error) {
		why = signal.aborted ? interrupted : reasonOf(error, redact);
	}
	yield* rollBack({...input, interrupted: signal.aborted, why, report: proof?.report ?? null});
}

/**
 * Carries out an approved plan: lock, fresh look at what it assumes, journal, steps, proof; rolls back when the proof fails.
 * @throws Trouble before anything was done: `locked` (11), `world-moved`, `not-confirmed` or `unfinished-fix` (5)
 */
export async function* apply(input: ApplyInput): AsyncGenerator<ApplyEvent> {
	const {opened, plan, finding, fix, settings, signal} = input;
	const {world} = opened;
	yield {type: 'planned', plan, shown: showSteps(plan.steps)};
	if (plan.confirm && input.confirmed !== plan.confirm.name)
		throw refusedWith(
			'not-confirmed',
			say(
				`This moves or destroys data, so its name must be typed: ${plan.confirm.name}`,
				`此操作会移动或销毁数据，必须输入其名称：${plan.confirm.name}`,
			),
			undefined,
			say(
				`Without a terminal: \`--confirm=${plan.confirm.name}\`.`,
				`没有终端时：\`--confirm=${plan.confirm.name}\`。`,
			),
		);
	const folder = await deploymentFolder(world, input.stateRoot);
	const lock = await acquireLock(folder, `fix ${fix.id}`);
	try {
		if (lock.tookOver) yield {type: 'checked', says: lock.tookOver, passed: true};
		refuseUnfinished(await unfinished(folder));
		await refuseIfMoved(world, plan, signal);
		const before = input.before ?? (await diagnoseNow(world, signal));
		const where = (await world.place().catch(() => null))?.workingDirectory ?? null;
		const journal = await createJournal(
			folder,
			world.now(),
			{fix: fix.id, target: world.target, where, plan, finding},
			{redact: text => world.redact(text), onEntry: input.onEntry},
		);
		try {
			for (const [key, secret] of settings) await journal.keep.put(keptSetting(key), secret);
			await journal.keep.put(baseline, Buffer.from(JSON.stringify(before)));
			yield {type: 'began', journal: journal.id};
			yield* runPlan({...input, before, journal});
		} finally {
			await journal.close();
		}
	} finally {
		await lock.release();
	}
}
