import {posix} from 'node:path';
import type Docker from 'dockerode';
import {extract, type Header} from 'tar-stream';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {PathOwner} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';

export type ArchivedFile = {content: Buffer; mode: number; uid: number; gid: number; modifiedAt: string};

/** Nothing that is read this way is bigger; a device or a mistaken path must not fill the memory. */
const biggest = 64 * 1024 * 1024;
const mostLinks = 8;

type Entry = {header: Header; content: Buffer};

const wordsOf = (error: unknown): string =>
	error instanceof Error
		? [error.message, error instanceof Trouble ? (error.why?.en ?? '') : '', wordsOf(error.cause)].join(' ')
		: '';

/** A path that leads through a file has nothing at its end; engines of 20.10 call that an error of their own. */
const isAbsent = (error: unknown): boolean => statusOf(error) === 404 || /: not a directory\b/.test(wordsOf(error));

/** The first entry of a tar stream, with no more of its content than wanted. A folder's own content is not read. */
function firstEntry(
	stream: NodeJS.ReadableStream & {destroy?(): void},
	path: string,
	firstBytes: number,
): Promise<Entry | null> {
	return new Promise((resolve, reject) => {
		const unpack = extract();
		const leave = (act: () => void): void => {
			stream.unpipe(unpack);
			stream.destroy?.();
			unpack.destroy();
			act();
		};
		unpack.on('entry', (header, body, next) => {
			const chunks: Buffer[] = [];
			let size = 0;
			body.on('data', data => {
				const chunk = data as Buffer;
				size += chunk.length;
				if (size > biggest)
					return leave(() =>
						reject(
							new Trouble('file-too-big', say(`\`${path}\` is too big to be read.`, `\`${path}\` 太大，无法读取。`)),
						),
					);
				chunks.push(chunk);
				if (size > firstBytes) leave(() => resolve({header, content: Buffer.concat(chunks).subarray(0, firstBytes)}));
			});
			body.on('end', () => {
				leave(() => resolve({header, content: Buffer.concat(chunks)}));
				next();
			});
			body.resume();
		});
		unpack.on('finish', () => resolve(null));
		unpack.on('error', reject);
		stream.on('error', reject);
		stream.pipe(unpack);
	});
}

/**
 * One file out of a container, running or not, without any process (Docker Engine API, "Get an archive of a filesystem
 * resource"). Links are followed inside the container. Null when there is nothing, or a folder.
 * @param firstBytes how much of the content is wanted, when not all of it
 */
export async function readArchived(
	docker: Docker,
	containerId: string,
	path: string,
	firstBytes = Number.POSITIVE_INFINITY,
): Promise<ArchivedFile | null> {
	let at = path;
	for (let links = 0; links <= mostLinks; links++) {
		let entry: Entry | null;
		try {
			const stream = await docker.getContainer(containerId).getArchive({path: at});
			entry = await firstEntry(stream, at, firstBytes);
		} catch (error) {
			if (isAbsent(error)) return null;
			throw error;
		}
		if (!entry) return null;
		const {header, content} = entry;
		if (header.type === 'symlink' && header.linkname) {
			at = posix.resolve(posix.dirname(at), header.linkname);
			continue;
		}
		if (header.type === 'directory') return null;
		return {
			content,
			mode: header.mode ?? 0,
			uid: header.uid ?? 0,
			gid: header.gid ?? 0,
			modifiedAt: (header.mtime ?? new Date(0)).toISOString(),
		};
	}
	return null;
}

const kinds: Partial<Record<NonNullable<Header['type']>, PathOwner['kind']>> = {
	file: 'file',
	directory: 'folder',
	symlink: 'link',
	link: 'file',
};

const permissionBits = 0o7777;

/** Owner and mode of one path, from the first header of its archive; nothing behind the header is read. */
export async function ownerArchived(docker: Docker, containerId: string, path: string): Promise<PathOwner | null> {
	try {
		const stream = await docker.getContainer(containerId).getArchive({path});
		const entry = await firstEntry(stream, path, 0);
		if (!entry) return null;
		const {type, uid = 0, gid = 0, mode = 0, size = 0, mtime} = entry.header;
		return {
			kind: (type && kinds[type]) || 'other',
			uid,
			gid,
			mode: mode & permissionBits,
			size,
			modifiedAt: (mtime ?? new Date(0)).toISOString(),
		};
	} catch (error) {
		if (isAbsent(error)) return null;
		throw error;
	}
}

/** No folder that is read whole holds more; what is bigger is not what was looked for. */
const biggestFolder = 16 * 1024 * 1024;

/**
 * The files that lie directly in a folder of a container, running or not. Links and folders inside it are left out.
 * Null when there is no such folder.
 * @throws Trouble when they are too much to be read
 */
export async function readArchivedFolder(
	docker: Docker,
	containerId: string,
	path: string,
): Promise<{name: string; content: Buffer}[] | null> {
	let stream: NodeJS.ReadableStream & {destroy?(): void};
	try {
		stream = await docker.getContainer(containerId).getArchive({path});
	} catch (error) {
		if (isAbsent(error)) return null;
		throw error;
	}
	const files: {name: string; content: Buffer}[] = [];
	let folder = false;
	let size = 0;
	const unpack = extract();
	stream.on('error', error => unpack.destroy(error));
	stream.pipe(unpack);
	try {
		for await (const entry of unpack) {
			const {name, type} = entry.header;
			folder ||= type === 'directory';
			const [, inside, ...deeper] = name.split('/');
			const chunks: Buffer[] = [];
			for await (const chunk of entry) {
				size += (chunk as Buffer).length;
				if (size > biggestFolder)
					throw new Trouble(
						'folder-too-big',
						say(`\`${path}\` is too big to be read.`, `\`${path}\` 太大，无法读取。`),
					);
				chunks.push(chunk as Buffer);
			}
			if (type === 'file' && inside && deeper.length === 0) files.push({name: inside, content: Buffer.concat(chunks)});
		}
	} finally {
		stream.unpipe(unpack);
		stream.destroy?.();
	}
	return folder ? files : null;
}
