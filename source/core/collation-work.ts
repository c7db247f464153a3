/** An index whose order comes from a collation that has changed. */
export type StaleIndex = {
	/** Quoted and with its schema, as SQL takes it. */
	index: string;
	table: string;
	bytes: number;
	unique: boolean;
	/** False where `REINDEX … CONCURRENTLY` is refused: the index of an exclusion constraint. */
	concurrently: boolean;
};

/** What has to be built anew in one database before its collation version may be called refreshed. */
export type CollationWork = {
	indexes: StaleIndex[];
	/** Other collations in use there whose version has changed, quoted. */
	collations: {name: string; recorded: string; actual: string}[];
	/** Tables that are partitioned by ranges of text: no index holds what may be in the wrong partition. */
	partitioned: string[];
};

/** Bytes per second, on the careful side: an index is read, sorted and written. */
const pace = 10 * 1024 * 1024;

export const secondsFor = (indexes: readonly StaleIndex[]): number =>
	Math.ceil(indexes.reduce((sum, {bytes}) => sum + bytes, 0) / pace);

/**
 * Room that rebuilding them one after the other takes at most: the new copy and the sort beside the old one of the largest, and write-ahead
 * log for it. Bytes.
 */
export const roomFor = (indexes: readonly StaleIndex[]): number =>
	3 * Math.max(0, ...indexes.map(({bytes}) => bytes)) + 64 * 1024 * 1024;
