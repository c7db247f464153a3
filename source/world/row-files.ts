import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createReadStream} from 'node:fs';
import {mkdir, open, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {createGunzip, createGzip} from 'node:zlib';
import type {Keep, RowFiles} from '../core/write-world.ts';
import {syncFolder} from './keep.ts';
import {serverOf} from './server-place.ts';
import {checked} from './sql-session.ts';
import {rowsOverSocket, type SqlCall, type SqlParts, socket} from './sql-socket.ts';

const lineFeed = 0x0a;

const countLines = (chunk: Buffer): number => {
	let count = 0;
	for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) count++;
	return count;
};

/** Rows as files. In the text form of `COPY` a row is one line, whatever is in it (PostgreSQL manual, COPY, "Text Format"). */
export const createRowFiles = ({world, docker, secret, signal}: SqlParts, keep: Keep): RowFiles => ({
	async save(service, query, options, name) {
		const server = await serverOf(world, service);
		const redact = (text: string): string => world.redact(text);
		const call: SqlCall = {
			...{world, docker, secret, signal, server},
			sql: 'select current_user;',
			options: {route: 'socket', ...options},
		};
		const role = checked(await socket(call), redact).stdout.trim();
		await mkdir(keep.directory, {recursive: true, mode: 0o700});
		const path = join(keep.directory, name);
		const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
		const handle = await open(beside, 'wx', 0o600);
		let rows = 0;
		try {
			const gzip = createGzip();
			const written = (async () => {
				for await (const chunk of gzip) await handle.write(chunk as Buffer);
			})();
			// A full disk here ends the writing; whoever waits for room in the stream has to hear of it.
			written.catch(() => undefined);
			gzip.on('error', () => undefined);
			const copied = await rowsOverSocket(call, role, `copy (${query}) to stdout;`, async chunk => {
				rows += countLines(chunk);
				if (!gzip.write(chunk)) await Promise.race([once(gzip, 'drain'), written]);
			}).finally(() => gzip.end());
			await written;
			checked(copied, redact);
			await handle.sync();
			const {size} = await handle.stat();
			await rename(beside, path);
			await syncFolder(keep.directory);
			return {reference: name, rows, bytes: size};
		} finally {
			await handle.close();
			await rm(beside, {force: true});
		}
	},

	async *pieces(reference, size) {
		let rest = Buffer.alloc(0);
		for await (const chunk of createReadStream(join(keep.directory, reference)).pipe(createGunzip())) {
			rest = Buffer.concat([rest, chunk as Buffer]);
			const end = rest.lastIndexOf(lineFeed) + 1;
			if (rest.length < size || end === 0) continue;
			yield rest.subarray(0, end).toString('utf8');
			rest = rest.subarray(end);
		}
		if (rest.length > 0) yield rest.toString('utf8');
	},
});
