/** A redis URL as clients read it (IANA's `redis` scheme; redis-py, ioredis and kombu agree on these parts). */
export type RedisUrl = {
	user: string;
	/** Decoded; exactly as written when the URL is broken. Null when there is none. */
	password: string | null;
	host: string;
	port: number;
	/** A character that must be percent-encoded stands raw in the password, so that clients look for another host. */
	broken: boolean;
};

const scheme = /^(?:rediss?|valkeys?|keydb):\/\//i;
const place = /^(\[[0-9a-f:.]+\]|[^/?#@:\s]*)(?::(\d+))?(?:[/?].*)?$/i;

export const defaultRedisPort = 6379;

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/** Reads `redis://user:password@host:port/0`; null for any other text, for TLS (`rediss://`) as for plain TCP. */
export function parseRedisUrl(text: string): RedisUrl | null {
	const trimmed = text.trim();
	if (!scheme.test(trimmed)) return null;
	const rest = trimmed.replace(scheme, '');
	const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
	const straight = authority.lastIndexOf('@');
	// Without an `@` before the first `/`, `?` or `#`, one further on tells of a raw character in the password.
	const at = straight >= 0 ? straight : rest.lastIndexOf('@');
	const userInfo = at < 0 ? '' : rest.slice(0, at);
	const broken = straight < 0 && at >= 0;
	const [, host = '', port] = place.exec(rest.slice(at + 1)) ?? [];
	const colon = userInfo.indexOf(':');
	const raw = colon < 0 ? '' : userInfo.slice(colon + 1);
	return {
		user: decoded(colon < 0 ? userInfo : userInfo.slice(0, colon)),
		password: raw === '' ? null : broken ? raw : decoded(raw),
		host: host.replace(/^\[|\]$/g, '') || 'localhost',
		port: Number(port ?? defaultRedisPort),
		broken,
	};
}
