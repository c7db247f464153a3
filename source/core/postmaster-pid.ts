/** What a running server writes about itself into its data directory. */
export type PostmasterPid = {
	pid: number | null;
	port: number | null;
	/** The first address it listens on: `*`, an address, or empty when it listens on its socket only. */
	address: string;
	/** `starting`, `ready`, `stopping`, `standby`, or empty before it says. */
	status: string;
};

/** Lines 1, 4, 6 and 8 of `postmaster.pid` (PostgreSQL's pidfile.h, LOCK_FILE_LINE_*). */
export function readPostmasterPid(content: string): PostmasterPid {
	const lines = content.split('\n').map(line => line.trim());
	const number = (text: string | undefined): number | null => (text && /^\d+$/.test(text) ? Number(text) : null);
	return {pid: number(lines[0]), port: number(lines[3]), address: lines[5] ?? '', status: lines[7] ?? ''};
}
