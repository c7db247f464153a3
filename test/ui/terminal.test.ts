import {afterEach, expect, test} from 'vitest';
import {inTerminal, type Terminal} from '../helpers/terminal.ts';

let open: Terminal | null = null;
afterEach(() => open?.kill());

/** The wizard over made-up actions, in a real pseudo-terminal. */
function wizard(words: readonly string[], environment: Record<string, string> = {}): Terminal {
	open = inTerminal(['--import', 'tsx', 'test/helpers/wizard-program.ts', ...words], {environment});
	return open;
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
	const terminal = wizard(['choose'], {CI: 'true'});
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
