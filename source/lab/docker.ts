import {execFile} from 'node:child_process';

export type DockerOptions = {directory?: string; stdin?: string; signal?: AbortSignal; both?: boolean};

/** What of the caller's surroundings reaches Compose. Anything else could override the lab's own `.env`. */
const passed = /^(PATH|HOME|TMPDIR|XDG_.*|DOCKER_.*|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy)$/;

function surroundings(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => passed.test(name)));
}

/**
 * Runs the user's own `docker` and gives what it printed, of `both` streams if asked. Passwords belong into files or `stdin`, never into `args`.
 * @throws Error with the last lines of what docker complained about
 */
export function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = execFile(
			'docker',
			[...args],
			{cwd: options.directory, env: surroundings(), signal: options.signal, maxBuffer: 16 * 1024 * 1024},
			(error, stdout, stderr) => {
				if (!error) return resolve(options.both ? stdout + stderr : stdout);
				if (error.name === 'AbortError') return reject(error);
				const complaint = stderr.trim().split('\n').slice(-4).join('\n');
				reject(new Error(`docker ${args[0]} failed: ${complaint || error.message}`));
			},
		);
		child.stdin?.on('error', () => {});
		child.stdin?.end(options.stdin ?? '');
	});
}

/** Lines of what docker printed, without empty ones. */
export async function dockerLines(args: readonly string[], options?: DockerOptions): Promise<string[]> {
	return (await docker(args, options)).split('\n').filter(line => line !== '');
}
