// How PostgreSQL guards a page on disk (storage/checksum_impl.h and bufpage.c, unchanged since 9.3).

export const pageSize = 8192;

const lanes = 32;
const prime = 16777619;

/** One start value for each lane; checksum_impl.h holds the same table. */
const offsets = [
	0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c, 0xf8d4474f,
	0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc,
	0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4, 0x783125bb, 0x6ca8eaa2, 0xe407eac6,
	0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
];

const mix = (sum: number, value: number): number => {
	const mixed = sum ^ value;
	return (Math.imul(mixed, prime) ^ (mixed >>> 17)) >>> 0;
};

/** The checksum that a page should carry. @param block its number within the relation, not within the file */
export function pageChecksum(page: Buffer, block: number): number {
	const sums = [...offsets];
	for (let at = 0; at < pageSize; at += lanes * 4)
		for (let lane = 0; lane < lanes; lane++) {
			const place = at + lane * 4;
			// The checksum's own place, the two bytes at 8, counts as zero.
			const value = place === 8 ? (page.readUInt32LE(8) & 0xffff0000) >>> 0 : page.readUInt32LE(place);
			sums[lane] = mix(sums[lane] ?? 0, value);
		}
	for (let round = 0; round < 2; round++) for (let lane = 0; lane < lanes; lane++) sums[lane] = mix(sums[lane] ?? 0, 0);
	const all = sums.reduce((result, sum) => result ^ sum, 0);
	return (((all ^ block) >>> 0) % 65535) + 1;
}

export type PageState = 'sound' | 'empty' | 'wrong-checksum' | 'broken-header' | 'cut-short';

/**
 * What is wrong with a page as it lies on disk: the tests that the server makes when it reads one.
 * @param checksums whether the server keeps checksums; without them only the header can be judged
 */
export function judgePage(page: Buffer, block: number, checksums: boolean): PageState {
	if (page.length < pageSize) return 'cut-short';
	const lower = page.readUInt16LE(12);
	const upper = page.readUInt16LE(14);
	const special = page.readUInt16LE(16);
	// A page that was added and never filled is all zeroes, and valid.
	if (upper === 0) return page.every(byte => byte === 0) ? 'empty' : 'broken-header';
	if (checksums && page.readUInt16LE(8) !== pageChecksum(page, block)) return 'wrong-checksum';
	const flags = page.readUInt16LE(10);
	const sane = (flags & ~7) === 0 && lower <= upper && upper <= special && special <= pageSize && special % 8 === 0;
	return sane ? 'sound' : 'broken-header';
}
