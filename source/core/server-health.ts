/** Sessions that have role, database, program, address and state in common. Times are seconds. */
export type Holder = {
	role: string | null;
	database: string | null;
	application: string | null;
	/** The client's address; null over the local socket. */
	address: string | null;
	state: string | null;
	count: number;
	/** How long the one that has been in this state longest is in it; null where only process titles could be read. */
	longest: number | null;
};

/** A session that takes part in waiting for a lock. Times are seconds. */
export type LockSession = {
	pid: number;
	role: string | null;
	database: string | null;
	application: string | null;
	address: string | null;
	state: string | null;
	/** Age of its transaction. */
	transaction: number | null;
};

/** One session waits for another, as pg_blocking_pids tells. */
export type LockWait = {pid: number; blocker: number; waited: number};

/** A row of pg_replication_slots. Sizes are bytes. */
export type Slot = {
	name: string;
	kind: 'physical' | 'logical' | string;
	database: string | null;
	active: boolean;
	/** `reserved`, `extended`, `unreserved`, `lost`; null before PostgreSQL 13. */
	status: string | null;
	/** Write-ahead log that the slot keeps; null for a slot that keeps none. */
	retained: number | null;
};

/** What each database's row in pg_database and pg_stat_database says about its health. */
export type DatabaseAge = {
	name: string;
	/** age(datfrozenxid): transactions since the oldest row that is not frozen. */
	age: number;
	/** The same for multixacts. */
	multi: number;
	/** Pages that failed their checksum; null without checksums. */
	failures: number | null;
	failedAt: string | null;
};

/** Who keeps old transactions alive, so that vacuum can't freeze past them. */
export type AgeHolder = {kind: 'session' | 'slot' | 'prepared'; name: string; age: number};

/** A row of pg_subscription with its worker. */
export type Subscription = {
	name: string;
	database: string | null;
	enabled: boolean;
	/** Whether a worker runs and has received something. */
	working: boolean;
};

/** One server at one moment, as its statistics and shared catalogs tell. */
export type ServerHealth = {
	maxConnections: number;
	/** Slots that only superusers, and from 16 on roles that were given the right, may take. */
	reservedConnections: number;
	/** Client sessions, ours left out. */
	connections: number;
	holders: Holder[];
	sessions: LockSession[];
	waits: LockWait[];
	slots: Slot[];
	/** `max_wal_size` and `max_slot_wal_keep_size` in bytes; the latter null where nothing bounds it. */
	maxWalSize: number;
	slotLimit: number | null;
	databases: DatabaseAge[];
	freezeMaxAge: number;
	ageHolders: AgeHolder[];
	standby: {
		/** Whether `primary_conninfo` names a primary, and `restore_command` an archive. */
		follows: boolean;
		archive: boolean;
		receiver: {status: string; host: string | null} | null;
		/** Seconds since the last transaction that was replayed. */
		lag: number | null;
	} | null;
	subscriptions: Subscription[];
};

/** Sessions that block others and wait for nobody themselves, each with how many wait for it in the end and for how long. */
export function rootBlockers({
	sessions,
	waits,
}: Pick<ServerHealth, 'sessions' | 'waits'>): {session: LockSession; waiting: LockSession[]; longest: number}[] {
	const waiting = new Set(waits.map(({pid}) => pid));
	const roots = [...new Set(waits.map(({blocker}) => blocker))].filter(pid => !waiting.has(pid));
	return roots.flatMap(root => {
		const session = sessions.find(({pid}) => pid === root);
		if (!session) return [];
		const behind = new Set<number>([root]);
		for (let grown = true; grown; ) {
			const more = waits.filter(({pid, blocker}) => behind.has(blocker) && !behind.has(pid));
			for (const {pid} of more) behind.add(pid);
			grown = more.length > 0;
		}
		const reached = waits.filter(({pid}) => pid !== root && behind.has(pid));
		return [
			{
				session,
				waiting: sessions.filter(({pid}) => pid !== root && behind.has(pid)),
				longest: Math.max(...reached.map(({waited}) => waited)),
			},
		];
	});
}

/** `postgres: [cluster:] role database address(port) state`, as a server process calls itself (PostgreSQL's ps_status.c). */
const title =
	/^postgres: (?:\S+: )?(\S+) (\S+) (\[local\]|\S+?)(?:\(\d+\))? (idle in transaction(?: \(aborted\))?|idle|[A-Z].*)$/;

/** Client sessions counted by the titles of the server's processes: what can still be read when no session is left for us. */
export function holdersFromTitles(titles: readonly string[]): Holder[] {
	const holders = new Map<string, Holder>();
	for (const text of titles) {
		const [, role, database, address, word] = title.exec(text.trim()) ?? [];
		if (!role || !database || !address || !word) continue;
		const state = word.startsWith('idle') ? word : 'active';
		const key = JSON.stringify([role, database, address, state]);
		const known = holders.get(key);
		if (known) known.count += 1;
		else
			holders.set(key, {
				...{role, database, application: null, state, count: 1, longest: null},
				address: address === '[local]' ? null : address,
			});
	}
	return [...holders.values()].sort((one, other) => other.count - one.count);
}
