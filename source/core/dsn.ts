/** A connection URL as clients read it, or the best guess at what was meant when they can't. */
export type Dsn = {
	user: string;
	/** Decoded; exactly as written when the URL is broken. Null when there is none. */
	password: string | null;
	/** Empty when the URL names none, which means the local socket. */
	host: string;
	port: number;
	database: string;
	/** What keeps clients from reading it as meant: the characters to encode, such as "`@` → `%40`". Null when they can. */
	problem: string | null;
};

const scheme = /^(?:jdbc:)?(?:postgres|postgresql|postgis|pgsql|psql)(?:\+[\w.-]+)?:\/\//i;
const defaultPort = 5432;

/** Whether a value is a URL of a PostgreSQL server, in any of the spellings that frameworks use (`postgresql+asyncpg://`, `jdbc:postgresql://`). */
export const isDsn = (text: string): boolean => scheme.test(text);

/** Characters that at least one of libpq, node-postgres, pgx and asyncpg refuses or misreads when they stand raw in a password. */
const unsafe = /[@/#?[\]"\s]|%(?![0-9A-Fa-f]{2})/g;
const hostPart = /^(\[[0-9A-Fa-f:.]*\]|[^/?#@:[\]\s]*)(?::(\d*))?(?:,[^/?]*)?(?:\/([^?]*))?(?:\?(.*))?$/;

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

const encoded = (mark: string): string =>
	`\`${mark}\` → \`%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}\``;

/**
 * Where user and password end. Clients take the first `@` before any `/`, `?` or `#`; when that reading makes no sense, a raw
 * character stands in the password and the last `@` that is followed by something like a host is the one that was meant.
 */
function split(rest: string): {userInfo: string | null; location: string; asClientsRead: boolean} {
	const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
	const at = authority.indexOf('@');
	const straight = at < 0 ? rest : rest.slice(at + 1);
	const [beforeQuery = ''] = rest.slice(authority.length).split(/\?(?=\w+=)/);
	const strayAt = beforeQuery.includes('@') || (at >= 0 && authority.indexOf('@', at + 1) >= 0);
	if (!strayAt && hostPart.test(straight))
		return {userInfo: at < 0 ? null : rest.slice(0, at), location: straight, asClientsRead: true};
	for (let last = rest.lastIndexOf('@'); last > 0; last = rest.lastIndexOf('@', last - 1)) {
		const location = rest.slice(last + 1);
		if (hostPart.test(location)) return {userInfo: rest.slice(0, last), location, asClientsRead: false};
	}
	return {userInfo: at < 0 ? null : rest.slice(0, at), location: straight, asClientsRead: false};
}

/**
 * Reads a connection URL, or returns null for any other text. Percent-encoding and the parameters `user`, `password`, `host`, `port`
 * and `dbname` follow libpq (PostgreSQL's documentation, 34.1.1.2); `+` is a plus in every client.
 */
export function parseDsn(text: string): Dsn | null {
	const trimmed = text.trim();
	if (!isDsn(trimmed)) return null;
	const {userInfo, location, asClientsRead} = split(trimmed.replace(scheme, ''));
	const [, host = '', port = '', path = '', query = ''] = hostPart.exec(location) ?? [];
	const parameters = new Map(
		query.split('&').map(pair => {
			const [key = '', ...value] = pair.split('=');
			return [key, decoded(value.join('='))];
		}),
	);
	const colon = userInfo?.indexOf(':') ?? -1;
	const rawUser = colon < 0 ? (userInfo ?? '') : (userInfo ?? '').slice(0, colon);
	const rawPassword = colon < 0 ? null : (userInfo ?? '').slice(colon + 1);
	const marks = [...new Set((userInfo ?? '').match(unsafe))].map(encoded);
	const broken = marks.length > 0 || !asClientsRead;
	const user = parameters.get('user') ?? decoded(rawUser);
	const password =
		parameters.get('password') ?? (rawPassword === null ? null : broken ? rawPassword : decoded(rawPassword));
	return {
		user,
		password: password === '' ? null : password,
		host: parameters.get('host') ?? decoded(host.replace(/^\[|\]$/g, '')),
		port: Number(parameters.get('port') || port) || defaultPort,
		database: parameters.get('dbname') ?? (decoded(path) || user),
		problem: broken ? marks.join(', ') || '`host:port`' : null,
	};
}
