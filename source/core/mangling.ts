/** What can happen to a password on its way from a file into a client. */
export type Mangling =
	| 'carriage-return'
	| 'quotes'
	| 'outer-space'
	| 'dollar'
	| 'url-encoding'
	| 'comment'
	| 'backslash';

type Way = {mangling: Mangling; password: string};

const lineEnd = /[\r\n]+$/;
// Compose replaces `$name` and `${name…}`; `$1` and a lone `$` stay as they are.
const reference = /\$(?:[A-Za-z_]\w*|\{[^}]*\})/g;
const special = /[$#\\"']/;

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

const percentDecoded = (text: string): string =>
	text.replace(/(?:%[0-9A-Fa-f]{2})+/g, encoded => {
		try {
			return decodeURIComponent(encoded);
		} catch {
			return encoded;
		}
	});

/** Percent-encodes everything outside the unreserved characters of RFC 3986, which every client reads the same way. */
export const percentEncoded = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const escapes: Record<string, string> = {n: '\n', r: '\r', t: '\t'};

/** Each rule lists the values it could have been before, and the values it could have become. */
const rules: readonly [Mangling, (password: string) => string[]][] = [
	[
		'carriage-return',
		password => [
			password.replace(lineEnd, ''),
			...(lineEnd.test(password) ? [unquoted(password.replace(lineEnd, ''))] : []),
			`${password}\r`,
			`${password}\n`,
			`${password}\r\n`,
		],
	],
	['quotes', password => [unquoted(password), password.replace(/^["']|["']$/g, ''), `"${password}"`, `'${password}'`]],
	['outer-space', password => [password.trim(), `${password} `, ` ${password}`]],
	[
		'dollar',
		password => [password.replaceAll('$$', '$'), password.replaceAll('$', '$$$$'), password.replace(reference, '')],
	],
	[
		'url-encoding',
		password => [
			percentDecoded(password),
			percentEncoded(password),
			password.replaceAll('+', ' '),
			password.replaceAll(' ', '+'),
			percentDecoded(password.replaceAll('+', ' ')),
		],
	],
	['comment', password => [password.replace(/\s+#.*$/s, ''), password.replace(/#.*$/s, '')]],
	[
		'backslash',
		password => [
			password.replace(/\\(.)/gs, '$1'),
			password.replace(/\\([nrt])/g, (_, letter: string) => escapes[letter] ?? letter),
			password.replaceAll('\\', '\\\\'),
		],
	],
];

/** What it was in an entry that kept the client from getting it as written. */
function manglingOf(raw: string): Mangling {
	if (raw.includes('$')) return 'dollar';
	if (/\s#/.test(raw)) return 'comment';
	if (raw.includes('\\')) return 'backslash';
	return /["']/.test(raw) ? 'quotes' : 'outer-space';
}

/** What a person can have meant by an entry: all of it, without its quotes, or without the comment behind it. */
function readings(raw: string): string[] {
	const whole = raw.trim();
	const bare = whole.replace(/\s+#.*$/, '');
	return [unquoted(whole), whole, unquoted(bare), bare, raw];
}

/** Whether a client's value can have come out of this entry: both begin alike, up to the first character that is read specially. */
function canComeFrom(password: string, raw: string): boolean {
	const body = raw.trim().replace(/^["']/, '');
	const at = body.search(special);
	return at >= 0 && password.startsWith(body.slice(0, at).trimEnd());
}

/**
 * Passwords that are one well-known mangling away from this one, in the order in which they are met in practice. Pure: whether
 * one of them is right is for the stored verifier to tell.
 * @param raw right-hand sides of `.env` entries exactly as written: Compose may have cut the value before the client got it
 */
export function waysOfMangling(password: string, raw: readonly string[] = []): Way[] {
	const written = raw
		.filter(text => canComeFrom(password, text))
		.flatMap(text => readings(text).map(literal => ({mangling: manglingOf(text), password: literal})));
	const derived = rules.flatMap(([mangling, derive]) => derive(password).map(value => ({mangling, password: value})));
	const seen = new Set([password, '']);
	return [...written, ...derived].filter(({password: value}) => !seen.has(value) && seen.add(value));
}

/** The manglings that show in a password itself, taken back. */
export function evidentManglings(password: string): Way[] {
	const ways: Way[] = [
		{mangling: 'carriage-return', password: password.replace(lineEnd, '')},
		{mangling: 'quotes', password: unquoted(password)},
		{mangling: 'outer-space', password: password.trim()},
	];
	const seen = new Set([password, '']);
	return ways.filter(({password: value}) => !seen.has(value) && seen.add(value));
}
