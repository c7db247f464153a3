import type {Duplex} from 'node:stream';
import type Docker from 'dockerode';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';
import {collectOutput, FrameReader} from './docker-frames.ts';

export type ExecOptions = {
	user?: string;
	stdin?: string | Secret;
	environment?: Record<string, string>;
	signal?: AbortSignal;
};

export const openText = (text: string | Secret): string => (typeof text === 'string' ? text : text.open());

export const environmentLines = (environment: Record<string, string> = {}): string[] =>
	Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/** Ends a stream when the signal is aborted, so that whoever reads it is told. */
export function endOnAbort(stream: {destroy(error?: Error): unknown}, signal: AbortSignal | undefined): () => void {
	const abort = (): void => void stream.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
	if (signal?.aborted) abort();
	else signal?.addEventListener('abort', abort, {once: true});
	return () => signal?.removeEventListener('abort', abort);
}

/**
 * Writes standard input and reads both outputs. The connection is hijacked: it stays open in our direction until we end it,
 * and in the engine's until the process is gone.
 */
export async function converse(
	stream: Duplex,
	stdin: string | Secret | undefined,
	signal: AbortSignal | undefined,
): Promise<{stdout: string; stderr: string}> {
	const release = endOnAbort(stream, signal);
	// A process that does not read its input closes the pipe; its exit code tells what happened.
	stream.on('error', () => undefined);
	try {
		stream.end(stdin === undefined ? '' : openText(stdin));
		const output = await collectOutput(stream);
		signal?.throwIfAborted();
		return output;
	} catch (error) {
		signal?.throwIfAborted();
		throw error;
	} finally {
		release();
		stream.destroy();
	}
}

const notRunning = (cause?: unknown): Trouble =>
	new Trouble('not-running', say('The container does not run.', '容器未在运行。'), {
		why: cause instanceof Trouble ? (cause.why ?? undefined) : say('it stopped meanwhile', '容器在此期间停止了'),
		cause,
	});

/** The engine kills what runs in a container that ends; nothing else about it is told. */
const killed = 137;

async function prepare(
	docker: Docker,
	containerId: string,
	command: string[],
	options: ExecOptions,
): Promise<Docker.Exec> {
	const {user, stdin, environment} = options;
	try {
		return await docker.getContainer(containerId).exec({
			AttachStdin: stdin !== undefined,
			AttachStdout: true,
			AttachStderr: true,
			Tty: false,
			Cmd: command,
			Env: environmentLines(environment),
			...(user ? {User: user} : {}),
		});
	} catch (error) {
		// 409: stopped, paused or restarting (Docker Engine API, "Create an exec instance").
		throw statusOf(error) === 409 ? notRunning(error) : error;
	}
}

/**
 * Runs a command in a running container.
 * @throws Trouble `not-running` when the container does not run or ends meanwhile, `engine-unreachable` when the engine goes away
 */
export async function execIn(
	docker: Docker,
	containerId: string,
	command: string[],
	options: ExecOptions = {},
): Promise<ExecResult> {
	const {stdin, signal} = options;
	signal?.throwIfAborted();
	const exec = await prepare(docker, containerId, command, options);
	const stream = await exec.start({hijack: true, stdin: true});
	const output = await converse(stream, stdin, signal);
	const {ExitCode: code} = await exec.inspect();
	if (code === killed && output.stdout === '' && output.stderr === '') {
		const {State: state} = await docker.getContainer(containerId).inspect();
		if (!state.Running || state.Restarting) throw notRunning();
	}
	if (typeof code === 'number') return {code, ...output};
	throw new Trouble(
		'exec-lost',
		say('The connection to a command in the container broke.', '与容器内命令的连接中断。'),
		{
			why: say(`\`${command[0] ?? ''}\` still runs there`, `\`${command[0] ?? ''}\` 仍在其中运行`),
		},
	);
}

/**
 * As `execIn`, for output of any size: each piece goes to `sink` before the next one is read.
 * @returns without `stdout`; of what the command complains about the first 64 KiB
 */
export async function execInto(
	docker: Docker,
	containerId: string,
	command: string[],
	options: ExecOptions,
	sink: (chunk: Buffer) => Promise<void>,
): Promise<ExecResult> {
	const {stdin, signal} = options;
	signal?.throwIfAborted();
	const exec = await prepare(docker, containerId, command, options);
	const stream = await exec.start({hijack: true, stdin: true});
	const release = endOnAbort(stream, signal);
	stream.on('error', () => undefined);
	const frames = new FrameReader(false);
	let stderr = '';
	try {
		stream.end(stdin === undefined ? '' : openText(stdin));
		for await (const chunk of stream)
			for (const {stream: name, payload} of frames.push(Buffer.from(chunk)))
				if (name === 'stdout') await sink(payload);
				else stderr = (stderr + payload.toString('utf8')).slice(0, 65_536);
	} finally {
		release();
		stream.destroy();
	}
	signal?.throwIfAborted();
	const {ExitCode: code} = await exec.inspect();
	// A connection that broke off in the middle has left the command running: what came is not whole.
	return {code: typeof code === 'number' ? code : 1, stdout: '', stderr};
}
