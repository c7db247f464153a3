import type {Finding} from '../core/diagnosis.ts';
import type {DiagnoseEvent} from '../core/event.ts';
import type {Facts} from '../core/fact.ts';
import type {Fix, Plan} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {type ExitCode, Trouble} from '../core/trouble.ts';
import {apply} from '../engine/apply.ts';
import {diagnose} from '../engine/diagnose.ts';
import {unfinished} from '../engine/journal.ts';
import {plan} from '../engine/plan.ts';
import {readLog} from '../engine/read-log.ts';
import {deploymentFolder} from '../engine/state.ts';
import {resume, undo} from '../engine/undo.ts';
import {fixNamed} from '../fixes/index.ts';
import type {Actions} from '../ui/actions.ts';
import {findProjects, type Opened, openWorldOrBlind, type Where} from '../world/open.ts';
import type {Context} from './context.ts';
import {whereFrom} from './open.ts';

type Approved = {plan: Plan; finding: Finding; fix: Fix};

/** What the wizard holds between two screens. */
class Consultation {
	#where: Where;
	#opened: Opened | null = null;
	#facts: Facts = new Map();
	#approved: Approved | null = null;
	readonly #secrets = new Map<string, Secret>();

	constructor(where: Where) {
		this.#where = where;
	}

	get target(): Opened {
		if (!this.#opened) throw new Error('nothing is open yet');
		return this.#opened;
	}

	get redact(): (text: string) => string {
		return text => this.#opened?.world.redact(text) ?? text;
	}

	async open(change: Partial<Where> = {}): Promise<void> {
		await this.close();
		this.#where = {...this.#where, ...change};
		this.#opened = await openWorldOrBlind(this.#where);
	}

	async close(): Promise<void> {
		await this.#opened?.close();
		this.#opened = null;
	}

	/** Reads everything anew: what an earlier pass remembered would hide what has changed since. */
	async *#diagnose(signal: AbortSignal, timeout: number | undefined): AsyncGenerator<DiagnoseEvent> {
		if (this.#facts.size > 0) await this.open();
		const {facts} = yield* diagnose(this.target.world, {signal, timeout});
		this.#facts = facts;
		this.#approved = null;
	}

	/** @param copy puts a text on the user's clipboard */
	actions(timeout: number | undefined, copy: (text: string) => void): Actions {
		return {
			projects: () => findProjects(this.#where),
			choose: project => this.open({project}),
			diagnose: signal => this.#diagnose(signal, timeout),
			plan: async (finding, fixId, settings) => {
				const fix = fixNamed(fixId);
				if (!fix) throw new Error(`there is no fix ${fixId}`);
				const {world} = this.target;
				const {answer, shown} = await plan({
					world,
					facts: this.#facts,
					finding,
					fix,
					settings,
					signal: new AbortController().signal,
				});
				this.#approved = answer.kind === 'plan' ? {plan: answer, finding, fix} : null;
				return {answer, shown};
			},
			apply: (confirmed, signal) => {
				if (!this.#approved) throw new Error('there is no plan to apply');
				return apply({opened: this.target, ...this.#approved, settings: this.#secrets, confirmed, signal});
			},
			log: (service, signal) => readLog(this.target.world, service, signal),
			unfinished: async () => {
				const journal = await unfinished(await deploymentFolder(this.target.world));
				return journal ? {id: journal.id, fix: journal.opened.fix, at: journal.opened.at} : null;
			},
			resume: signal => resume({opened: this.target, signal}),
			undo: (id, signal) => undo({opened: this.target, journal: id, signal}),
			setSecret: (key, value) => {
				this.#secrets.set(key, new Secret(value));
			},
			copy,
		};
	}
}

/** OSC 52 puts a text on the clipboard of the terminal, also over ssh. */
const copyTo = (stream: NodeJS.WriteStream) => (text: string) => {
	stream.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`);
};

const mustChoose = (error: unknown): boolean => error instanceof Trouble && error.code === 'choose-project';

/**
 * The wizard on a screen. Without a terminal, or where linear text is asked for, one plain diagnosis.
 */
export async function run(context: Context): Promise<ExitCode> {
	const {options: given, out, environment} = context;
	const linear = given.plain || given.accessible || !given.input || environment.TERM === 'dumb';
	const isScreen = out.isTerminal && process.stdin.isTTY === true;
	if (!context.auto && (linear || !isScreen)) return (await import('./diagnose.ts')).run(context);
	const consultation = new Consultation(await whereFrom(context));
	let start: 'walk' | 'choose' = 'walk';
	try {
		await consultation.open();
	} catch (error) {
		if (!mustChoose(error)) throw error;
		start = 'choose';
	}
	context.redact = consultation.redact;
	context.interrupted = say('Interrupted.', '已中断。');
	context.leaveSignals();
	try {
		const {runWizard} = await import('../ui/run.tsx');
		return await runWizard(consultation.actions(given.timeout, copyTo(process.stdout)), {
			language: context.language,
			color: context.colour,
			auto: context.auto,
			start,
		});
	} finally {
		await consultation.close();
	}
}
