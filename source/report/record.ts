import {randomBytes} from 'node:crypto';
import {open, readFile, rename, rm} from 'node:fs/promises';
import type {Fact, Facts} from '../core/fact.ts';
import {say, type Text} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Target} from '../core/world.ts';

const schema = 'compose-medic/record@1';

/** All facts of one run: everything that a replay needs. */
export type RunRecord = {
	schema: typeof schema;
	version: string;
	target: Target;
	observedAt: string;
	facts: [string, Fact][];
};

/** Applies a function to every string of plain JSON, keys included: a name can be a secret too. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map(item => mapStrings(item, change));
	if (value && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
	return value;
}

/** @param redact takes the secrets of the run out of a text; facts should have none, and this makes sure */
export const recordOf = (
	run: {version: string; target: Target; observedAt: string; facts: Facts},
	redact: (text: string) => string,
): RunRecord => ({
	schema,
	version: run.version,
	target: mapStrings(run.target, redact) as Target,
	observedAt: run.observedAt,
	facts: mapStrings([...run.facts], redact) as [string, Fact][],
});

const cannotWrite = (path: string, error: unknown): Trouble => {
	const reason = error instanceof Error ? error.message : String(error);
	return new Trouble(
		'record-not-written',
		say(`The record could not be written to ${path}.`, `无法将记录写入 ${path}。`),
		{
			why: say(reason, reason),
			next: say('Name a file in a folder where you may write.', '请指定一个有写权限的目录中的文件。'),
			exitCode: exitCode.usage,
			cause: error,
		},
	);
};

/**
 * Writes a record beside its place and moves it there, so that a full disk or a crash leaves no half file. Only the user can read it.
 * @throws Trouble with exit code 2 when the place can't be written
 */
export async function writeRecord(path: string, record: RunRecord): Promise<void> {
	const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
	try {
		const file = await open(temporary, 'wx', 0o600);
		try {
			await file.writeFile(`${JSON.stringify(record, null, '\t')}\n`);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, {force: true}).catch(() => {});
		throw cannotWrite(path, error);
	}
}

const unreadable = (path: string, why: Text, cause?: unknown): Trouble =>
	new Trouble('record-unreadable', say(`${path} can’t be replayed.`, `无法回放 ${path}。`), {
		why,
		next: say(
			'`compose-medic diagnose --record FILE` writes such a file.',
			'`compose-medic diagnose --record FILE` 可生成此类文件。',
		),
		exitCode: exitCode.usage,
		cause,
	});

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean =>
	isObject(value) && typeof value.en === 'string' && typeof value.zh === 'string';

function isFact(value: unknown): value is Fact {
	if (!isObject(value) || typeof value.at !== 'string' || typeof value.ms !== 'number') return false;
	return value.state === 'known' ? 'value' in value : value.state === 'unknown' && isText(value.why);
}

function isTarget(value: unknown): value is Target {
	if (!isObject(value) || typeof value.stack !== 'string') return false;
	if (value.kind === 'compose') return typeof value.project === 'string';
	return (
		value.kind === 'database' &&
		typeof value.name === 'string' &&
		typeof value.host === 'string' &&
		typeof value.port === 'number'
	);
}

function reasonOf(error: unknown): Text {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	if (code === 'ENOENT') return say('There is no such file.', '没有这个文件。');
	if (code === 'EACCES' || code === 'EPERM') return say('You may not read it.', '没有读取权限。');
	if (code === 'EISDIR') return say('It is a folder.', '这是一个目录。');
	const reason = error instanceof Error ? error.message : String(error);
	return say(reason, reason);
}

/** Whoever makes a record by hand can't make it larger than this; real ones are far below. */
const largest = 64 * 1024 * 1024;

/** @throws Trouble with exit code 2 that says what is wrong with the file */
export async function readRecord(path: string): Promise<RunRecord> {
	const bytes = await readFile(path).catch((error: unknown) => {
		throw unreadable(path, reasonOf(error), error);
	});
	if (bytes.length > largest) throw unreadable(path, say('It is larger than any record.', '文件过大，不是记录文件。'));
	let content: unknown;
	try {
		content = JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		throw unreadable(path, say('It is no JSON.', '它不是 JSON 文件。'), error);
	}
	const found = isObject(content) ? content.schema : null;
	if (!isObject(content) || typeof found !== 'string' || !found.startsWith('compose-medic/'))
		throw unreadable(path, say('It is no record of this program.', '它不是本程序的记录文件。'));
	if (found !== schema) {
		const newer = found.startsWith('compose-medic/record@');
		throw unreadable(
			path,
			newer
				? say(
						`It was written in the form \`${found}\`, which this version does not know.`,
						`它的格式是 \`${found}\`，当前版本无法识别。`,
					)
				: say(`It is \`${found}\` and not a record.`, `它是 \`${found}\`，而不是记录文件。`),
		);
	}
	const {facts, target, observedAt, version} = content;
	if (!isTarget(target) || typeof observedAt !== 'string')
		throw unreadable(path, say('It does not say what was looked at.', '其中没有说明检查对象。'));
	if (!Array.isArray(facts)) throw unreadable(path, say('It has no facts.', '其中没有事实。'));
	for (const [index, pair] of facts.entries())
		if (!Array.isArray(pair) || typeof pair[0] !== 'string' || !isFact(pair[1]))
			throw unreadable(path, say(`Its fact number ${index + 1} is broken.`, `第 ${index + 1} 条事实已损坏。`));
	return {
		schema,
		version: typeof version === 'string' ? version : '',
		target,
		observedAt,
		facts: facts as [string, Fact][],
	};
}
