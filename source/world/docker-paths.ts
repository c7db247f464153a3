import type {IncomingMessage} from 'node:http';
import type Docker from 'dockerode';
import {extract} from 'tar-stream';
import type {Listing, PathStat} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';

// Bits of Go's os.FileMode, which the engine sends as it is.
const directoryBit = 2 ** 31;
const linkBit = 2 ** 27;

type RawStat = {size: number; mode: number; mtime: string; linkTarget?: string};

/**
 * What stands at a path of a container, running or not: the engine's HEAD of an archive, which carries no content. A link in the
 * last place is not followed. Null when there is nothing.
 */
export async function statArchived(docker: Docker, containerId: string, path: string): Promise<PathStat | null> {
	try {
		const answer = (await docker.getContainer(containerId).infoArchive({path})) as IncomingMessage;
		answer.resume();
		const header = answer.headers['x-docker-container-path-stat'];
		if (typeof header !== 'string') return null;
		const {size, mode, mtime, linkTarget} = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as RawStat;
		const has = (bit: number): boolean => Math.floor(mode / bit) % 2 === 1;
		return {
			kind: has(directoryBit) ? 'directory' : has(linkBit) ? 'link' : 'file',
			size,
			mode: mode % 0o1000,
			modifiedAt: new Date(mtime).toISOString(),
			linkTarget: linkTarget || null,
		};
	} catch (error) {
		if (statusOf(error) === 404) return null;
		throw error;
	}
}

/** A folder is looked at for what is in it, never for how much: the rest of the stream is thrown away after this. */
const mostBytes = 8 * 1024 * 1024;
const mostEntries = 200;

/**
 * The first names in a folder of a container, in alphabetical order and up to three levels deep, from the headers of its archive;
 * contents pass by unread. Null when there is no such folder.
 */
export async function listArchived(docker: Docker, containerId: string, path: string): Promise<Listing | null> {
	let stream: NodeJS.ReadableStream & {destroy?(): void};
	try {
		stream = await docker.getContainer(containerId).getArchive({path: `${path.replace(/\/+$/, '')}/.`});
	} catch (error) {
		// 400: a file stands where a folder was expected.
		if ([400, 404].includes(statusOf(error) ?? 0)) return null;
		throw error;
	}
	return new Promise((resolve, reject) => {
		const unpack = extract();
		const entries: Listing['entries'] = [];
		let bytes = 0;
		const leave = (truncated: boolean): void => {
			stream.unpipe(unpack);
			stream.destroy?.();
			unpack.destroy();
			resolve({entries, truncated});
		};
		unpack.on('entry', (header, body, next) => {
			const name = header.name.replace(/^(?:\.\/)+|\/+$/g, '').replace(/^\.$/, '');
			if (name !== '' && name.split('/').length <= 3)
				entries.push({
					name,
					kind: header.type === 'directory' ? 'directory' : header.type === 'symlink' ? 'link' : 'file',
					size: header.size ?? 0,
					modifiedAt: (header.mtime ?? new Date(0)).toISOString(),
				});
			bytes += header.size ?? 0;
			if (entries.length >= mostEntries || bytes > mostBytes) return leave(true);
			body.on('end', next);
			body.resume();
		});
		unpack.on('finish', () => resolve({entries, truncated: false}));
		unpack.on('error', error => {
			if (entries.length === 0) reject(error);
		});
		stream.on('error', reject);
		stream.pipe(unpack);
	});
}

/** Command lines of what runs in a container, from the engine's own view (`docker top`); null when nothing runs. */
export async function processesOf(docker: Docker, containerId: string): Promise<string[] | null> {
	try {
		const {Titles, Processes} = (await docker.getContainer(containerId).top()) as {
			Titles: string[];
			Processes: string[][] | null;
		};
		const column = Titles.findIndex(title => /^(?:CMD|COMMAND|ARGS)$/i.test(title));
		return (Processes ?? []).map(row => row[column < 0 ? row.length - 1 : column] ?? '');
	} catch (error) {
		if ([404, 409, 500].includes(statusOf(error) ?? 0)) return null;
		throw error;
	}
}
