/** Refused here rather than by the server: PostgreSQL text can't hold a zero byte, and our scripts hold one statement per line. */
const forbidden = /[\0\r\n]/;

/** Quotes an identifier: `"` doubled (PostgreSQL manual, 4.1.1). */
export function quoteIdentifier(name: string): string {
	if (name === '' || forbidden.test(name)) throw new Error('not a name that can be quoted on one line');
	return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Quotes a string literal so that it means the same whatever `standard_conforming_strings` says:
 * a text with backslashes is written as `E'…'` (PostgreSQL manual, 4.1.2.2).
 */
export function quoteLiteral(text: string): string {
	if (forbidden.test(text)) throw new Error('not a text that can be quoted on one line');
	const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
	return text.includes('\\') ? `E${quoted}` : quoted;
}

/**
 * Splits the rows that `postgres --single` prints into the form `psql -At` with tab separators has.
 * Its format is fixed in PostgreSQL's `debugtup` (access/common/printtup.c): a block per row between `----` lines,
 * one `n: name = "value"` line per column that is not NULL.
 */
export function singleUserRows(output: string): string {
	const rows: string[][] = [];
	let row: string[] = [];
	for (const line of output.split('\n')) {
		if (/^\t----$/.test(line)) {
			if (row.length > 0) rows.push(row);
			row = [];
			continue;
		}
		const value = /^\t\s*\d+: .*? = "(.*)"\t\(typeid = \d+/.exec(line.replace(/^(backend> )+/, ''))?.[1];
		if (value !== undefined) row.push(value);
	}
	return rows.map(columns => `${columns.join('\t')}\n`).join('');
}

const verifier = /SCRAM-SHA-256\$[^\s'"]+|\bmd5[0-9a-f]{32}\b/g;

/**
 * What went wrong, out of psql's or the server's output: only the ERROR and FATAL texts, never statement text, and
 * anything that looks like a stored verifier masked.
 */
export function sqlError(output: string): string {
	const lines = output
		.split('\n')
		.map(line => /(?:ERROR|FATAL|PANIC|error): .*$/.exec(line)?.[0] ?? '')
		.filter(line => line !== '');
	return [...new Set(lines)].slice(0, 3).join(' / ').replaceAll(verifier, '•••').slice(0, 500);
}

/**
 * A statement as it may be shown: its words and names stay, and what may be somebody's data goes: texts, numbers, comments. A text that
 * was cut off in the middle goes to its end.
 */
export const withoutValues = (sql: string): string =>
	sql
		.replace(/--[^\n]*|\/\*.*?(?:\*\/|$)/gs, ' ')
		.replace(/\$(\w*)\$.*?(?:\$\1\$|$)/gs, '…')
		.replace(/'(?:[^']|'')*(?:'|$)/g, '…')
		.replace(/(?<![\w"])\d+(?:\.\d+)?/g, '…')
		.replace(/\s+/g, ' ')
		.trim();
