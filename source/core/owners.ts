/** Whose each file was: `uid:gid path`, one a line, as `stat -c '%u:%g %n'` prints it. */
export type Owners = ReadonlyMap<string, string[]>;

/**
 * Reads a list of owners and groups the paths by them.
 * @throws Error for a line that is none, such as the rest of a name with a line break in it, or a name that is not UTF-8: such a
 * list could not be put back
 */
export function readOwners(text: string): Owners {
	const owners = new Map<string, string[]>();
	for (const line of text.split('\n')) {
		if (line === '') continue;
		const [, owner, path] = /^(\d+:\d+) (\/.*)$/.exec(line) ?? [];
		if (owner === undefined || path === undefined || path.includes('\uFFFD'))
			throw new Error(`a file with an odd name: ${line.slice(0, 80)}`);
		const paths = owners.get(owner);
		if (paths) paths.push(path);
		else owners.set(owner, [path]);
	}
	return owners;
}

export const countOwned = (owners: Owners): number =>
	[...owners.values()].reduce((sum, paths) => sum + paths.length, 0);
