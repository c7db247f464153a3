import {createHash} from 'node:crypto';
import {type FileHandle, open, readFile, realpath, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {escapeDollars, readServiceVariable, setServiceVariable} from '../core/compose-edit.ts';
import {setServiceMount} from '../core/compose-mount.ts';
import {editServices} from '../core/compose-service-edit.ts';
import {declareVolume} from '../core/compose-volumes.ts';
import {readEnvValue, setEnvValue} from '../core/env-file.ts';
import type {FileChange, NewValue, PreparedChange, ValuePart} from '../core/file-change.ts';
import {lineDiff, placesIn} from '../core/line-diff.ts';
import {percentEncoded} from '../core/mangling.ts';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {withSetting} from '../core/settings-text.ts';
import {Trouble} from '../core/trouble.ts';
import {setUrlAddress, setUrlPassword} from '../core/url-edit.ts';
import type {FileWriter, Keep} from '../core/write-world.ts';
import {syncFolder} from './keep.ts';

type Parts = {keep: Keep; secret: (reference: string) => Promise<Secret>};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
/** One name for all runs: the deployment's lock keeps two of them apart, and what a killed run left is written over. */
const besideOf = (path: string): string => `${path}.compose-medic.tmp`;

async function current(path: string): Promise<Buffer | null> {
	try {
		return await readFile(path);
	} catch (error) {
		if (code(error) === 'ENOENT') return null;
		throw error;
	}
}

async function fill(handle: FileHandle, content: Buffer): Promise<void> {
	await handle.truncate(0);
	await handle.write(content, 0, content.length, 0);
	await handle.sync();
}

/** For a file that is a mount point or belongs to somebody else: its place in the folder can't be taken by another file. */
async function writeInPlace(path: string, content: Buffer): Promise<void> {
	const handle = await open(path, 'r+');
	try {
		await fill(handle, content);
	} finally {
		await handle.close();
	}
}

async function writeBeside(path: string, content: Buffer): Promise<void> {
	const beside = besideOf(path);
	const old = await stat(path).catch(() => null);
	await rm(beside, {force: true});
	const handle = await open(beside, 'wx', 0o600);
	try {
		await fill(handle, content);
		if (old) {
			if (old.uid !== process.getuid?.() || old.gid !== process.getgid?.()) await handle.chown(old.uid, old.gid);
			await handle.chmod(old.mode & 0o7777);
		}
	} finally {
		await handle.close();
	}
	await rename(beside, path);
	await syncFolder(dirname(path));
}

async function write(path: string, content: Buffer): Promise<void> {
	const target = await realpath(path).catch(() => path);
	try {
		await writeBeside(target, content);
	} catch (error) {
		await rm(besideOf(target), {force: true}).catch(() => undefined);
		if (!['EPERM', 'EACCES', 'EBUSY', 'EXDEV'].includes(code(error))) throw error;
		await writeInPlace(target, content);
	}
}

const hasReserved = (secret: Secret): boolean => /[^A-Za-z0-9._~-]/.test(secret.open());

/** Text and bytes that turn into each other without loss, whatever the file's encoding is. */
const encodingOf = (bytes: Buffer): 'utf8' | 'latin1' =>
	Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes) ? 'utf8' : 'latin1';

function inPart(part: ValuePart, present: string | null, value: string): string {
	if (part === 'whole') return value;
	const changed =
		present === null ? null : part === 'password' ? setUrlPassword(present, value) : setUrlAddress(present, value);
	if (changed === null) throw new Error('the value is no connection URL');
	return changed;
}

