/** What a health check of PostgreSQL logs in as; null for a part that only the running shell would know. */
export type CheckedLogin = {user: string | null; database: string | null};

const words = (text: string): string[] =>
	[...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(
		([, double, single, bare]) => double ?? single ?? bare ?? '',
	);

function option(list: readonly string[], short: string, long: string): string | undefined {
	for (const [index, word] of list.entries()) {
		if (word === `-${short}` || word === `--${long}`) return list[index + 1];
		if (word.startsWith(`--${long}=`)) return word.slice(long.length + 3);
		if (word.startsWith(`-${short}`) && word.length > 2 && !word.startsWith('--')) return word.slice(2);
	}
	return undefined;
}

/**
 * Reads which role and database a check with `pg_isready` or `psql` asks for, with their presets: the role is the user that the check runs
 * as, and the database is called like the role (PostgreSQL's documentation, pg_isready).
 * @param test as the engine keeps it: `CMD`, or `CMD-SHELL`, and words
 * @param runsAs the user that checks run as in this container
 * @param lookup the value of a variable of the container, as far as it is known
 */
export function checkedLogin(
	test: readonly string[],
	runsAs: string,
	lookup: (name: string) => string | null,
): CheckedLogin | null {
	const text = test[0] === 'CMD-SHELL' ? (test[1] ?? '') : null;
	const all = text === null ? test.slice(1) : words(text.split(/\|\||&&|;/)[0] ?? '');
	const at = all.findIndex(word => /(?:^|\/)(?:pg_isready|psql)$/.test(word));
	if (at < 0) return null;
	const own = all.slice(at + 1);
	const value = (written: string | undefined): string | null | undefined => {
		if (written === undefined) return undefined;
		let known = true;
		const whole = written.replace(/\$\{?(\w+)(?::?-[^}]*)?\}?/g, (_, name: string) => {
			const found = lookup(name);
			if (found === null) known = false;
			return found ?? '';
		});
		// A connection string names its parts itself.
		return known && !/=|:\/\//.test(whole) ? whole : null;
	};
	const user = value(option(own, 'U', 'username')) ?? (option(own, 'U', 'username') === undefined ? runsAs : null);
	const database = value(option(own, 'd', 'dbname'));
	return {user, database: database === undefined ? user : database};
}
