import process from 'node:process';
import {render} from 'ink';
import type {Language} from '../core/say.ts';
import {say} from '../core/say.ts';
import {isChanging, newSession, type Session} from '../core/session.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {verdict} from '../report/verdict.ts';
import type {Actions} from './actions.ts';
import {App} from './app.tsx';
import {play} from './auto.ts';
import {farewell} from './farewell.ts';
import {Screen} from './screen.ts';
import {createStore, type Store} from './store.ts';
import {transcribe} from './transcript.ts';

export type {Actions} from './actions.ts';

export type WizardOptions = {
	language: Language;
	color: boolean;
	/** Plays by itself: first diagnosis, recommended fix, consent. Ends with 0 only when the cure is proven. */
	auto?: boolean;
	/** Instead of the terminal's own size. */
	columns?: number;
	rows?: number;
	/** `choose` begins with the list of projects; `walk` with the deployment that is known already. */
	start?: 'choose' | 'walk';
};

const plainColumns = 80;
const stops = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const clock = (): number => performance.now();

/** What the wizard ends with. */
export function codeOf(session: Session, auto: boolean): ExitCode {
	if (session.done === 'interrupted') return exitCode.interrupted;
	const code = session.exitCode ?? (session.report ? verdict(session.report) : exitCode.well);
	if (!auto || session.run?.finished?.outcome === 'proven') return code;
	// Without somebody to answer, nothing was cured.
	if (session.screen === 'settings' || session.screen === 'consent') return exitCode.unconfirmed;
	return code === exitCode.well ? exitCode.ownError : code;
}

/** Gives the terminal back on every way out: an exception included, and a process that is told to die. */
function guard(screen: Screen, store: Store): () => void {
	const restore = (): void => {
		screen.close();
		if (process.stdin.isTTY) process.stdin.setRawMode(false);
	};
	const interrupt = (): void => store.send({type: 'interrupt'});
	// A terminal that is gone must not keep a change from ending cleanly. Its errors come late, so they stay ignored.
	const ignore = (): void => {};
	process.on('exit', restore);
	process.on('uncaughtExceptionMonitor', restore);
	process.stdout.on('error', ignore);
	process.stdin.on('error', ignore);
	for (const signal of stops) process.on(signal, interrupt);
	return () => {
		restore();
		process.off('exit', restore);
		process.off('uncaughtExceptionMonitor', restore);
		for (const signal of stops) process.off(signal, interrupt);
	};
}

async function onScreen(
	store: Store,
	actions: Actions,
	{language, color, auto, columns, rows}: WizardOptions,
): Promise<Session> {
	const screen = new Screen(process.stdout, {columns, rows});
	const release = guard(screen, store);
	try {
		screen.open();
		const {unmount} = render(
			<App
				store={store}
				actions={actions}
				language={language}
				color={color}
				clock={clock}
				keys={Boolean(process.stdin.isTTY)}
			/>,
			{
				// Every frame goes to the canvas as a whole; see Screen for the reasons.
				stdout: screen.canvas as unknown as NodeJS.WriteStream,
				debug: true,
				exitOnCtrlC: false,
				patchConsole: false,
			},
		);
		try {
			if (auto) void play(store, true);
			return await store.ended;
		} finally {
			unmount();
		}
	} finally {
		release();
	}
}

async function onPaper(store: Store, {language}: WizardOptions): Promise<Session> {
	const interrupt = (): void => store.send({type: 'interrupt'});
	for (const signal of stops) process.on(signal, interrupt);
	const end = transcribe(store, language, plainColumns, text => process.stdout.write(text));
	try {
		void play(store, false);
		return await store.ended;
	} finally {
		end();
		for (const signal of stops) process.off(signal, interrupt);
	}
}

/**
 * Runs the wizard until the reader leaves it, on the alternate screen, and says a few parting words on the normal one.
 * @throws Trouble `no-terminal` when keys are needed and there are none; anything else that comes out is a bug
 */
export async function runWizard(actions: Actions, options: WizardOptions): Promise<ExitCode> {
	const auto = options.auto ?? false;
	const hasScreen = Boolean(process.stdout.isTTY);
	if (!auto && !(hasScreen && process.stdin.isTTY))
		throw new Trouble('no-terminal', say('The wizard needs a terminal.', '向导需要一个终端。'), {
			next: say(
				'Use `compose-medic diagnose` through pipes and in scripts.',
				'在管道和脚本中请使用 `compose-medic diagnose`。',
			),
			exitCode: exitCode.usage,
		});
	const store = createStore(actions, newSession({choose: options.start === 'choose', now: clock()}), clock);
	const session = hasScreen ? await onScreen(store, actions, options) : await onPaper(store, options);
	const columns = Math.max(40, Math.min(100, process.stdout.columns || plainColumns));
	const words = farewell(session, {language: options.language, columns, color: false, now: clock()});
	if (hasScreen && words.length > 0) process.stdout.write(`${words.join('\n')}\n`);
	// Asked twice to stop in the middle of a change: nothing is waited for any more.
	if (isChanging(session)) process.exit(exitCode.interrupted);
	return codeOf(session, auto);
}
