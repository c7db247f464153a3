import {EventEmitter} from 'node:events';
import {Writable} from 'node:stream';
import {render as draw} from 'ink';
import type {ReactNode} from 'react';

/** A terminal of any size that keeps the last frame. */
class FakeTerminal extends Writable {
	columns: number;
	rows: number;
	readonly frames: string[] = [];
	readonly #waiting = new Set<() => void>();

	constructor(columns: number, rows: number) {
		super({decodeStrings: false});
		this.columns = columns;
		this.rows = rows;
	}

	override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
		if (chunk) this.frames.push(chunk);
		for (const wake of [...this.#waiting]) wake();
		done();
	}

	/** Resolves when a frame fulfils the wish; fails with the last frame, so that the reader sees what stood there. */
	until(wish: (frame: string) => boolean, patience = 3000): Promise<string> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting.delete(look);
				reject(new Error(`never seen; the last frame was:\n${this.frames.at(-1) ?? '(none)'}`));
			}, patience);
			const look = (): void => {
				const frame = this.frames.at(-1) ?? '';
				if (!wish(frame)) return;
				clearTimeout(timer);
				this.#waiting.delete(look);
				// One turn later the key handlers of this frame listen.
				setImmediate(() => resolve(frame));
			};
			this.#waiting.add(look);
			look();
		});
	}
}

/** A keyboard: what is typed arrives as from a raw terminal. */
class FakeKeyboard extends EventEmitter {
	readonly isTTY = true;
	#waiting: string[] = [];

	type(data: string): void {
		this.#waiting.push(data);
		this.emit('readable');
	}

	read(): string | null {
		return this.#waiting.shift() ?? null;
	}

	setEncoding(): void {}
	setRawMode(): void {}
	resume(): void {}
	pause(): void {}
	ref(): void {}
	unref(): void {}
}

export type Rendered = {
	/** The frame that stands on the screen now. */
	frame(): string;
	frames(): readonly string[];
	/** Waits for a text, or for a frame that fulfils a wish. */
	until(wish: string | ((frame: string) => boolean)): Promise<string>;
	type(data: string): void;
	resize(columns: number, rows: number): void;
	unmount(): void;
};

/** Draws a tree of components in a terminal of a given size, without one. */
export function render(tree: ReactNode, {columns, rows}: {columns: number; rows: number}): Rendered {
	const terminal = new FakeTerminal(columns, rows);
	const keyboard = new FakeKeyboard();
	const {unmount} = draw(tree, {
		stdout: terminal as unknown as NodeJS.WriteStream,
		stdin: keyboard as unknown as NodeJS.ReadStream,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	return {
		frame: () => terminal.frames.at(-1) ?? '',
		frames: () => terminal.frames,
		until: wish => terminal.until(typeof wish === 'string' ? frame => frame.includes(wish) : wish),
		type: data => keyboard.type(data),
		resize(wide, high) {
			terminal.columns = wide;
			terminal.rows = high;
			terminal.emit('resize');
		},
		unmount,
	};
}

export const keys = {
	enter: '\r',
	escape: '\x1b',
	up: '\x1b[A',
	down: '\x1b[B',
	pageDown: '\x1b[6~',
	interrupt: '\x03',
	backspace: '\x7f',
	tab: '\t',
	shiftTab: '\x1b[Z',
} as const;
