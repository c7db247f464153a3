import {createHash} from 'node:crypto';
import {chmod, lstat, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {Secret} from '../../source/core/secret.ts';
import {createFileWriter} from '../../source/world/file-writer.ts';
import {createKeep} from '../../source/world/keep.ts';
import {withFolder} from '../helpers/cli.ts';

const password = 'p@ss $1 w/ord#';
const writerIn = (folder: string) =>
	createFileWriter({keep: createKeep(join(folder, 'kept')), secret: async () => new Secret(password)});
const change = {kind: 'variable', name: 'PW', part: 'whole', value: {secret: 'x'}} as const;
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

test('what is prepared tells nothing, and becomes the file in one piece with its mode', async () => {
	await withFolder(async folder => {
		const [real, path] = [join(folder, 'real.env'), join(folder, '.env')];
		await writeFile(real, 'PW=old\n');
		await chmod(real, 0o640);
		await symlink(real, path);
		const files = writerIn(folder);
		const prepared = await files.prepare(path, change);
		expect(JSON.stringify(prepared)).not.toContain(password);
		expect(await readFile(path, 'utf8')).toBe('PW=old\n');
		await files.become(path, prepared.wanted, [prepared.oldHash]);
		expect(await readFile(real, 'utf8')).toBe(`PW='${password}'\n`);
		expect((await stat(real)).mode & 0o777).toBe(0o640);
		expect((await lstat(path)).isSymbolicLink()).toBe(true);
		await files.become(path, prepared.wanted, []);
		await files.become(path, prepared.old, [prepared.wantedHash]);
		expect(await readFile(real, 'utf8')).toBe('PW=old\n');
		expect((await readdir(folder)).sort()).toEqual(['.env', 'kept', 'real.env']);
		for (const name of await readdir(join(folder, 'kept')))
			expect((await stat(join(folder, 'kept', name))).mode & 0o777).toBe(0o600);
	});
});

test('what somebody edited in between is left alone, and what a killed run left is cleared away', async () => {
	await withFolder(async folder => {
		const path = join(folder, '.env');
		await writeFile(path, 'PW=old\n');
		const files = writerIn(folder);
		const {old, wanted, wantedHash} = await files.prepare(path, change);
		await writeFile(path, 'PW=mine\n');
		await writeFile(`${path}.compose-medic.tmp`, 'half');
		await expect(files.become(path, wanted, [hash('PW=old\n')])).rejects.toMatchObject({code: 'file-changed'});
		await expect(files.become(path, old, [wantedHash])).rejects.toMatchObject({code: 'file-changed'});
		expect(await readFile(path, 'utf8')).toBe('PW=mine\n');
		expect(await readdir(folder)).not.toContain('.env.compose-medic.tmp');
	});
});

test('a file that was not there goes again, and bytes of another encoding stay', async () => {
	await withFolder(async folder => {
		const files = writerIn(folder);
		const fresh = join(folder, 'new.env');
		const made = await files.prepare(fresh, change);
		expect(made).toMatchObject({changes: true, old: null, oldHash: null});
		await files.become(fresh, made.wanted, [null]);
		expect((await stat(fresh)).mode & 0o777).toBe(0o600);
		await files.become(fresh, null, [made.wantedHash]);
		await expect(stat(fresh)).rejects.toMatchObject({code: 'ENOENT'});

		const latin = join(folder, 'latin.env');
		await writeFile(latin, Buffer.from('# caf\xe9\nPW=old\n', 'latin1'));
		const edited = await files.prepare(latin, {...change, value: {text: 'é$'}});
		await files.become(latin, edited.wanted, [edited.oldHash]);
		expect(
			(await readFile(latin)).equals(
				Buffer.concat([Buffer.from('# caf\xe9\nPW=', 'latin1'), Buffer.from("'é$'\n", 'utf8')]),
			),
		).toBe(true);
	});
});

test('a part of a URL, percent-encoded, and only where that is needed', async () => {
	await withFolder(async folder => {
		const path = join(folder, '.env');
		await writeFile(path, 'URL=postgres://u:old@db/x # why\n');
		const files = writerIn(folder);
		const url = await files.prepare(path, {...change, name: 'URL', part: 'password'});
		await files.become(path, url.wanted, [url.oldHash]);
		expect(await readFile(path, 'utf8')).toBe('URL=postgres://u:p%40ss%20%241%20w%2Ford%23@db/x # why\n');
		const plain = createFileWriter({keep: createKeep(join(folder, 'kept')), secret: async () => new Secret('plain')});
		expect(await plain.prepare(path, {...change, encoded: true, when: 'reserved'})).toMatchObject({changes: false});
		await expect(files.prepare(path, {...change, name: 'NONE', part: 'password'})).rejects.toMatchObject({
			code: 'no-place-for-change',
		});
	});
});

test('a value of a service changes on the lines that were shown, and on no others', async () => {
	await withFolder(async folder => {
		const path = join(folder, 'compose.yaml');
		const text = 'services:\r\n  db:\r\n    image: x # why\r\n    mem_limit: 1g\r\n';
		await writeFile(path, text);
		const files = writerIn(folder);
		const edits = [{path: ['mem_limit'], was: '1g', to: '2g'}];
		const shown = '@@ -3,2 +3,2 @@';
		for (const refused of [
			{edits, shown: '@@ -2,2 +2,2 @@'},
			{edits: [{path: ['mem_limit'], was: '3g', to: '2g'}], shown},
		])
			await expect(files.prepare(path, {kind: 'service', service: 'db', ...refused})).rejects.toMatchObject({
				code: 'no-place-for-change',
			});
		const prepared = await files.prepare(path, {kind: 'service', service: 'db', edits, shown});
		expect(await readFile(path, 'utf8')).toBe(text);
		await files.become(path, prepared.wanted, [prepared.oldHash]);
		expect(await readFile(path, 'utf8')).toBe(text.replace('1g', '2g'));
		await files.become(path, prepared.old, [prepared.wantedHash]);
		expect(await readFile(path, 'utf8')).toBe(text);
	});
});
