import {open} from 'node:fs/promises';
import {say, type Text} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';

const chunkSize = 1024 * 1024;

const unreadable = (path: string, why: Text, cause: unknown): Trouble =>
	new Trouble('logs-unreadable', say(`${path} can’t be read.`, `无法读取 ${path}。`), {
		why,
		next: say(
			'Name a file with log lines, or `-` for standard input: `docker compose logs --no-color | compose-medic diagnose --logs -`',
			'请指定含有日志的文件，或用 `-` 表示标准输入：`docker compose logs --no-color | compose-medic diagnose --logs -`',
		),
		exitCode: exitCode.usage,
		cause,
	});

function reasonOf(error: unknown): Text {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	if (code === 'ENOENT') return say('There is no such file.', '没有这个文件。');
	if (code === 'EACCES' || code === 'EPERM') return say('You may not read it.', '没有读取权限。');
	if (code === 'EISDIR') return say('It is a folder.', '这是一个目录。');
	const reason = error instanceof Error ? error.message : String(error);
	return say(reason, reason);
}

/**
 * The bytes of a file, in one buffer that is filled again and again: use each chunk before you ask for the next.
 * @throws Trouble with exit code 2 when the file can't be read
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
	const file = await open(path, 'r').catch((error: unknown) => {
		throw unreadable(path, reasonOf(error), error);
	});
	try {
		const buffer = new Uint8Array(chunkSize);
		for (;;) {
			const {bytesRead} = await file.read(buffer, 0, chunkSize, null).catch((error: unknown) => {
				throw unreadable(path, reasonOf(error), error);
			});
			if (bytesRead === 0) return;
			yield buffer.subarray(0, bytesRead);
		}
	} finally {
		await file.close();
	}
}

/** UTF-16 shows by its mark, or by every second byte being zero: PowerShell’s `>` writes it. */
function wideEncoding(start: Uint8Array): 'utf-16le' | 'utf-16be' | null {
	const [first, second] = start;
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	const sample = start.subarray(0, 512);
	const zeros = [0, 0];
	for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
	const [even = 0, odd = 0] = zeros;
	const half = sample.length / 2;
	if (sample.length < 8) return null;
	if (odd > half * 0.6 && even === 0) return 'utf-16le';
	if (even > half * 0.6 && odd === 0) return 'utf-16be';
	return null;
}

/** Turns UTF-16 into UTF-8 and leaves everything else as it is. */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let decoder: InstanceType<typeof TextDecoder> | null = null;
	let started = false;
	for await (const chunk of chunks) {
		if (!started) {
			started = true;
			const wide = wideEncoding(chunk);
			if (wide) decoder = new TextDecoder(wide);
		}
		yield decoder ? new TextEncoder().encode(decoder.decode(chunk, {stream: true})) : chunk;
	}
	if (decoder) yield new TextEncoder().encode(decoder.decode());
}
