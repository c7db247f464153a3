/** Edits between two words: insert, delete, replace, or swap two neighbours (optimal string alignment). */
function distance(one: string, other: string): number {
	const rows: number[][] = [Array.from({length: other.length + 1}, (_, column) => column)];
	const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
	for (let row = 1; row <= one.length; row++) {
		rows[row] = [row];
		for (let column = 1; column <= other.length; column++) {
			const same = one[row - 1] === other[column - 1];
			const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
			rows[row]?.push(
				Math.min(
					at(row - 1, column) + 1,
					at(row, column - 1) + 1,
					at(row - 1, column - 1) + (same ? 0 : 1),
					swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
				),
			);
		}
	}
	return at(one.length, other.length);
}

/** The word that was probably meant: a near spelling, else the only one that begins like it, or null. */
export function nearest(word: string, among: readonly string[]): string | null {
	const given = word.toLowerCase();
	const near = among
		.map(candidate => ({candidate, edits: distance(given, candidate.toLowerCase())}))
		.filter(({candidate, edits}) => edits <= Math.max(1, Math.floor(Math.min(candidate.length, given.length) / 3)))
		.sort((a, b) => a.edits - b.edits)[0];
	if (near) return near.candidate;
	const alike = given.length < 3 ? [] : among.filter(candidate => candidate.toLowerCase().includes(given));
	return alike.length === 1 ? (alike[0] ?? null) : null;
}
