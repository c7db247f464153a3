const contextLines = 1;

/** Longest common lines of two short stretches, as pairs of indexes. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
	const width = b.length + 1;
	const length = new Uint32Array((a.length + 1) * width);
	for (let i = a.length - 1; i >= 0; i--)
		for (let j = b.length - 1; j >= 0; j--)
			length[i * width + j] =
				a[i] === b[j]
					? (length[(i + 1) * width + j + 1] ?? 0) + 1
					: Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0);
	const pairs: [number, number][] = [];
	for (let i = 0, j = 0; i < a.length && j < b.length; )
		if (a[i] === b[j]) pairs.push([i++, j++]);
		else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0)) i++;
		else j++;
	return pairs;
}

/** Beyond this many changed lines the stretch is told as a whole: nobody reads a finer difference. */
const most = 400;

type Line = {sign: ' ' | '-' | '+'; text: string; old: number; now: number};

function compared(before: readonly string[], after: readonly string[]): Line[] {
	let head = 0;
	while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
	let tail = 0;
	while (
		tail < Math.min(before.length, after.length) - head &&
		before[before.length - 1 - tail] === after[after.length - 1 - tail]
	)
		tail++;
	const a = before.slice(head, before.length - tail);
	const b = after.slice(head, after.length - tail);
	const lines: Line[] = [];
	let old = 0;
	let now = 0;
	const same = (text: string): number => lines.push({sign: ' ', text, old: old++, now: now++});
	const gone = (text: string): number => lines.push({sign: '-', text, old: old++, now});
	const fresh = (text: string): number => lines.push({sign: '+', text, old, now: now++});
	for (const text of before.slice(0, head)) same(text);
	const pairs = a.length <= most && b.length <= most ? common(a, b) : [];
	for (const [i, j] of [...pairs, [a.length, b.length] as const]) {
		while (old < head + i) gone(a[old - head] ?? '');
		while (now < head + j) fresh(b[now - head] ?? '');
		if (i < a.length) same(a[i] ?? '');
	}
	for (const text of before.slice(before.length - tail)) same(text);
	return lines;
}

/**
 * The lines that change, as `diff -u` shows them with one line around each change.
 * @param name of the file, for both heads
 * @returns '' for equal texts
 */
export function lineDiff(name: string, before: string, after: string): string {
	const split = (text: string): string[] => text.replace(/\n$/, '').split(/\r?\n/);
	const lines = compared(split(before), split(after));
	const isNear = (index: number): boolean =>
		lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({sign}) => sign !== ' ');
	const hunks: Line[][] = [];
	lines.forEach((line, index) => {
		if (!isNear(index)) return;
		if (index > 0 && isNear(index - 1)) hunks.at(-1)?.push(line);
		else hunks.push([line]);
	});
	if (hunks.length === 0) return '';
	const part = (hunk: readonly Line[], without: '-' | '+', start: number): string =>
		`${start + 1},${hunk.filter(({sign}) => sign !== without).length}`;
	return [
		`--- ${name}`,
		`+++ ${name}`,
		...hunks.flatMap(hunk => [
			`@@ -${part(hunk, '+', hunk[0]?.old ?? 0)} +${part(hunk, '-', hunk[0]?.now ?? 0)} @@`,
			...hunk.map(({sign, text}) => `${sign}${text}`),
		]),
	].join('\n');
}

/** Which lines a difference is about, without what stands on them. */
export const placesIn = (diff: string): string =>
	diff
		.split('\n')
		.filter(line => line.startsWith('@@ '))
		.join('\n');
