/** One new record of pg_hba.conf. Never `trust`: the type does not know it. */
export type NewHbaRecord = {
	/** Null stands for every database. */
	database: string | null;
	user: string;
	/** `all`, `samenet`, or an address with its prefix length. */
	address: string;
	method: 'scram-sha-256' | 'md5';
};

const plain = /^[a-z_][a-z0-9_$-]*$/i;
/** Words that pg_hba.conf gives a meaning of its own unless they are quoted (PostgreSQL manual, "The pg_hba.conf File"). */
const keywords = new Set(['all', 'sameuser', 'samerole', 'samegroup', 'replication']);

/** Quotes a database or role name as pg_hba.conf's tokenizer reads it: a doubled quote stands for one. */
export const hbaName = (name: string): string =>
	plain.test(name) && !keywords.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;

/** The record as it stands in the file, without a line end. */
export const hbaRecord = ({database, user, address, method}: NewHbaRecord): string =>
	['host', database === null ? 'all' : hbaName(database), hbaName(user), address, method].join(' ');

/** The line that opens the local socket for one role and one database. It stands in the file for seconds only. */
export const socketLine = (database: string, role: string | null): string =>
	['local', hbaName(database), role === null ? 'all' : hbaName(role), 'trust'].join(' ');

/**
 * Puts a record into the text of pg_hba.conf and leaves every other byte as it is.
 * @param content the file as latin1, so that bytes survive
 * @param before 1-based number of the line that must come after the record; null appends
 */
export function withHbaRecord(content: string, record: string, before: number | null): string {
	const end = content.includes('\r\n') ? '\r\n' : '\n';
	const lines = content.split(/(?<=\n)/);
	if (lines.some(line => line.trimEnd() === record)) return content;
	if (before !== null && before >= 1 && before <= lines.length)
		return [...lines.slice(0, before - 1), record + end, ...lines.slice(before - 1)].join('');
	const open = content !== '' && !content.endsWith('\n');
	return `${content}${open ? end : ''}${record}${end}`;
}

/**
 * The network an IPv4 address lies in, as pg_hba.conf wants it.
 * @returns `172.18.0.0/16` for `172.18.0.5` and 16, or the address alone with its full length for anything else
 */
export function networkOf(address: string, prefix: number): string {
	const parts = address.split('.').map(Number);
	const valid = parts.length === 4 && parts.every(part => Number.isInteger(part) && part >= 0 && part <= 255);
	if (!valid) return address.includes(':') ? `${address}/128` : address;
	if (prefix < 1 || prefix > 32) return `${address}/32`;
	const number = parts.reduce((sum, part) => sum * 256 + part, 0);
	const size = 2 ** (32 - prefix);
	const base = Math.floor(number / size) * size;
	return `${[24, 16, 8, 0].map(shift => Math.floor(base / 2 ** shift) % 256).join('.')}/${prefix}`;
}
