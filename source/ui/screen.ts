import {Writable} from 'node:stream';

const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[H';
const leave = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Synchronized update: terminals that know it show a frame at once, the others ignore it. */
const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';

/** Frames closer together than this are one. */
const frameTime = 16;

type Size = {columns: number; rows: number};

/**
 * Owns the alternate screen of a terminal and paints whole frames on it, only the lines that changed. Ink writes its frames
 * into `canvas`: Ink's own painter clears the terminal, scrollback included, when a frame is as tall as the window,
 * leaves pieces behind when the window shrinks, and writes nothing at all where the variable CI is set.
 */
export class Screen {
	readonly canvas: Canvas;
	readonly #terminal: NodeJS.WriteStream;
	readonly #fixed: Partial<Size>;
	#shown: string[] = [];
	#next: string | null = null;
	#timer: NodeJS.Timeout | undefined;
	#open = false;

	constructor(terminal: NodeJS.WriteStream, fixed: Partial<Size> = {}) {
		this.#terminal = terminal;
		this.#fixed = fixed;
		this.canvas = new Canvas(this.#size(), frame => this.#take(frame));
	}

	open(): void {
		this.#open = true;
		this.#terminal.on('resize', this.#resized);
		this.#terminal.write(enter);
	}

	/** Gives the terminal back as it was; safe to call again, also while the process dies. */
	close(): void {
		if (!this.#open) return;
		this.#open = false;
		clearTimeout(this.#timer);
		this.#terminal.off('resize', this.#resized);
		this.#terminal.write(leave);
	}

	#size(): Size {
		return {
			columns: this.#fixed.columns ?? (this.#terminal.columns || 80),
			rows: this.#fixed.rows ?? (this.#terminal.rows || 24),
		};
	}

	readonly #resized = (): void => {
		this.#shown = [];
		this.#terminal.write('\x1b[2J');
		this.canvas.resize(this.#size());
		if (this.#next !== null) this.#schedule();
	};

	#take(frame: string): void {
		this.#next = frame;
		this.#schedule();
	}

	#schedule(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#paint();
		}, frameTime);
	}

	#paint(): void {
		if (!this.#open || this.#next === null) return;
		const lines = this.#next.split('\n').slice(0, this.canvas.rows);
		let out = '';
		for (let row = 0; row < Math.max(lines.length, this.#shown.length); row++) {
			const line = lines[row] ?? '';
			// Erased first: a line that ends in the last column would lose its last letter afterwards.
			if (line !== this.#shown[row]) out += `\x1b[${row + 1};1H\x1b[0m\x1b[2K${line}`;
		}
		this.#shown = lines;
		if (out) this.#terminal.write(begin + out + end);
	}
}

/** Where Ink draws: it has a size like a terminal, and every write is one whole frame. */
export class Canvas extends Writable {
	columns: number;
	rows: number;
	readonly #draw: (frame: string) => void;

	constructor({columns, rows}: Size, draw: (frame: string) => void) {
		super({decodeStrings: false});
		this.columns = columns;
		this.rows = rows;
		this.#draw = draw;
	}

	resize({columns, rows}: Size): void {
		this.columns = columns;
		this.rows = rows;
		this.emit('resize');
	}

	override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
		if (chunk) this.#draw(chunk);
		done();
	}
}
