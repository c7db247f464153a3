import {createInterface} from 'node:readline';
import {Secret} from '../core/secret.ts';

/** Standard input: lines for scripts, questions for a person. Questions are written to standard error. */
export type Input = {
	/** Whether a question can be asked: there is a terminal and `--no-input` was not given. */
	canAsk: boolean;
	/** The next line of standard input, without its line end; null at the end. */
	line(): Promise<string | null>;
	ask(question: string, signal: AbortSignal): Promise<string>;
	/** As `ask`, and what is typed does not show. */
	askSecret(question: string, signal: AbortSignal): Promise<Secret>;
};

export function createInput(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream, canAsk: boolean): Input {
	let lines: AsyncIterator<string> | null = null;
	const once = (question: string, signal: AbortSignal, hidden: boolean): Promise<string> =>
		new Promise((resolve, reject) => {
			const terminal = createInterface({input: stdin, output: stderr, terminal: true, historySize: 0});
			const stop = (): void => {
				terminal.close();
				reject(signal.reason);
			};
			signal.addEventListener('abort', stop, {once: true});
			// In raw mode Ctrl-C is a key. It goes the way of the signal.
			terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
			terminal.on('close', () => {
				signal.removeEventListener('abort', stop);
				resolve('');
			});
			if (hidden)
				// The interface echoes through this method; only the question itself may pass.
				Object.assign(terminal, {_writeToOutput: (text: string) => text.includes(question) && stderr.write(question)});
			terminal.question(question, answer => {
				if (hidden) stderr.write('\n');
				resolve(answer);
				terminal.close();
			});
		});
	return {
		canAsk,
		async line() {
			lines ??= createInterface({input: stdin, terminal: false})[Symbol.asyncIterator]();
			const next = await lines.next();
			return next.done ? null : next.value;
		},
		ask: (question, signal) => once(question, signal, false),
		askSecret: async (question, signal) => new Secret(await once(question, signal, true)),
	};
}
