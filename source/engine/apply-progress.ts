import type {ApplyEvent} from '../core/event.ts';
import type {Report} from '../core/step.ts';

/** Runs something that reports by calls and hands its reports on as events, as they come. */
export async function* withReports<Value>(
	index: number,
	run: (report: Report) => Promise<Value>,
): AsyncGenerator<ApplyEvent, Value> {
	const waiting: ApplyEvent[] = [];
	let wake: () => void = () => undefined;
	let last = '';
	const result = run((says, done, total) => {
		const event: ApplyEvent = {type: 'progress', index, says, done: done ?? null, total: total ?? null};
		const text = JSON.stringify(event);
		// Steps poll; the same words again are no news.
		if (text === last) return;
		last = text;
		waiting.push(event);
		wake();
	});
	let ended = false;
	const settled = (): void => {
		ended = true;
		wake();
	};
	result.then(settled, settled);
	for (;;) {
		const next = waiting.shift();
		if (next) yield next;
		else if (ended) return await result;
		else
			await new Promise<void>(resolve => {
				wake = resolve;
				if (ended || waiting.length > 0) resolve();
			});
	}
}
