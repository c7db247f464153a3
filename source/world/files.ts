import {access, readFile, statfs} from 'node:fs/promises';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {FileReader} from '../core/world.ts';

const nothing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** The files of this machine. What may not be read is told, never taken for absent. */
export const localFiles: FileReader = {
	async read(path) {
		try {
			return await readFile(path);
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;
			if (code && nothing.has(code)) return null;
			throw new Trouble('file-denied', say(`\`${path}\` can’t be read.`, `无法读取 \`${path}\`。`), {
				why: say(`the system says ${code ?? 'no'}`, `系统返回 ${code ?? '错误'}`),
				cause: error,
			});
		}
	},
	exists: path =>
		access(path).then(
			() => true,
			error => !nothing.has((error as NodeJS.ErrnoException).code ?? ''),
		),
	async space(path) {
		try {
			const {bsize, blocks, bavail, files, ffree} = await statfs(path);
			const counted = files > 0;
			return {
				bytes: blocks * bsize,
				free: bavail * bsize,
				files: counted ? files : null,
				freeFiles: counted ? ffree : null,
			};
		} catch {
			return null;
		}
	},
};
