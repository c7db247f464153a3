import {spawn} from '@lydell/node-pty';
import headless from '@xterm/headless';
import {afterEach, expect, test} from 'vitest';

type Terminal = {
	screen(): string;
	/** Which of the two screens is shown, and whether the cursor is. */
	state(): {alternate: boolean; cursor: boolean};
	until(text: string): Promise<void>;
	type(data: string): void;
	resize(columns: number, rows: number): void;
	signal(name: string): void;
	ended: Promise<number>;
};

let kill = (): void => {};
afterEach(() => kill());

/** Runs the wizard in a real pseudo-terminal. */
function wizard(
	words: readonly string[],
	{
		columns = 80,
		rows = 24,
		environment = {},
	}: {columns?: number; rows?: number; environment?: Record<string, string>} = {},
): Terminal {
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true});
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/helpers/wizard-program.ts', ...words], {
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
	kill = () => {
		if (!over) child.kill('SIGKILL');
	};
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
				const timer = setTimeout(() => reject(new Error(`never seen: ${text}\n${screen()}`)), 30_000);
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
	};
}

const patience = 60_000;
const restored = {alternate: false, cursor: true};

async function toWork(terminal: Terminal): Promise<void> {
	for (const text of ['2/5 root causes', '3/5 fixes', '4/5 plan', '4/5 consent']) {
		await terminal.until(text);
		terminal.type('\r');
	}
	await terminal.until('1 of 4 steps');
}

test('it lives on the alternate screen, follows the size of the window, and gives the terminal back', {
	timeout: patience,
}, async () => {
	// Ink by itself writes nothing where the variable CI is set.
	const terminal = wizard(['choose'], {environment: {CI: 'true'}});
	await terminal.until('Which deployment is ill?');
	expect(terminal.state()).toEqual({alternate: true, cursor: false});
	terminal.resize(50, 18);
	await terminal.until(`\n ${'─'.repeat(48)}\n`);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	expect(terminal.state()).toEqual(restored);
	expect(terminal.screen().trim()).toBe('');
});

test('Ctrl-C in the middle of a fix ends it cleanly, with the way back on the normal screen', {
	timeout: patience,
}, async () => {
	const terminal = wizard(['hangs']);
	await toWork(terminal);
	terminal.type('\x03');
	expect(await terminal.ended).toBe(130);
	expect(terminal.state()).toEqual(restored);
	expect(terminal.screen()).toContain('compose-medic undo 20261121-021502-change-password');
});

test('a termination signal restores the terminal as well', {timeout: patience}, async () => {
	const terminal = wizard([]);
	await terminal.until('2/5 root causes');
	terminal.signal('SIGTERM');
	expect(await terminal.ended).toBe(130);
	expect(terminal.state()).toEqual(restored);
});
