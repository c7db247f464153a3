/** A piece of a container's output. Terminals mix both streams into `stdout`. */
export type Frame = {stream: 'stdout' | 'stderr'; payload: Buffer};

const headerLength = 8;

/**
 * Takes the engine's multiplexed output apart: eight bytes (stream, three zeros, length as big-endian uint32) before each payload
 * (Docker Engine API, "Attach to a container"). Chunks may end anywhere.
 */
export class FrameReader {
	#rest: Buffer = Buffer.alloc(0);
	readonly #raw: boolean;

	/** @param tty whether the container has a terminal: its output has no frames */
	constructor(tty: boolean) {
		this.#raw = tty;
	}

	push(chunk: Buffer): Frame[] {
		if (this.#raw) return chunk.length > 0 ? [{stream: 'stdout', payload: chunk}] : [];
		this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
		const frames: Frame[] = [];
		let at = 0;
		while (this.#rest.length - at >= headerLength) {
			const length = this.#rest.readUInt32BE(at + 4);
			if (this.#rest.length - at - headerLength < length) break;
			const payload = this.#rest.subarray(at + headerLength, at + headerLength + length);
			frames.push({stream: this.#rest[at] === 2 ? 'stderr' : 'stdout', payload});
			at += headerLength + length;
		}
		this.#rest = this.#rest.subarray(at);
		return frames;
	}
}

/** Memory for what a command may print; the rest is dropped. */
const mostOutput = 32 * 1024 * 1024;

/** The other side has closed its end: what came until then is all there is. */
const isClosed = (error: unknown): boolean =>
	['EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Collects the output of one command. A process that ends without reading its input breaks the connection; its words still count. */
export async function collectOutput(
	stream: AsyncIterable<Buffer | string>,
	tty = false,
): Promise<{stdout: string; stderr: string}> {
	const reader = new FrameReader(tty);
	const parts: Record<Frame['stream'], Buffer[]> = {stdout: [], stderr: []};
	let size = 0;
	try {
		for await (const chunk of stream)
			for (const {stream: name, payload} of reader.push(Buffer.from(chunk))) {
				size += payload.length;
				if (size <= mostOutput) parts[name].push(Buffer.from(payload));
			}
	} catch (error) {
		if (!isClosed(error)) throw error;
	}
	return {stdout: Buffer.concat(parts.stdout).toString('utf8'), stderr: Buffer.concat(parts.stderr).toString('utf8')};
}