export function createFileWriter({keep, secret}: Parts): FileWriter {
	const open = async (value: NewValue): Promise<string> =>
		'text' in value ? value.text : (await secret(value.secret)).open();

	async function applies(change: FileChange): Promise<boolean> {
		// Only values of variables depend on what the secret is made of.
		if (change.kind !== 'variable' && change.kind !== 'environment') return true;
		if (change.when !== 'reserved') return true;
		const {value} = change;
		const asked = 'secret' in value ? value.secret : 'reference' in value ? value.onlyWhen : undefined;
		return asked === undefined || hasReserved(await secret(asked));
	}

	/** @param spell turns a new value into the characters of this file's encoding */
	async function changed(text: string, change: FileChange, spell: (value: string) => string): Promise<string> {
		if (!(await applies(change))) return text;
		switch (change.kind) {
			case 'content':
				return spell(await open(change.value));
			case 'setting':
				return withSetting(text, change.name, spell(change.value.text));
			case 'service': {
				const wanted = editServices(text, change.service, change.edits);
				if (wanted !== text && placesIn(lineDiff('', text, wanted)) !== placesIn(change.shown))
					throw new Error('other lines would change than those that were shown');
				return wanted;
			}
			case 'volume': {
				const wanted = declareVolume(text, change.key);
				if (placesIn(lineDiff('', text, wanted)) !== placesIn(change.shown))
					throw new Error('other lines would change than those that were shown');
				return wanted;
			}
			case 'mount':
				return setServiceMount(text, {...change, source: spell(change.source)});
			case 'variable': {
				const {name, part} = change;
				const value = await open(change.value);
				const present = readEnvValue(text, name);
				const wanted = inPart(
					part,
					present,
					spell(part === 'password' || change.encoded ? percentEncoded(value) : value),
				);
				return present === wanted ? text : setEnvValue(text, name, wanted);
			}
			case 'environment': {
				const {service, variable, scope, part, value} = change;
				const present = readServiceVariable(text, service, variable);
				const opened = 'reference' in value ? `\${${value.reference}}` : await open(value);
				const escaped =
					'reference' in value ? opened : part === 'password' ? percentEncoded(opened) : escapeDollars(opened);
				const wanted = inPart(part, present, spell(escaped));
				return present === wanted ? text : setServiceVariable(text, service, variable, wanted, scope);
			}
		}
	}

	return {
		write,

		async rename(from, to) {
			await rename(from, to);
			await Promise.all([syncFolder(dirname(from)), syncFolder(dirname(to))]);
		},

		async prepare(path, change): Promise<PreparedChange> {
			const old = await current(path);
			const encoding = encodingOf(old ?? Buffer.alloc(0));
			const spell = (value: string): string =>
				encoding === 'utf8' ? value : Buffer.from(value, 'utf8').toString('latin1');
			let wanted: Buffer;
			try {
				const text = (old ?? Buffer.alloc(0)).toString(encoding);
				wanted = Buffer.from(await changed(text, change, spell), encoding);
			} catch (error) {
				if (error instanceof Trouble) throw error;
				throw new Trouble(
					'no-place-for-change',
					say(`\`${path}\` can’t be changed safely.`, `无法安全地修改 \`${path}\`。`),
					{
						// Messages of the editors name places, never values.
						why: error instanceof Error ? say(error.message, error.message) : undefined,
						next: say('Edit it by hand.', '请手动修改。'),
					},
				);
			}
			const name = basename(path);
			return {
				changes: old === null || !old.equals(wanted),
				old: old === null ? null : await keep.put(`before-${name}`, old),
				oldHash: old === null ? null : sha256(old),
				wanted: await keep.put(`after-${name}`, wanted),
				wantedHash: sha256(wanted),
			};
		},

		async become(path, reference, from) {
			const target = await realpath(path).catch(() => path);
			const wanted = reference === null ? null : await keep.get(reference);
			if (reference !== null && wanted === null)
				throw new Trouble('copy-lost', say(`The kept copy of \`${path}\` is gone.`, `\`${path}\` 的备份已不存在。`), {
					why: say(`\`${keep.directory}\` lacks it.`, `\`${keep.directory}\` 中没有它。`),
				});
			await rm(besideOf(target), {force: true}).catch(() => undefined);
			const present = await current(target);
			const hash = present === null ? null : sha256(present);
			if (hash === (wanted === null ? null : sha256(wanted))) return;
			if (!from.includes(hash))
				throw new Trouble(
					'file-changed',
					say(
						`\`${path}\` was edited in the meantime, so it is left as it is.`,
						`\`${path}\` 在此期间被修改过，因此保持原样。`,
					),
					{
						why: say(
							`What it should hold is kept in \`${keep.directory}\`, as \`${reference ?? 'nothing'}\`.`,
							`它应有的内容保存在 \`${keep.directory}\`，文件名 \`${reference ?? '无'}\`。`,
						),
						next: say('Compare the two and merge them by hand.', '请比较两者并手动合并。'),
					},
				);
			if (wanted === null) await rm(target);
			else await write(target, wanted);
		},
	};
}
