/** `name = value # remark` or `name value`: name, what parts it from its value, value, rest (PostgreSQL manual, 20.1.2; guc-file.l). */
const assignment = /^(\s*)([A-Za-z_][\w$.]*)(\s*=\s*|\s+)('(?:[^'\\]|''|\\.)*'|[^\s#']+)([ \t]*(?:#.*)?)$/;

const plain = /^-?\d+(?:\.\d+)?$/;

/** A number stands as it is; anything else in quotes, as guc-file.l reads it back. */
const written = (value: string): string =>
	plain.test(value) ? value : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/**
 * Gives a setting of a `postgresql.conf` another value and leaves every other byte as it is, the remark behind it included. The last
 * assignment counts, so that is the one that is changed; a setting that is not there is added at the end.
 * @throws Error when the line that sets it can't be understood
 */
export function withSetting(text: string, name: string, value: string): string {
	const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
	const lines = text.split('\n');
	const index = lines.findLastIndex(line => new RegExp(`^\\s*${name}(?:\\s|=)`, 'i').test(line));
	if (index < 0) {
		const open = text !== '' && !text.endsWith('\n') ? lineBreak : '';
		return `${text}${open}${name} = ${written(value)}${lineBreak}`;
	}
	const line = lines[index] ?? '';
	const end = line.endsWith('\r') ? '\r' : '';
	const match = assignment.exec(line.slice(0, line.length - end.length));
	if (!match) throw new Error(`line ${index + 1} can not be understood`);
	const [, indent = '', key = '', between = '', , rest = ''] = match;
	lines[index] = `${indent}${key}${between}${written(value)}${rest}${end}`;
	return lines.join('\n');
}

/** `name = value` or `name value`; a dash is no part of a name here (PostgreSQL manual, "Setting Parameters"). */
const setsAny = /^\s*([A-Za-z_][\w$.]*)\s*(?:=|\s)\s*\S/;

/**
 * A settings file with one assignment made a comment; every other byte stays.
 * @param line counted from 1
 * @returns null when that line does not set this parameter
 */
export function withoutSetting(text: string, name: string, line: number): string | null {
	const lines = text.split('\n');
	const present = lines[line - 1];
	if (present === undefined || setsAny.exec(present)?.[1]?.toLowerCase() !== name.toLowerCase()) return null;
	return lines.with(line - 1, `#${present}`).join('\n');
}
