import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

/** Processes live for a few milliseconds only; looking more often would slow down what is looked at. */
const every = 15;

const numbers = (): string[] => readdirSync('/proc').filter(name => /^\d+$/.test(name));

function commandLine(process: string): string {
	try {
		return readFileSync(`/proc/${process}/cmdline`, 'latin1');
	} catch {
		// It has ended between the two looks.
		return '';
	}
}

/**
 * Watches the command lines of every process of this machine, containers included, while something is done.
 * @returns what that gave, and all command lines that were not there before
 */
export async function watchingProcesses<Value>(act: () => Promise<Value>): Promise<{value: Value; seen: string[]}> {
	const before = new Set(numbers().map(process => `${process} ${commandLine(process)}`));
	const seen = new Set<string>();
	let over = false;
	const watch = (async () => {
		while (!over) {
			for (const process of numbers()) {
				const line = commandLine(process);
				if (line !== '' && !before.has(`${process} ${line}`)) seen.add(line.replaceAll('\0', ' '));
			}
			await sleep(every);
		}
	})();
	try {
		return {value: await act(), seen: [...seen]};
	} finally {
		over = true;
		await watch;
	}
}
