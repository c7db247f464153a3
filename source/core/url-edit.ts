const reference = /\$\{[^}]*\}|\$[A-Za-z_]\w*/g;
const hostPart = /^(?:\[[^\]]*\]|[^/?#@:[\]\s]*)(?::[^/?#@:\s]*)?(?:[/?#].*)?$/s;

/** Where the parts of a connection URL stand, the URL as it is written: it may hold references and raw reserved characters. */
function partsOf(url: string): {password: [number, number] | null; address: [number, number]; userEnd: number} | null {
	// References may hold colons and slashes of their own, which are no part of the URL's grammar.
	const flat = url.replace(reference, text => 'x'.repeat(text.length));
	const scheme = /^\s*[a-z][\w+.-]*(?::[\w+.-]+)*:\/\//i.exec(flat)?.[0].length;
	if (scheme === undefined) return null;
	let at = flat.lastIndexOf('@');
	while (at > scheme && !hostPart.test(flat.slice(at + 1).trimEnd())) at = flat.lastIndexOf('@', at - 1);
	const hasUser = at >= scheme;
	const hostStart = hasUser ? at + 1 : scheme;
	const length = /^(?:\[[^\]]*\]|[^/?#:\s]*)(?::[^/?#\s]*)?/.exec(flat.slice(hostStart))?.[0].length ?? 0;
	const colon = hasUser ? flat.slice(scheme, at).indexOf(':') : -1;
	return {
		password: colon < 0 ? null : [scheme + colon + 1, at],
		address: [hostStart, hostStart + length],
		userEnd: hasUser ? at : -1,
	};
}

/**
 * Puts another password into a connection URL and leaves every other character as it is.
 * @param password as it shall stand there: percent-encoded, or a reference such as `${NAME}`
 * @returns null when the text is no URL or names no user
 */
export function setUrlPassword(url: string, password: string): string | null {
	const parts = partsOf(url);
	if (!parts || parts.userEnd < 0) return null;
	const [start, end] = parts.password ?? [parts.userEnd, parts.userEnd];
	return `${url.slice(0, start)}${parts.password ? '' : ':'}${password}${url.slice(end)}`;
}

/** Puts another `host:port` into a connection URL. Null when the text is no URL. */
export function setUrlAddress(url: string, address: string): string | null {
	const parts = partsOf(url);
	return parts && url.slice(0, parts.address[0]) + address + url.slice(parts.address[1]);
}
