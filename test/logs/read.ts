import {findingsOf, type LogFinding} from '../../source/logs/diagnose.ts';
import {LogReader, type Reading} from '../../source/logs/reader.ts';

/** Reads a text or bytes in chunks of one size, as a file or a pipe would give them. */
export function read(
	input: string | Uint8Array,
	chunk = 1 << 20,
	redact: (text: string) => string = text => text,
	readWhole?: number,
): Reading {
	const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
	const reader = new LogReader(redact, readWhole);
	for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
	return reader.end();
}

export const findings = (input: string | Uint8Array, redact: (text: string) => string = text => text): LogFinding[] =>
	findingsOf(read(input, 1 << 20, redact), redact);

export const ids = (input: string | Uint8Array): string[] => findings(input).map(({id}) => id);
