import type {Language} from '../core/say.ts';
import type {Screen, Session} from '../core/session.ts';
import type {Pen} from './pen.ts';
import type {Store} from './store.ts';
import {pageOf} from './window.ts';

/** What the plan has said already. */
const repeats = new Set<Screen>(['consent']);

/** Work is printed as it ended. Its checks follow on the proof screen. */
const onPaper = (last: Session, {run}: Session): Session =>
	last.screen === 'applying' && run ? {...last, run: {...run, checks: []}} : last;

/**
 * Where there is no terminal to draw on, each screen is printed once, as it stood when it was left: no redraw, no spinner.
 * @returns stops listening and prints the last screen
 */
export function transcribe(
	store: Store,
	language: Language,
	columns: number,
	print: (text: string) => void,
): () => void {
	let last = store.get();
	const write = (session: Session): void => {
		const pen: Pen = {language, columns, color: false, now: session.taskAt};
		const {heading, body} = pageOf({...session, overlay: null}, pen);
		const lines = [...heading, ...body].map(row =>
			row
				.map(({text}) => text)
				.join('')
				.trimEnd(),
		);
		if (lines.length > 0) print(`${lines.join('\n').trimEnd()}\n\n`);
	};
	const stop = store.subscribe(() => {
		const session = store.get();
		if (session.screen !== last.screen && !repeats.has(last.screen)) write(onPaper(last, session));
		last = session;
	});
	return () => {
		stop();
		write(last);
	};
}
