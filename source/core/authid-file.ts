import {Secret} from './secret.ts';

/** What a row of pg_authid says when it is read from the table's file, with no server running. */
export type StoredRole = {name: string; oid: number; superuser: boolean; canLogin: boolean; password: Secret | null};

// Layout from PostgreSQL's sources: storage/bufpage.h, access/htup_details.h, catalog/pg_authid.h (12 and later), varatt.h.
const pageSize = 8192;
const pageHeader = 24;
const linePointer = 4;
const pointerNormal = 1;
const hasNull = 0x0001;
const xminCommitted = 0x0100;
const xminInvalid = 0x0200;
const xmaxInvalid = 0x0800;
const passwordColumn = 10;
const nameLength = 64;
const authid = 1260;
const mapMagic = 0x592717;

const isNull = (tuple: Buffer, column: number): boolean =>
	((tuple[23 + (column >> 3)] ?? 0) & (1 << (column & 7))) === 0;

function textAt(body: Buffer, offset: number): string | null {
	const first = body[offset];
	if (first === undefined) return null;
	// A short header is one odd byte; a long one is four bytes, aligned, with the length in the upper 30 bits (little-endian).
	if (first & 1) return body.toString('utf8', offset + 1, offset + (first >> 1));
	if (offset + 4 > body.length) return null;
	return body.toString('utf8', offset + 4, offset + (body.readUInt32LE(offset) >> 2));
}

function roleIn(tuple: Buffer): StoredRole | null {
	if (tuple.length < 24) return null;
	const xmax = tuple.readUInt32LE(4);
	const infomask = tuple.readUInt16LE(20);
	const aborted = (infomask & xminInvalid) !== 0 && (infomask & xminCommitted) === 0;
	if (aborted || (xmax !== 0 && (infomask & xmaxInvalid) === 0)) return null;
	const body = tuple.subarray(tuple[22]);
	if (body.length < 80) return null;
	const name = body.toString('utf8', 4, 4 + nameLength).replace(/\0.*$/s, '');
	const password = (infomask & hasNull) !== 0 && isNull(tuple, passwordColumn) ? null : textAt(body, 80);
	return {
		oid: body.readUInt32LE(0),
		name,
		superuser: body[68] === 1,
		canLogin: body[72] === 1,
		password: password === null ? null : new Secret(password),
	};
}

/**
 * The roles that the file of pg_authid holds. Only little-endian servers of version 12 and later.
 * It is a hint and not the last word: after an unclean stop the newest change may be in the write-ahead log only.
 * @param content the file `global/<filenode of pg_authid>`
 */
export function readAuthidFile(content: Buffer): StoredRole[] {
	const roles: StoredRole[] = [];
	for (let page = 0; page + pageSize <= content.length; page += pageSize) {
		const end = content.readUInt16LE(page + 12);
		for (let at = pageHeader; at + linePointer <= end && at < pageSize; at += linePointer) {
			const pointer = content.readUInt32LE(page + at);
			const offset = pointer & 0x7fff;
			const length = pointer >>> 17;
			if (((pointer >>> 15) & 3) !== pointerNormal || offset + length > pageSize) continue;
			const role = roleIn(content.subarray(page + offset, page + offset + length));
			if (role) roles.push(role);
		}
	}
	return roles;
}

/** The file number of pg_authid in `global/pg_filenode.map`; a rewrite of the table (VACUUM FULL) changes it. */
export function authidFilenode(map: Buffer): number {
	if (map.length < 8 || map.readInt32LE(0) !== mapMagic) return authid;
	for (let index = 0; index < map.readInt32LE(4); index++) {
		const at = 8 + index * 8;
		if (at + 8 > map.length) break;
		if (map.readUInt32LE(at) === authid) return map.readUInt32LE(at + 4);
	}
	return authid;
}
