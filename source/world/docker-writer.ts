import type {Duplex} from 'node:stream';
import type Docker from 'dockerode';
import {LineReader} from '../core/hostile.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';
import type {DockerWriter} from '../core/write-world.ts';
import {statusOf} from './docker-errors.ts';
import {endOnAbort, environmentLines, execIn, execInto, openText} from './docker-exec.ts';
import {FrameReader} from './docker-frames.ts';
import {readImage} from './docker-inspect.ts';
import {recreateContainer} from './docker-recreate.ts';
import {removeCacheRecord} from './docker-room.ts';
import {helperLabel} from './read-guard.ts';

export const keptLabel = 'compose-medic.kept';
export const madeLabel = 'compose-medic.made';

type HelperRequest = Parameters<DockerWriter['helper']>[0];

/** Passes over the answers that say "that is so already". */
async function unless(statuses: readonly number[], act: Promise<unknown>): Promise<void> {
	try {
		await act;
	} catch (error) {
		const status = statusOf(error);
		if (status === null || !statuses.includes(status)) throw error;
	}
}

const mountOf = ({source, destination, readonly}: HelperRequest['mounts'][number]) => ({
	Type: source.startsWith('/') ? ('bind' as const) : ('volume' as const),
	Source: source,
	Target: destination,
	ReadOnly: readonly,
	// Nothing of the image may appear in a volume only because a helper looked at it.
	...(source.startsWith('/') ? {} : {VolumeOptions: {NoCopy: true, Labels: {}, DriverConfig: {Name: '', Options: {}}}}),
});

async function createHelper(docker: Docker, request: HelperRequest): Promise<Docker.Container> {
	const {name, image, command, entrypoint, user, network = 'none', environment, mounts, detach = false} = request;
	const body = {
		Image: image,
		...(entrypoint ? {Entrypoint: entrypoint} : {}),
		Cmd: command,
		Env: environmentLines(environment),
		...(user ? {User: user} : {}),
		Labels: {[helperLabel]: '1'},
		AttachStdin: !detach,
		AttachStdout: !detach,
		AttachStderr: !detach,
		OpenStdin: !detach,
		StdinOnce: !detach,
		Tty: false,
		Healthcheck: {Test: ['NONE']},
		HostConfig: {
			NetworkMode: network,
			Mounts: mounts.map(mountOf),
			LogConfig: {Type: 'none', Config: {}},
			SecurityOpt: ['no-new-privileges'],
		},
	};
	try {
		return await docker.createContainer({_query: {name}, _body: body} as unknown as Docker.ContainerCreateOptions);
	} catch (error) {
		if (statusOf(error) !== 409) throw error;
		throw new Trouble(
			'helper-exists',
			say(`The helper container \`${name}\` exists already.`, `辅助容器 \`${name}\` 已存在。`),
			{
				why: say(
					'Another run works on the same data, or one was killed.',
					'另一次运行正在处理同一份数据，或某次运行被强行终止。',
				),
				next: say(
					`If no other run is going on: \`docker rm -f ${name}\`.`,
					`如果没有其他运行：\`docker rm -f ${name}\`。`,
				),
				cause: error,
			},
		);
	}
}

/** Gives standard input, reads both outputs line by line and waits for the end. */
async function conversation(
	container: Docker.Container,
	request: HelperRequest,
	signal: AbortSignal | undefined,
): Promise<ExecResult> {
	const stream = (await container.attach({
		stream: true,
		stdin: true,
		stdout: true,
		stderr: true,
		hijack: true,
	})) as Duplex;
	stream.on('error', () => undefined);
	const release = endOnAbort(stream, signal);
	try {
		await container.start();
		stream.end(request.stdin === undefined ? '' : openText(request.stdin));
		const frames = new FrameReader(false);
		const lines = new LineReader();
		const parts = {stdout: [] as Buffer[], stderr: [] as Buffer[]};
		for await (const chunk of stream)
			for (const {stream: name, payload} of frames.push(Buffer.from(chunk))) {
				parts[name].push(Buffer.from(payload));
				if (request.onLine) for (const line of lines.push(payload)) request.onLine(line);
			}
		const {StatusCode: code} = (await container.wait()) as {StatusCode: number};
		return {
			code,
			stdout: Buffer.concat(parts.stdout).toString('utf8'),
			stderr: Buffer.concat(parts.stderr).toString('utf8'),
		};
	} finally {
		signal?.throwIfAborted();
		release();
		stream.destroy();
	}
}

const inUse = (image: string, by: readonly string[]): Trouble =>
	new Trouble(
		'image-in-use',
		say(
			`The image ${image.slice(7, 19)} is used by now: ${by.join(', ')}.`,
			`镜像 ${image.slice(7, 19)} 已被使用：${by.join('、')}。`,
		),
		{next: say('Run the diagnosis again.', '请重新诊断。')},
	);

async function isHelper(docker: Docker, name: string): Promise<boolean> {
	try {
		const {Config: config} = await docker.getContainer(name).inspect();
		if (config.Labels?.[helperLabel]) return true;
	} catch (error) {
		if (statusOf(error) === 404) return false;
		throw error;
	}
	throw new Error(`${name} is not a helper of ours`);
}

