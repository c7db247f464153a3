import {brotliDecompressSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {judgePage, pageChecksum, pageSize} from '../../source/core/page-checksum.ts';

/** The only page of pg_database after `initdb --data-checksums` of PostgreSQL 15, brotli. */
const packed =
	'G/8fYK+Ot4nhE1tOU3gYsfTkIwgO9T5rU6J7UMiDGzenRC1pgSZK02bmvwYgy5A5BTo68+vz22wHNJ8N7Ye7oQx04APJNKAC7gKP' +
	'LABLyHMbE3F4dsPoOfqfOAEA5/ojirWw9JNmqglpISP8LGDzMS7vgv0PRxm1N6PmAVIoCw2W1gVksAv+sY/AK0Pj0Vv/fBw3vGEb' +
	'gHyKBAJQgBwFFKAC+AYApAPQEuiuEDGuuJ4nRX5RkD/1EPwfTVJNMj9Y0iiJp55uh7sF4LynQwM=';

const page = (): Buffer => brotliDecompressSync(Buffer.from(packed, 'base64'));

const changed = (change: (page: Buffer) => void): Buffer => {
	const copy = page();
	change(copy);
	return copy;
};

test('the checksum is the one that the server wrote', () => {
	expect(page()).toHaveLength(pageSize);
	expect(pageChecksum(page(), 0)).toBe(page().readUInt16LE(8));
	expect(judgePage(page(), 0, true)).toBe('sound');
});

test('a page that belongs elsewhere does not match', () => {
	expect(judgePage(page(), 1, true)).toBe('wrong-checksum');
});

test.each([16, 4000, pageSize - 1])('a changed byte at %i is seen', at => {
	const damaged = changed(copy => copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at));
	expect(judgePage(damaged, 0, true)).toBe('wrong-checksum');
});

test('without checksums only a header that makes no sense is seen', () => {
	const body = changed(copy => copy.fill(7, 8000));
	expect(judgePage(body, 0, false)).toBe('sound');
	expect(
		judgePage(
			changed(copy => copy.writeUInt16LE(9000, 12)),
			0,
			false,
		),
	).toBe('broken-header');
	expect(
		judgePage(
			changed(copy => copy.fill(0, 0, 24)),
			0,
			false,
		),
	).toBe('broken-header');
});

test('a page that was never filled is valid, one that is not there is cut off', () => {
	expect(judgePage(Buffer.alloc(pageSize), 5, true)).toBe('empty');
	expect(judgePage(Buffer.alloc(100), 5, true)).toBe('cut-short');
	expect(judgePage(Buffer.alloc(0), 5, true)).toBe('cut-short');
});
