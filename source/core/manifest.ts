import {createHash} from 'node:crypto';

/**
 * A manifest is text, one line per entry of a directory: type, mode, uid, gid, size, hash or link target, path.
 * Two directories with equal manifests hold the same files with the same owners, modes and bytes.
 */
export type ManifestSummary = {entries: number; bytes: number; digest: string};

/**
 * A portable shell script (POSIX sh, findutils or BusyBox) that prints the manifest of `$1`, sorted by path, leaving out
 * entries whose name starts with `.compose-medic-`. Sizes of folders are left out: they belong to the file system.
 * BusyBox `find` has no `-printf`, so `stat -c` does it, which both know.
 */
export const manifestScript = `
set -eu
cd "$1"
LC_ALL=C
export LC_ALL
find . -path './.compose-medic-*' -prune -o -type d -exec stat -c 'd %a %u %g 0 - %n' {} +
find . -path './.compose-medic-*' -prune -o -type f -exec sha256sum {} + | sed 's/^\\([0-9a-f]*\\)  /h \\1 /'
find . -path './.compose-medic-*' -prune -o -type f -exec stat -c 'f %a %u %g %s - %n' {} +
find . -path './.compose-medic-*' -prune -o -type l -print | while IFS= read -r link; do
	printf 'l %s -> %s %s\\n' "$(stat -c '%u %g' "$link")" "$(readlink "$link")" "$link"
done
find . -path './.compose-medic-*' -prune -o ! -type d ! -type f ! -type l -exec stat -c 'o %F %a %u %g - %n' {} +
`;

/** Sorts a manifest so that two listings of equal directories are equal text, and counts it. */
export function summarise(manifest: string): ManifestSummary {
	const lines = manifest.split('\n').filter(line => line !== '');
	lines.sort();
	const files = lines.filter(line => line.startsWith('f '));
	return {
		entries: lines.filter(line => !line.startsWith('h ')).length,
		bytes: files.reduce((sum, line) => sum + Number(line.split(' ')[4] ?? 0), 0),
		digest: createHash('sha256').update(lines.join('\n')).digest('hex'),
	};
}

/** The first few paths that two manifests disagree on, for an error that a person can act on. */
export function differences(one: string, other: string, limit = 5): string[] {
	const [a, b] = [new Set(one.split('\n')), new Set(other.split('\n'))];
	const odd = [...[...a].filter(line => !b.has(line)), ...[...b].filter(line => !a.has(line))].filter(
		line => line !== '',
	);
	return [...new Set(odd.map(line => line.slice(line.indexOf(' ./') + 1)))].slice(0, limit);
}
