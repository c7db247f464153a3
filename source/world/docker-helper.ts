import {randomBytes} from 'node:crypto';
import type {Duplex} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import type Docker from 'dockerode';
import type {ExecResult, HelperRequest} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';
import {converse, environmentLines} from './docker-exec.ts';
import {streamFrom} from './docker-transport.ts';
import {helperLabel} from './read-guard.ts';

const namePrefix = 'compose-medic-look-';

/** The engine's answer about a mount without a source on the host is an error, not a new folder, unlike with `-v`. */
const readOnlyMount = ({source, destination}: {source: string; destination: string}) => ({
	Type: source.startsWith('/') ? ('bind' as const) : ('volume' as const),
	Source: source,
	Target: destination,
	ReadOnly: true,
});

async function jsonOf(stream: NodeJS.ReadableStream): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(Buffer.from(chunk));
	return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Removes a helper and returns when it is gone, also while the engine is removing it by itself. */
async function removeHelper(docker: Docker, id: string): Promise<void> {
	for (let attempt = 0; attempt < 100; attempt++) {
		try {
			await docker.getContainer(id).remove({force: true, v: true});
		} catch (error) {
			const status = statusOf(error);
			if (status === 404) return;
			// 409: the engine's own removal is under way.
			if (status !== 409) throw error;
		}
		await sleep(50);
	}
}

/** Younger ones may belong to another run of this program. */
const abandonedAfter = 120_000;

/** Removes helpers that a killed run had created and not started yet: AutoRemove takes care of all others. */
export async function removeAbandoned(docker: Docker, adopt: (id: string) => void): Promise<void> {
	const filters = {label: [`${helperLabel}=1`], name: [namePrefix], status: ['created', 'exited', 'dead']};
	for (const {Id, Names, Created} of await docker.listContainers({all: true, filters})) {
		if (!Names.some(name => name.startsWith(`/${namePrefix}`)) || Date.now() - Created * 1000 < abandonedAfter)
			continue;
		adopt(Id);
		await removeHelper(docker, Id);
	}
}

/**
 * Runs one command in a throwaway container and waits for its end. The image's entrypoint is not run. Nothing of it is kept:
 * no log, no volume, no container, also when it is aborted; AutoRemove takes over if this process is killed.
 */
export async function runHelper(docker: Docker, request: HelperRequest, signal?: AbortSignal): Promise<ExecResult> {
	signal?.throwIfAborted();
	const [entrypoint, ...command] = request.command;
	const name = `${namePrefix}${randomBytes(6).toString('hex')}`;
	const body = {
		Image: request.image,
		Entrypoint: [entrypoint],
		Cmd: command,
		Env: environmentLines(request.environment),
		...(request.user ? {User: request.user} : {}),
		Labels: {[helperLabel]: '1'},
		AttachStdin: true,
		AttachStdout: true,
		AttachStderr: true,
		OpenStdin: true,
		StdinOnce: true,
		Tty: false,
		Healthcheck: {Test: ['NONE']},
		HostConfig: {
			AutoRemove: true,
			NetworkMode: request.network,
			Mounts: (request.mounts ?? []).map(readOnlyMount),
			LogConfig: {Type: 'none', Config: {}},
			SecurityOpt: ['no-new-privileges'],
		},
	};
	// `name` in the query, the rest in the body: the library would repeat everything in both.
	const container = await docker.createContainer({
		_query: {name},
		_body: body,
	} as unknown as Docker.ContainerCreateOptions);
	try {
		signal?.throwIfAborted();
		const stream = (await container.attach({
			stream: true,
			stdin: true,
			stdout: true,
			stderr: true,
			hijack: true,
		})) as Duplex;
		// Answered as soon as the engine waits, so that no exit is missed.
		const waiting = await streamFrom(docker, {
			path: `/containers/${container.id}/wait?`,
			method: 'POST',
			options: {_query: {condition: 'next-exit'}, _body: {}},
			abortSignal: signal,
		});
		const ended = jsonOf(waiting);
		ended.catch(() => undefined);
		await container.start();
		const output = await converse(stream, request.stdin, signal);
		const {StatusCode: code} = (await ended) as {StatusCode: number};
		return {code, ...output};
	} finally {
		await removeHelper(docker, container.id);
	}
}
