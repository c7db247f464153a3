import {evaluateEnv, parseEnv} from './compose-dotenv.ts';
import type {Lookup} from './compose-template.ts';

/** One assignment in an env file, with where its parts stand in the text. */
export type EnvStatement = {
	name: string;
	/** Offset of the raw value, its quotes included. */
	start: number;
	end: number;
	quote: '"' | "'" | null;
	/** The raw value without its quotes. */
	raw: string;
	/** A name without `=`: Compose takes the value from the shell. */
	inherited: boolean;
	/** Offset of the end of the line that the value ends on, the line end excluded. */
	lineEnd: number;
};

const blank = /[\t\v\f\r \u0085\u00a0]/;
const nameOnly = /^[\p{L}\p{N}_.[\]-]+$/u;
const newline = '\n';

/** Where a quoted value ends: the offset behind its closing quote, or -1 when it is never closed. */
function closing(text: string, start: number, quote: string): number {
	for (let at = start + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === quote) return at + 1;
	}
	return -1;
}

function lineEndAt(text: string, from: number): number {
	const at = text.indexOf(newline, from);
	const end = at < 0 ? text.length : at;
	return text[end - 1] === '\r' ? end - 1 : end;
}

/**
 * The assignments of an env file as Compose v2 finds them (compose-go, dotenv/parser.go): `export`, `NAME: value`, quoted values
 * over several lines, comments. A line that Compose refuses is passed over.
 */
export function envStatements(text: string): EnvStatement[] {
	const found: EnvStatement[] = [];
	let at = text.startsWith('\ufeff') ? 1 : 0;
	while (at < text.length) {
		const char = text[at] ?? '';
		if (char === newline || blank.test(char)) {
			at++;
			continue;
		}
		const lineEnd = lineEndAt(text, at);
		const next = text.indexOf(newline, at) < 0 ? text.length : text.indexOf(newline, at) + 1;
		const head = /^(?:export[^\S\n]+)?([^=:\n]*)([=:]?)/.exec(text.slice(at, lineEnd));
		const name = head?.[1]?.trim() ?? '';
		if (char === '#' || !head || !nameOnly.test(name)) {
			at = next;
			continue;
		}
		let start = at + head[0].length;
		if (head[2] === '') {
			found.push({name, start, end: start, quote: null, raw: '', inherited: true, lineEnd});
			at = next;
			continue;
		}
		while (start < lineEnd && blank.test(text[start] ?? '')) start++;
		const quote = text[start];
		const end = quote === '"' || quote === "'" ? closing(text, start, quote) : -1;
		if (end > 0 && (quote === '"' || quote === "'")) {
			found.push({
				name,
				start,
				end,
				quote,
				raw: text.slice(start + 1, end - 1),
				inherited: false,
				lineEnd: lineEndAt(text, end),
			});
			at = end;
			continue;
		}
		const raw = (text.slice(start, lineEnd).split(' #')[0] ?? '').trimEnd();
		found.push({name, start, end: start + raw.length, quote: null, raw, inherited: false, lineEnd});
		at = next;
	}
	return found;
}

/**
 * Every value of an env file as Compose v2 reads it; the last assignment of a name counts.
 * @param shell variables of the shell: they are seen before those of the file, as Compose sees them
 */
export const readEnv = (text: string, shell: Lookup = () => undefined): Map<string, string> =>
	evaluateEnv([parseEnv(Buffer.from(text, 'utf8'))], shell);

/** @returns null when the file does not define it */
export const readEnvValue = (text: string, name: string, shell?: Lookup): string | null =>
	readEnv(text, shell).get(name) ?? null;

const plain = /^[A-Za-z0-9_./:@%+=,-]*$/;
const fitsSingle = (value: string): boolean => !/['\r\n]/.test(value) && !value.endsWith('\\');

const inDouble = (value: string): string =>
	`"${value
		.replace(/[\\"$]/g, mark => `\\${mark}`)
		.replaceAll('\n', '\\n')
		.replaceAll('\r', '\\r')}"`;

/**
 * Writes a value so that Compose v2 reads exactly it, in the wanted style where that is possible. Inside single quotes nothing
 * is replaced, so they are the first choice for anything that is not plain; `'` and a closing backslash need double quotes.
 */
export function quoteEnvValue(value: string, style: '"' | "'" | null = null): string {
	if (style === null && plain.test(value)) return value;
	return style !== '"' && fitsSingle(value) ? `'${value}'` : inDouble(value);
}

const lineBreakOf = (text: string): string =>
	(text.match(/\r\n/g)?.length ?? 0) * 2 > (text.match(/\n/g)?.length ?? 0) ? '\r\n' : '\n';

function appended(text: string, name: string, value: string): string {
	const lineBreak = lineBreakOf(text);
	const open = text !== '' && text !== '\ufeff' && !text.endsWith('\n');
	return `${text}${open ? lineBreak : ''}${name}=${quoteEnvValue(value)}${lineBreak}`;
}

/** Offset up to which the old value goes: a comment that is really the rest of the wanted value goes with it. */
const replacedUpTo = (text: string, {start, end, lineEnd}: EnvStatement, value: string): number =>
	text.slice(start, lineEnd).trimEnd() === value ? lineEnd : end;

/**
 * Sets one variable and leaves every other byte as it is: comments, order, line ends, byte order mark, `export`, blanks around `=`.
 * The assignment that counts (the last one) is changed; a name that is not there is added at the end.
 * @throws Error for a value that no env file can hold
 */
export function setEnvValue(text: string, name: string, value: string): string {
	if (value.includes('\0')) throw new Error('an env file holds no NUL');
	const statement = envStatements(text).findLast(one => one.name === name);
	if (!statement) return appended(text, name, value);
	const {start, lineEnd, inherited, quote} = statement;
	// Compose before 2.27 took `A= # text` for a value; whoever wrote it meant a comment.
	const commented = quote === null && statement.raw.startsWith('#');
	const written = commented ? `${quoteEnvValue(value)} ` : `${inherited ? '=' : ''}${quoteEnvValue(value, quote)}`;
	for (const end of [commented ? start : replacedUpTo(text, statement, value), lineEnd]) {
		const changed = text.slice(0, start) + written + text.slice(end);
		if (readEnvValue(changed, name) === value) return changed;
	}
	throw new Error('this line can not be changed safely');
}
