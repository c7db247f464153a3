import {say} from './say.ts';
import {Trouble} from './trouble.ts';

/** What `pg_controldata` tells about a data directory. */
export type ControlData = {state: string; systemIdentifier: string; version: number};

/** Rows of every user table, by `database`, to be compared between the live server and the copy. */
export type RowCounts = Record<string, {tables: number; rows: number}>;

/** All that was seen while a copy was made and tried. Plain JSON: it is kept beside the journal. */
export type SnapshotEvidence = {
	/** Volume that holds the copy. */
	volume: string;
	systemIdentifier: string;
	state: string;
	/** Digests of the manifests of both sides, taken with the server stopped. */
	sourceDigest: string;
	copyDigest: string;
	entries: number;
	bytes: number;
	/** Counted on the live server before it was stopped; null when it could not be asked. */
	liveCounts: RowCounts | null;
	/** Counted on a throwaway server that ran on a copy of the copy; null until it was tried. */
	copyCounts: RowCounts | null;
	provenAt: string | null;
};

const unproven = (en: string, zh: string): Trouble =>
	new Trouble(
		'snapshot-unproven',
		say('The copy of the data is not proven, so nothing is removed.', '数据副本未通过验证，因此不会删除任何东西。'),
		{
			why: say(en, zh),
			next: say(
				'Run `compose-medic undo` to start everything again as it was.',
				'执行 `compose-medic undo`，让一切恢复原样。',
			),
		},
	);

/** Databases whose row counts differ between the live server and the copy. */
export const countDifferences = (live: RowCounts, copy: RowCounts): string[] =>
	[...new Set([...Object.keys(live), ...Object.keys(copy)])].filter(
		name => live[name]?.rows !== copy[name]?.rows || live[name]?.tables !== copy[name]?.tables,
	);

/**
 * A copy of a data directory that was compared file by file and on which a server has started and counted the same rows.
 * Only `ProvenSnapshot.of` makes one, and only a step that holds one may destroy data.
 */
export class ProvenSnapshot {
	readonly #evidence: SnapshotEvidence;

	private constructor(evidence: SnapshotEvidence) {
		this.#evidence = evidence;
	}

	get evidence(): Readonly<SnapshotEvidence> {
		return this.#evidence;
	}

	/**
	 * @param evidence as recorded when the copy was proven
	 * @param present what `pg_controldata` says about the copy right now: a copy that was touched since is not proven
	 */
	static of(evidence: SnapshotEvidence, present: ControlData): ProvenSnapshot {
		if (evidence.sourceDigest !== evidence.copyDigest)
			throw unproven('The files of the copy differ from the original.', '副本的文件与原件不一致。');
		if (evidence.state !== 'shut down' || present.state !== 'shut down')
			throw unproven(
				`The copy was not taken from a cleanly stopped server (state: ${present.state}).`,
				`副本并非取自干净停止的服务器（状态：${present.state}）。`,
			);
		if (present.systemIdentifier !== evidence.systemIdentifier)
			throw unproven('The copy belongs to another database cluster.', '副本属于另一个数据库集群。');
		if (evidence.provenAt === null || evidence.copyCounts === null)
			throw unproven('No server has been tried on the copy yet.', '还没有在副本上试运行过服务器。');
		const odd = evidence.liveCounts ? countDifferences(evidence.liveCounts, evidence.copyCounts) : [];
		if (odd.length > 0)
			throw unproven(`Row counts differ in: ${odd.join(', ')}.`, `以下数据库的行数不一致：${odd.join('、')}。`);
		return new ProvenSnapshot(evidence);
	}
}

/** Reads `pg_controldata`'s output (LC_ALL=C). Null when there is no control file. */
export function parseControlData(output: string): ControlData | null {
	const field = (name: string): string | null =>
		new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(output)?.[1]?.trim() ?? null;
	const state = field('Database cluster state');
	const systemIdentifier = field('Database system identifier');
	const version = field('pg_control version number');
	return state && systemIdentifier ? {state, systemIdentifier, version: Number(version ?? 0)} : null;
}
