import {expect, test} from 'vitest';
import {readPgControl} from '../../source/core/pg-control.ts';

/** A control file as PostgreSQL 15 writes it, with what is read of it; the rest is zero. */
function control(
	change: {version?: number; state?: number; checkpoint?: bigint; redo?: bigint; segment?: number} = {},
) {
	const file = Buffer.alloc(8192);
	file.writeBigUInt64LE(7_300_000_000_000_000_001n, 0);
	file.writeUInt32LE(change.version ?? 1300, 8);
	file.writeUInt32LE(change.state ?? 6, 16);
	file.writeBigUInt64LE(change.checkpoint ?? 0x1_0300_0028n, 32);
	file.writeBigUInt64LE(change.redo ?? 0x1_02ff_ff00n, 40);
	file.writeUInt32LE(2, 48);
	const format = 208;
	file.writeUInt32LE(8, format - 8);
	file.writeDoubleLE(1_234_567, format);
	const sizes = [8192, 131_072, 8192, change.segment ?? 16 * 1024 * 1024];
	for (const [index, value] of sizes.entries()) file.writeUInt32LE(value, format + 8 + 4 * index);
	return file;
}

test('names the files from which recovery would begin', () => {
	expect(readPgControl(control())).toEqual({
		systemIdentifier: '7300000000000000001',
		state: 'in-production',
		checkpoint: '1/3000028',
		checkpointSegment: '000000020000000100000003',
		redoSegment: '000000020000000100000002',
	});
});

test('counts with the size of segment that the cluster has', () => {
	expect(readPgControl(control({segment: 64 * 1024 * 1024}))?.checkpointSegment).toBe('000000020000000100000000');
	expect(readPgControl(control({checkpoint: 0x1_ffff_ffffn, segment: 1024 * 1024}))?.checkpointSegment).toBe(
		'000000020000000100000FFF',
	);
});

test.each([
	[1, 'shut-down'],
	[4, 'in-recovery'],
	[99, 'unknown'],
])('state %i is %s', (state, name) => {
	expect(readPgControl(control({state}))?.state).toBe(name);
});

test('reads nothing out of what it does not know', () => {
	expect(readPgControl(Buffer.alloc(0))).toBeNull();
	expect(readPgControl(Buffer.alloc(8192))).toBeNull();
	expect(readPgControl(control().subarray(0, 200))).toBeNull();
	expect(readPgControl(control({version: 960}))).toBeNull();
	expect(readPgControl(control({segment: 12_345}))).toBeNull();
});
