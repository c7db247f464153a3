import {type Paint, paintFor} from '../report/paint.ts';

/** Data goes to standard output, everything else to standard error. */
export type Output = {
	/** The result of a command, as it stands. */
	data(text: string): void;
	/** A line beside the result: progress, a hint, a warning. */
	note(line: string): void;
	/** A line that replaces the one before, on a terminal only; nothing elsewhere. `''` takes it away. */
	status(line: string): void;
	paint: Paint;
	notePaint: Paint;
	/** Columns for wrapping. */
	width: number;
	isTerminal: boolean;
};

const widest = 100;
const narrowest = 40;

/**
 * @param options.colour whether each stream is coloured
 * @param options.redraws whether a status line may be drawn
 */
export function createOutput(options: {
	stdout: NodeJS.WriteStream;
	stderr: NodeJS.WriteStream;
	colour: {stdout: boolean; stderr: boolean};
	quiet: boolean;
	redraws: boolean;
}): Output {
	const {stdout, stderr, colour, quiet, redraws} = options;
	const open = new Set<NodeJS.WriteStream>([stdout, stderr]);
	// Whoever reads may leave early (`| head`). A repair in progress must not die of it.
	for (const stream of open)
		stream.on('error', error => {
			open.delete(stream);
			if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED'))
				process.exitCode ??= 1;
		});
	const write = (stream: NodeJS.WriteStream, text: string): void => {
		if (open.has(stream)) stream.write(text);
	};
	let shown = false;
	const clear = (): void => {
		if (shown) write(stderr, '\r\x1b[K');
		shown = false;
	};
	const columns = stdout.isTTY ? stdout.columns : undefined;
	return {
		data(text) {
			clear();
			write(stdout, text);
		},
		note(line) {
			clear();
			write(stderr, `${line}\n`);
		},
		status(line) {
			if (!redraws || quiet || !stderr.isTTY) return;
			clear();
			if (!line) return;
			write(stderr, line);
			shown = true;
		},
		paint: paintFor(colour.stdout),
		notePaint: paintFor(colour.stderr),
		width: Math.min(widest, Math.max(narrowest, columns || widest)),
		isTerminal: stdout.isTTY === true,
	};
}
