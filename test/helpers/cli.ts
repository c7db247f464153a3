import {spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

export type Run = {code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string};

export const program = resolve('dist/cli.js');

export type RunOptions = {
	cwd?: string;
	env?: Record<string, string | undefined>;
	stdin?: string;
	uid?: number;
	timeout?: number;
};

/** Runs the built program through pipes, as a script would. */
export function cli(arguments_: readonly string[], options: RunOptions = {}): Promise<Run> {
	return new Promise((done, fail) => {
		const child = spawn(process.execPath, [program, ...arguments_], {
			cwd: options.cwd,
			env: {...process.env, LANG: 'C.UTF-8', LC_ALL: '', NO_COLOR: '1', ...options.env},
			uid: options.uid,
			timeout: options.timeout ?? 180_000,
		});
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', chunk => (stdout += chunk));
		child.stderr.on('data', chunk => (stderr += chunk));
		child.on('error', fail);
		child.on('close', (code, signal) => done({code, signal, stdout, stderr}));
		child.stdin.on('error', () => {});
		child.stdin.end(options.stdin ?? '');
	});
}

/** A folder of its own for state and records, removed afterwards. */
export async function withFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
	const folder = await mkdtemp(join(tmpdir(), 'compose-medic-test-'));
	try {
		return await use(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}
