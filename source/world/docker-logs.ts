import type Docker from 'dockerode';
import {harmless, LineReader, longestLine} from '../core/hostile.ts';
import type {LogLine} from '../core/world.ts';
import {type Frame, FrameReader} from './docker-frames.ts';
import {streamFrom} from './docker-transport.ts';

/** RFC 3339 with nanoseconds and a blank, as `timestamps=1` puts it before each entry. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;
const longestStamp = 40;

/** Lines kept in memory; the newest count. */
const mostLines = 20_000;

/** The engine wants seconds, and takes a fraction: `1700000000.123456789`. */
export function engineTime(iso: string): string {
	const fraction = /\.(\d{1,9})/.exec(iso)?.[1] ?? '0';
	return `${Math.floor(Date.parse(iso) / 1000)}.${fraction.padEnd(9, '0')}`;
}

/**
 * Puts log lines together. The engine cuts an entry longer than 16 KiB into several, each with a time of its own, which must
 * not end up inside the line.
 */
export class LogReader {
	readonly #frames: FrameReader;
	readonly #tty: boolean;
	readonly #open = {stdout: {reader: new LineReader(), at: ''}, stderr: {reader: new LineReader(), at: ''}};
	readonly #clean: (line: string) => string;
	lines: LogLine[] = [];

	constructor(tty: boolean, clean: (line: string) => string) {
		this.#frames = new FrameReader(tty);
		this.#tty = tty;
		this.#clean = clean;
	}

	push(chunk: Buffer): void {
		for (const frame of this.#frames.push(chunk)) {
			if (this.#tty) this.#take(frame.stream, frame.payload, null);
			else this.#entry(frame);
		}
		if (this.lines.length > 2 * mostLines) this.lines = this.lines.slice(-mostLines);
	}

	#entry({stream, payload}: Frame): void {
		const [head, at] = stamp.exec(payload.toString('latin1', 0, longestStamp)) ?? [];
		this.#take(stream, payload.subarray(head?.length ?? 0), at ?? null);
	}

	#take(stream: Frame['stream'], payload: Buffer, at: string | null): void {
		const open = this.#open[stream];
		// A line's time is that of its beginning.
		if (open.at === '') open.at = at ?? '';
		for (const line of open.reader.push(payload)) {
			this.#add(stream, line, open.at);
			open.at = at ?? '';
		}
		if (payload.at(-1) === 0x0a) open.at = '';
	}

	#add(stream: Frame['stream'], line: string, at: string): void {
		// A terminal's output has no frames: the time stands in the line itself.
		const [head, own] = this.#tty ? (stamp.exec(line) ?? []) : [];
		this.lines.push({at: own ?? at, stream, text: this.#clean(line.slice(head?.length ?? 0))});
	}

	end(): LogLine[] {
		for (const stream of ['stdout', 'stderr'] as const)
			for (const line of this.#open[stream].reader.end()) this.#add(stream, line, this.#open[stream].at);
		return this.lines.slice(-mostLines);
	}
}

/** Far more than is kept of a line, so that no secret is cut in half within what is kept, and little enough to be searched quickly. */
const longestSearched = 16 * longestLine;

function cleaned(line: string, redact: (text: string) => string): string {
	const text = harmless(line.slice(0, longestSearched), redact);
	const dropped = line.length - longestSearched;
	return dropped > 0 ? text.replace(/… \+(\d+)$/, (_, counted: string) => `… +${Number(counted) + dropped}`) : text;
}

/** Bytes to read before fewer lines are asked for: the engine sends the oldest of them first, and the newest matter most. */
const mostBytes = 48 * 1024 * 1024;
const fewestLines = 50;

/**
 * The log of one container, oldest line first, cleaned and redacted. A log of monstrous lines gives fewer of them.
 * @throws Trouble when its logging driver can't be read
 */
export async function readLogs(
	docker: Docker,
	container: {id: string; tty: boolean},
	{since, until, tail, signal}: {since?: string; until?: string; tail: number; signal?: AbortSignal},
	redact: (text: string) => string,
): Promise<LogLine[]> {
	const query = {
		stdout: true,
		stderr: true,
		timestamps: true,
		follow: false,
		// The engine counts the tail from the end of the log, before it cuts.
		...(until ? {until: engineTime(until)} : {tail}),
		...(since ? {since: engineTime(since)} : {}),
	};
	const stream = await streamFrom(docker, {
		path: `/containers/${container.id}/logs?`,
		method: 'GET',
		options: query,
		abortSignal: signal,
	});
	const reader = new LogReader(container.tty, line => cleaned(line, redact));
	let bytes = 0;
	for await (const chunk of stream) {
		reader.push(Buffer.from(chunk));
		bytes += chunk.length;
		// Leaving the loop ends the stream.
		if (bytes > mostBytes && tail > fewestLines) break;
		if (until && reader.lines.length >= tail) break;
	}
	if (until) return reader.end().slice(0, tail);
	if (bytes <= mostBytes || tail <= fewestLines) return reader.end();
	return readLogs(docker, container, {since, signal, tail: Math.max(fewestLines, Math.floor(tail / 10))}, redact);
}
