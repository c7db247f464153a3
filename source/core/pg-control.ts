/** What a server last wrote about its data as a whole (`global/pg_control`). */
export type PgControl = {
	systemIdentifier: string;
	state: 'starting' | 'shut-down' | 'shutting-down' | 'in-recovery' | 'in-production' | 'unknown';
	/** Where the last checkpoint's record stands, as the server writes it: `0/3A935060`. */
	checkpoint: string;
	/** The file of `pg_wal` that holds that record, and the one where recovery would begin. */
	checkpointSegment: string;
	redoSegment: string;
};

const states = [
	'starting',
	'shut-down',
	'shut-down',
	'shutting-down',
	'in-recovery',
	'in-recovery',
	'in-production',
] as const;

/** A float that every control file carries, to tell the byte order; the segment's size stands 20 bytes after it. */
const floatFormat = Buffer.alloc(8);
floatFormat.writeDoubleLE(1_234_567);

const hex = (value: bigint): string => value.toString(16).toUpperCase();
const lsn = (at: bigint): string => `${hex(at >> 32n)}/${hex(at & 0xffffffffn)}`;

/** The name of a segment: timeline, then the position in two halves (PostgreSQL's xlog_internal.h, XLogFileName). */
function segmentName(timeline: number, at: bigint, size: bigint): string {
	const number = at / size;
	const perId = 0x1_0000_0000n / size;
	const part = (value: bigint): string => hex(value).padStart(8, '0');
	return part(BigInt(timeline)) + part(number / perId) + part(number % perId);
}

/**
 * Reads a control file of PostgreSQL 11 or newer on a little-endian machine (PostgreSQL's pg_control.h, ControlFileData).
 * Null for anything else.
 */
export function readPgControl(file: Buffer): PgControl | null {
	const format = file.indexOf(floatFormat);
	if (file.length < 296 || format < 0 || file.readUInt32LE(8) < 1100) return null;
	const size = BigInt(file.readUInt32LE(format + 20));
	const timeline = file.readUInt32LE(48);
	if (size < 1024n * 1024n || (size & (size - 1n)) !== 0n) return null;
	const checkpoint = file.readBigUInt64LE(32);
	return {
		systemIdentifier: file.readBigUInt64LE(0).toString(),
		state: states[file.readUInt32LE(16)] ?? 'unknown',
		checkpoint: lsn(checkpoint),
		checkpointSegment: segmentName(timeline, checkpoint, size),
		redoSegment: segmentName(timeline, file.readBigUInt64LE(40), size),
	};
}
