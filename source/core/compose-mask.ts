import {type Document, isMap, isScalar, isSeq, type Pair, type Scalar} from 'yaml';
import {keyOf, open, rangeOf} from './yaml-place.ts';

/** Keys of a service whose values are about limits, ports and places. Everything else of a file may hold somebody's secret. */
const shownKeys = new Set([
	'command',
	'deploy',
	'expose',
	'extends',
	'file',
	'image',
	'include',
	'ipc',
	'mem_limit',
	'mem_reservation',
	'memswap_limit',
	'ports',
	'read_only',
	'service',
	'shm_size',
	'tmpfs',
	'volumes',
]);

/** Below these nothing is shown but the variables that tell how much memory or which folder a program takes. */
const closedKeys = new Set([
	'environment',
	'labels',
	'secrets',
	'configs',
	'args',
	'build',
	'x-secrets',
	'driver_opts',
]);
export const shownVariables = /^(?:PM2_INSTANCES|NODE_OPTIONS|PGDATA)$/;
const shownAssignment = /^(?:PM2_INSTANCES|NODE_OPTIONS|PGDATA)=/;
/** An amount of memory, which may stand behind an anchor of its own. */
const amount = /^\d+(?:\.\d+)?[bkmg]b?$/i;

const mark = '•••';

/** What stands for a scalar: quotes, lines and indentation stay, so that the text around it is where it was. */
function masked(source: string, node: Scalar): string {
	const quote = node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : '';
	const [first = '', ...lines] = source.split('\n');
	if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL')
		return [first.replace(/#.*/, `#${mark}`), ...lines.map(line => line.replace(/\S(?:.*\S)?/, mark))].join('\n');
	if (lines.length === 0) return quote + mark + quote;
	const inner = lines.map(line => line.replace(/\S(?:.*\S)?/, mark));
	if (quote) inner[inner.length - 1] = (inner.at(-1) ?? '') + quote;
	return [quote + mark + (first.endsWith('\r') ? '\r' : ''), ...inner].join('\n');
}

/**
 * A Compose file with its structure, its limits, images, ports and mounts, and no value of anything else. Lines keep their
 * numbers. What is left of a file that can't be read is nothing.
 * @param redact takes out what is known to be secret from what is shown as well
 */
export function maskCompose(text: string, redact: (text: string) => string): string {
	const doc: Document.Parsed = open(text);
	if (doc.errors.length > 0) return '';
	const parts: {start: number; end: number; text: string}[] = [];
	const look = (node: unknown, shown: boolean, closed: boolean): void => {
		if (isMap(node)) {
			for (const pair of node.items as Pair[]) {
				const key = keyOf(pair);
				const inside = closed || closedKeys.has(key);
				look(pair.key, true, false);
				look(pair.value, inside ? shownVariables.test(key) : shown || shownKeys.has(key), inside);
			}
		} else if (isSeq(node)) {
			for (const item of node.items)
				look(item, shown || (closed && isScalar(item) && shownAssignment.test(String(item.value))), closed);
		} else if (isScalar(node)) {
			const [start, end] = rangeOf(node);
			const source = text.slice(start, end);
			if (source === '') return;
			const free = shown || (!closed && node.anchor !== undefined && amount.test(source));
			parts.push({start, end, text: free ? redact(source) : masked(source, node as Scalar)});
		}
	};
	look(doc.contents, false, false);
	let found = '';
	let at = 0;
	for (const {start, end, text: by} of parts.toSorted((a, b) => a.start - b.start)) {
		found += withoutRemarks(text.slice(at, start)) + by;
		at = end;
	}
	return found + withoutRemarks(text.slice(at));
}

/** A comment may keep an old password. Between values a `#` begins nothing else. */
const withoutRemarks = (text: string): string => text.replace(/#[^\r\n]*/g, `# ${mark}`);