/** The engine as steps may use it. Every call that asks for what is so already succeeds, so that steps can be repeated. */
export function createDockerWriter(docker: Docker): DockerWriter {
	const removeHelper = async (name: string): Promise<void> => {
		if (await isHelper(docker, name))
			await unless([404, 409], docker.getContainer(name).remove({force: true, v: true}));
	};

	const volumeNamed = (name: string): Promise<Docker.VolumeInspectInfo | null> =>
		docker
			.getVolume(name)
			.inspect()
			.catch((error: unknown) => {
				if (statusOf(error) === 404) return null;
				throw error;
			}) as Promise<Docker.VolumeInspectInfo | null>;

	/** @param objection why a volume with these labels may not be removed, or null */
	const removeVolume = async (name: string, objection: (labels: Record<string, string>) => string | null) => {
		const present = await volumeNamed(name);
		if (!present) return;
		const why = objection(present.Labels ?? {});
		if (why !== null) throw new Error(`${name} ${why}`);
		await docker.getVolume(name).remove();
	};

	return {
		start: id => unless([304], docker.getContainer(id).start()),
		stop: (id, seconds) => unless([304], docker.getContainer(id).stop({t: seconds})),
		restart: (id, seconds) => docker.getContainer(id).restart({t: seconds}),
		signal: (id, signal) => docker.getContainer(id).kill({signal}),

		async limitMemory(id, {memory, swap}) {
			await docker.getContainer(id).update({Memory: memory, MemorySwap: swap});
		},

		async pull(reference, onLine, signal) {
			if (await readImage(docker, reference)) return;
			const stream = (await docker.pull(reference, {abortSignal: signal})) as NodeJS.ReadableStream;
			await new Promise<void>((resolve, reject) => {
				docker.modem.followProgress(
					stream,
					(error: Error | null) => (error ? reject(error) : resolve()),
					({status, id}: {status?: string; id?: string}) => onLine([id, status].filter(Boolean).join(': ')),
				);
			});
		},

		async connect(network, id, aliases) {
			const {NetworkSettings: now} = await docker.getContainer(id).inspect();
			if (now.Networks[network]) return;
			await docker.getNetwork(network).connect({Container: id, EndpointConfig: {Aliases: aliases}});
		},

		async disconnect(network, id) {
			const {NetworkSettings: now} = await docker.getContainer(id).inspect();
			if (now.Networks[network]) await docker.getNetwork(network).disconnect({Container: id});
		},

		async createVolume(name, labels) {
			const present = await volumeNamed(name);
			// The engine would hand back an existing volume, whoever's it is, and leave its labels as they are.
			const ours = present !== null && Object.entries(labels).every(([key, value]) => present.Labels?.[key] === value);
			if (present && !ours)
				throw new Trouble(
					'volume-exists',
					say(`A volume \`${name}\` exists already and is not ours.`, `卷 \`${name}\` 已存在，且不是由本程序创建。`),
				);
			if (!present) await docker.createVolume({Name: name, Labels: labels});
		},

		removeKeptVolume: name =>
			removeVolume(name, labels => (labels[keptLabel] ? null : `carries no label ${keptLabel}`)),

		removeMadeVolume: (name, id) =>
			removeVolume(name, labels => (labels[madeLabel] === id ? null : `was not made by ${id}`)),

		async removeDanglingImage(id) {
			const image = docker.getImage(id);
			const present = await image.inspect().catch((error: unknown) => {
				if (statusOf(error) === 404) return null;
				throw error;
			});
			if (!present) return;
			if (present.Id !== id) throw new Error(`${id} is not the whole id of an image`);
			const names = (present.RepoTags ?? []).filter(name => name !== '<none>:<none>');
			if (names.length > 0) throw inUse(id, names);
			const users = await docker.listContainers({all: true, filters: {ancestor: [id]}});
			const own = users.filter(({ImageID}) => ImageID === id).map(({Names}) => Names[0]?.slice(1) ?? '?');
			if (own.length > 0) throw inUse(id, own);
			// Never by force, and without the images that it was built on: only what the plan has shown.
			await unless([404], image.remove({force: false, noprune: true}));
		},

		removeBuildCache: id => removeCacheRecord(docker, id),

		execInto: (id, command, options, sink) => execInto(docker, id, command, options, sink),

		exec: (id, command, options) => execIn(docker, id, command, options),

		async helper(request, signal) {
			signal?.throwIfAborted();
			const container = await createHelper(docker, request);
			if (request.detach) {
				try {
					await container.start();
				} catch (error) {
					await removeHelper(container.id);
					throw error;
				}
				return {code: 0, stdout: container.id, stderr: ''};
			}
			try {
				return await conversation(container, request, signal);
			} finally {
				await removeHelper(container.id);
			}
		},

		removeHelper,

		recreate: (container, environment) => recreateContainer(docker, container, environment),
	};
}
