import {spawn} from '@lydell/node-pty';
import headless from '@xterm/headless';

export type Terminal = {
	screen(): string;
	/** Which of the two screens is shown, and whether the cursor is. */
	state(): {alternate: boolean; cursor: boolean};
	until(text: string): Promise<void>;
	type(data: string): void;
	resize(columns: number, rows: number): void;
	signal(name: string): void;
	ended: Promise<number>;
	/** Ends the program the hard way, if it still runs. */
	kill(): void;
};

/** Runs a program of Node's in a real pseudo-terminal. */
export function inTerminal(
	words: readonly string[],
	{
		columns = 80,
		rows = 24,
		environment = {},
		patience = 30_000,
	}: {columns?: number; rows?: number; environment?: Record<string, string>; patience?: number} = {},
): Terminal {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true});
	const child = spawn(process.execPath, [...words], {
		cols: columns,
		rows,
		name: 'xterm-256color',
		env: {...process.env, ...environment} as Record<string, string>,
	});
	const waiting = new Set<() => void>();
	let shown = '';
	let cursor = true;
	child.onData(data => {
		shown = (shown + data).slice(-64);
		for (const [, mode] of data.matchAll(/\x1b\[\?25([hl])/g)) cursor = mode === 'h';
		terminal.write(data, () => {
			for (const look of [...waiting]) look();
		});
	});
	let over = false;
	const ended = new Promise<number>(resolve =>
		child.onExit(({exitCode}) => {
			over = true;
			// What was written last is still on its way into the screen.
			terminal.write('', () => resolve(exitCode));
		}),
	);
	const screen = (): string =>
		Array.from(
			{length: terminal.rows},
			(_, row) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true) ?? '',
		).join('\n');
	return {
		screen,
		state: () => ({alternate: terminal.buffer.active.type === 'alternate', cursor}),
		until: text =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(() => reject(new Error(`never seen: ${text}\n${screen()}`)), patience);
				const look = (): void => {
					if (!screen().includes(text)) return;
					clearTimeout(timer);
					waiting.delete(look);
					resolve();
				};
				waiting.add(look);
				look();
			}),
		type: data => child.write(data),
		resize(wide, high) {
			terminal.resize(wide, high);
			child.resize(wide, high);
		},
		signal: name => child.kill(name),
		ended,
		kill() {
			if (!over) child.kill('SIGKILL');
		},
	};
}
