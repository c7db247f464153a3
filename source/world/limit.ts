/** Runs at most so many jobs at once; the others wait in line. */
export function createLimit(atOnce: number): <Value>(job: () => Promise<Value>) => Promise<Value> {
	let running = 0;
	const waiting: (() => void)[] = [];
	return async job => {
		if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve));
		else running++;
		try {
			return await job();
		} finally {
			// The place goes straight to the next in line, so that nobody slips in between.
			const next = waiting.shift();
			if (next) next();
			else running--;
		}
	};
}
