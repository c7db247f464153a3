import type {EnvEntry} from '../probes/compose-files.ts';
import {type Lookup, parseTemplate, references, substitute} from './compose-template.ts';

type Oddity = EnvEntry['oddities'][number];

/** One assignment of an env file. */
export type EnvLine = {
	/** Counted from 1. */
	line: number;
	name: string;
	/** Right-hand side without quotes and comment, before escapes and `$` are resolved; null for a bare name, which the shell gives. */
	text: string | null;
	quote: '"' | "'" | null;
	oddities: Oddity[];
};

export type EnvText = {
	lines: EnvLine[];
	/** Why Compose refuses the file, with the line, or null. */
	problem: {line: number; says: string} | null;
};

const byteOrderMark = '\ufeff';
const blank = /[ \t\v\f\r\u0085\u00a0]/;
const escapes: Record<string, string> = {n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v'};

/** Escapes count between double quotes only (compose-go, package `dotenv`). */
const unescaped = (text: string): string =>
	text.replace(/\\([abcfnrtv"\\$])/g, (_, sign: string) => (sign === '$' ? '$$' : (escapes[sign] ?? sign)));

/** End of a quoted value. A backslash protects the quote between double quotes only. */
function closingQuote(text: string, quote: string, from: number): number {
	for (let at = from; at < text.length; at++) {
		if (text[at] === '\\' && quote === '"') at++;
		else if (text[at] === quote) return at;
	}
	return -1;
}

function oddities(raw: string, text: string, quote: EnvLine['quote'], carriageReturn: boolean): Oddity[] {
	const found: Oddity[] = [];
	if (carriageReturn) found.push('carriage-return');
	if (quote === null && /["']/.test(text)) found.push('inner-quote');
	const bare = quote === '"' ? text.replace(/\\[\\$]/g, '') : text;
	if (quote !== "'" && (bare.includes('$$') || parseTemplate(bare).pieces.some(piece => typeof piece !== 'string')))
		found.push('unquoted-dollar');
	if (quote === null && raw.includes(' #')) found.push('unquoted-hash');
	if (quote !== "'" && text.includes('\\')) found.push('backslash');
	if (text === '') found.push('empty');
	return found;
}

/**
 * Reads an env file by the rules of Compose v2 (compose-go, package `dotenv`): `export` and `NAME: value` are understood, a
 * comment needs a blank before it, quotes count only at the start and may span lines, CRLF and a byte-order mark are taken off.
 * @param content as bytes, because encodings and line ends are evidence
 */
export function parseEnv(content: Uint8Array): EnvText {
	const whole = new TextDecoder('utf-8', {ignoreBOM: true}).decode(content);
	const marked = whole.startsWith(byteOrderMark);
	const source = marked ? whole.slice(1) : whole;
	const lines: EnvLine[] = [];
	let problem: EnvText['problem'] = null;
	let at = 0;
	let line = 1;
	const advance = (to: number): void => {
		for (; at < to; at++) if (source[at] === '\n') line++;
	};
	const lineEnd = (from: number): number => {
		const end = source.indexOf('\n', from);
		return end < 0 ? source.length : end;
	};
	while (at < source.length) {
		if (source[at] === '\n' || blank.test(source[at] ?? '')) {
			advance(at + 1);
			continue;
		}
		const end = lineEnd(at);
		if (source[at] === '#') {
			advance(end);
			continue;
		}
		const head = /^(?:export[ \t]+)?([^=:\n]*)([=:]?)/.exec(source.slice(at, end));
		const name = (head?.[1] ?? '').trimEnd();
		if (!/^[\p{L}\p{N}_.[\]-]+$/u.test(name)) {
			problem ??= {
				line,
				says: /\s/.test(name) ? 'key cannot contain a space' : 'unexpected character in variable name',
			};
			advance(end);
			continue;
		}
		const first = line;
		let start = at + (head?.[0].length ?? 0);
		while (start < end && blank.test(source[start] ?? '') && source[start] !== '\r') start++;
		const sign = source[start];
		if (!head?.[2]) lines.push({line, name, text: null, quote: null, oddities: []});
		if (head?.[2] && (sign === '"' || sign === "'")) {
			const close = closingQuote(source, sign, start + 1);
			if (close < 0) {
				problem ??= {line, says: 'unterminated quoted value'};
				advance(source.length);
				break;
			}
			const text = source.slice(start + 1, close).replace(/\r\n/g, '\n');
			const carriageReturn = source.slice(start, lineEnd(close)).includes('\r');
			lines.push({line: first, name, text, quote: sign, oddities: oddities(text, text, sign, carriageReturn)});
			advance(close + 1);
			continue;
		}
		if (head?.[2]) {
			const raw = source.slice(start, end);
			const text = (raw.replace(/\r$/, '').split(' #')[0] ?? '').trimEnd();
			lines.push({line, name, text, quote: null, oddities: oddities(raw, text, null, raw.includes('\r'))});
		}
		advance(end);
	}
	const seen = new Set<string>();
	for (const entry of lines) {
		if (seen.has(entry.name)) entry.oddities.push('duplicate');
		seen.add(entry.name);
	}
	if (marked) lines[0]?.oddities.push('byte-order-mark');
	return {lines, problem};
}

const templateOf = ({text, quote}: EnvLine) => parseTemplate(quote === '"' ? unescaped(text ?? '') : (text ?? ''));

/** Names whose values an assignment would take in. */
export const referencesOf = (entry: EnvLine, lookup: Lookup): string[] =>
	entry.quote === "'" || entry.text === null
		? []
		: [...new Set(references(templateOf(entry).pieces, lookup).map(({name}) => name))];

/**
 * The values that Compose would take from env files, in order; later files and lines win, and the shell wins over all.
 * @param shell names that are set where Compose runs
 */
export function evaluateEnv(files: readonly EnvText[], shell: Lookup): Map<string, string> {
	const values = new Map<string, string>();
	const lookup: Lookup = name => shell(name) ?? values.get(name);
	for (const {lines} of files)
		for (const entry of lines) {
			const value =
				entry.text === null
					? shell(entry.name)
					: entry.quote === "'"
						? entry.text
						: substitute(templateOf(entry).pieces, lookup);
			if (value !== undefined) values.set(entry.name, value);
		}
	return values;
}

/** The same assignments as they may be told: names, places and oddities, no values. */
export const tellEntries = (file: string, {lines}: EnvText, lookup: Lookup): EnvEntry[] =>
	lines.map(entry => ({
		file,
		line: entry.line,
		name: entry.name,
		oddities: entry.oddities,
		references: referencesOf(entry, lookup),
	}));
