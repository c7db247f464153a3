/** A client session as `pg_stat_activity` tells it. Moments are ISO 8601 in UTC with microseconds, so that they can be compared again. */
export type IdleSession = {
	pid: number;
	/** When it began: with the pid it is this session and no other. Clock ticks since the machine's start where processes were read. */
	born: string;
	role: string;
	database: string;
	application: string | null;
	/** Null over the local socket. */
	address: string | null;
	state: string;
	/** Since when it is in that state; null where processes were read. */
	since: string | null;
	/** Seconds for which it has been so; where processes were read, how long it has lived. */
	idle: number;
	/** Whether it must not be ended although it is idle: it holds an advisory lock, or is somebody's maintenance. */
	kept: boolean;
};

/** One server process as `/proc` shows it. */
export type ProcessLook = {pid: number; born: number; wakes: number; title: string};

/** Of Linux, for every program: `getconf CLK_TCK` (proc(5)). */
const ticksPerSecond = 100;

/**
 * What the shell script below prints: `uptime` in seconds on the first line, then pid, start, times it gave up the processor of its
 * own accord, and title, parted by tabs.
 */
export function readLooks(output: string): {uptime: number; processes: ProcessLook[]} {
	const [first = '', ...lines] = output.split('\n');
	const processes = lines.flatMap(line => {
		const [pid, born, wakes, title] = line.split('\t');
		return pid && born && wakes && title
			? [{pid: Number(pid), born: Number(born), wakes: Number(wakes), title: title.trim()}]
			: [];
	});
	return {uptime: Number.parseFloat(first), processes};
}

/** Fields 4 and 22 of `/proc/PID/stat` (proc(5)) stand behind the command's name, which may hold anything. */
export const lookScript = `
read -r up rest </proc/uptime; echo "$up"
for p in /proc/[0-9]*; do
	read -r name <"$p/comm" || continue
	[ "$name" = postgres ] || continue
	title=$(tr -d '\\000' <"$p/cmdline") || continue
	read -r stat <"$p/stat" || continue
	set -- \${stat##*) }
	wakes=
	while read -r key value; do [ "$key" != voluntary_ctxt_switches: ] || wakes=$value; done <"$p/status"
	printf '%s\\t%s\\t%s\\t%s\\n' "\${p#/proc/}" "\${20}" "$wakes" "$title"
done 2>/dev/null
true`;

/** `postgres: [cluster:] role database address(port) state`; a session without an address of its own is somebody on the machine. */
const session =
	/^postgres: (?:\S+: )?(\S+) (\S+) ([0-9a-f.:]+)\(\d+\) (idle|idle in transaction|idle in transaction \(aborted\))$/i;
const notClients = new Set(['walsender', 'autovacuum', 'logical', 'parallel']);

/** Sessions that were idle in both looks and did not wake in between: PostgreSQL sleeps until its client says something. */
export function asleep(before: string, after: string): IdleSession[] {
	const known = new Map(readLooks(before).processes.map(one => [one.pid, one]));
	const {uptime, processes} = readLooks(after);
	return processes.flatMap(({pid, born, wakes, title}) => {
		const [, role, database, address, state] = session.exec(title) ?? [];
		const then = known.get(pid);
		if (!role || !database || !address || !state || notClients.has(role)) return [];
		if (then?.born !== born || then.wakes !== wakes || then.title !== title) return [];
		return [
			{
				...{pid, born: String(born), role, database, application: null, address, state, since: null, kept: false},
				idle: Math.floor(uptime - born / ticksPerSecond),
			},
		];
	});
}
