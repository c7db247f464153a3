import {setTimeout as sleep} from 'node:timers/promises';

/**
 * Asks again and again until the answer is yes.
 * @param what completes the sentence "waited in vain for …"
 * @throws Error after `seconds`, or when the signal is aborted
 */
export async function until(
	what: string,
	signal: AbortSignal | undefined,
	ask: () => Promise<boolean>,
	seconds = 180,
): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await ask())) {
		if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
		// Every question starts a `docker`; asking more often would slow down what is being waited for.
		await sleep(500, undefined, {signal});
	}
}
