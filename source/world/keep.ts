import {randomBytes} from 'node:crypto';
import {mkdir, open, readFile, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Secret} from '../core/secret.ts';
import type {Keep} from '../core/write-world.ts';

const privateFile = 0o600;
const privateFolder = 0o700;

/** Makes a rename or a new name outlast a power cut. Not every file system allows it. */
export async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r').catch(() => null);
	await handle?.sync().catch(() => undefined);
	await handle?.close();
}

const safeName = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80) || 'kept';

/**
 * Private files of one fix. A file is whole or not there: it is written beside its place, synced and renamed.
 * @param remember told every secret that comes back out
 */
export function createKeep(directory: string, remember: (secret: Secret) => void = () => {}): Keep {
	const bytes = (content: Buffer | Secret): Buffer =>
		content instanceof Secret ? Buffer.from(content.open(), 'utf8') : content;

	const get = (reference: string): Promise<Buffer | null> =>
		readFile(join(directory, safeName(reference))).catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return null;
			throw error;
		});

	return {
		directory,
		get,

		async put(name, content) {
			await mkdir(directory, {recursive: true, mode: privateFolder});
			const wanted = bytes(content);
			let reference = safeName(name);
			for (let count = 2; ; count++) {
				const present = await get(reference);
				if (present?.equals(wanted)) return reference;
				if (present === null) break;
				reference = `${safeName(name)}.${count}`;
			}
			const path = join(directory, reference);
			const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`;
			const handle = await open(beside, 'wx', privateFile);
			try {
				await handle.writeFile(wanted);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(beside, path);
			await syncFolder(directory);
			return reference;
		},

		async getSecret(reference) {
			const content = await get(reference);
			if (content === null) return null;
			const secret = new Secret(content.toString('utf8'));
			remember(secret);
			return secret;
		},
	};
}

/** Removes everything that was kept. */
export async function forgetKeep(directory: string): Promise<void> {
	await rm(directory, {recursive: true, force: true});
	await syncFolder(dirname(directory));
}
