import type {Text} from '../core/say.ts';
import {exitCode} from '../core/trouble.ts';

export class Interrupted extends Error {
	constructor() {
		super('interrupted');
		this.name = 'Interrupted';
	}
}

/**
 * The first signal stops cleanly, the second at once and says what may be left undone.
 * @param last what to say when a second signal cuts a clean stop short
 */
export function listenForStop(
	last: () => Text | null,
	say: (text: Text) => void,
): {signal: AbortSignal; ignore: () => void} {
	const controller = new AbortController();
	const stop = (): void => {
		if (controller.signal.aborted) {
			const state = last();
			if (state) say(state);
			process.exit(exitCode.interrupted);
		}
		controller.abort(new Interrupted());
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, stop);
	return {
		signal: controller.signal,
		ignore: () => {
			for (const signal of signals) process.off(signal, stop);
		},
	};
}
