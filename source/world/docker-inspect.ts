import type Docker from 'dockerode';
import type {ContainerInfo, ContainerInspectInfo} from 'dockerode';
import {harmless} from '../core/hostile.ts';
import type {Confinement, Container, HealthCheck, ImageState} from '../core/world.ts';
import {statusOf} from './docker-errors.ts';

const label = 'com.docker.compose.';

const statuses: readonly string[] = [
	'created',
	'running',
	'paused',
	'restarting',
	'removing',
	'exited',
	'dead',
] satisfies Container['status'][];
const healths: readonly string[] = ['healthy', 'unhealthy', 'starting'] satisfies NonNullable<Container['health']>[];

/** The engine writes the year 1 where there is no time. */
const time = (text: string | undefined): string | null => (!text || text.startsWith('0001-') ? null : text);

const words = (value: unknown): string[] =>
	Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];

type Bindings = Record<string, {HostIp?: string; HostPort?: string}[] | null> | null | undefined;

/** A range such as `8000-8010` counts as its first port, and 0 stands for any free one. */
const portsOf = (bindings: Bindings): Container['ports'] =>
	Object.entries(bindings ?? {}).flatMap(([key, hosts]) => {
		const [port, protocol = 'tcp'] = key.split('/');
		return (hosts ?? []).map(({HostIp: hostAddress = '', HostPort: hostPort = ''}) => ({
			container: Number(port),
			protocol,
			hostAddress,
			hostPort: Number.parseInt(hostPort, 10) || 0,
		}));
	});

const composeOf = (labels: Record<string, string>): Pick<Container, 'service' | 'project' | 'oneOff'> => ({
	service: labels[`${label}service`] ?? '',
	project: labels[`${label}project`] ?? '',
	oneOff: labels[`${label}oneoff`]?.toLowerCase() === 'true',
});

/** The engine takes this where a check names no interval (Dockerfile reference, HEALTHCHECK). */
const usualInterval = 30_000;

function healthCheckOf({Config, State}: ContainerInspectInfo, redact: (text: string) => string): HealthCheck | null {
	const check = (Config as {Healthcheck?: {Test?: string[] | null; Interval?: number}}).Healthcheck;
	const test = words(check?.Test);
	if (test.length === 0 || test[0] === 'NONE') return null;
	const last = State.Health?.Log?.at(-1);
	return {
		test,
		interval: (check?.Interval ?? 0) / 1e6 || usualInterval,
		failures: State.Health?.FailingStreak ?? 0,
		exitCode: last?.ExitCode ?? null,
		output: harmless((last?.Output ?? '').trim(), redact, 500),
	};
}

/** Seconds that the engine waits after the stop signal unless a container says otherwise (Docker Engine API, `StopTimeout`). */
const usualGrace = 10;

/** Profiles stand in `SecurityOpt` with their whole text (Docker CLI, `--security-opt seccomp=profile.json`). */
function confinementOf({HostConfig: host, Config: config}: ContainerInspectInfo): Confinement {
	const seccomp = words(host.SecurityOpt).find(option => /^seccomp[=:]/.test(option));
	return {
		readOnlyRoot: host.ReadonlyRootfs ?? false,
		capDrop: words(host.CapDrop).map(name => name.toUpperCase().replace(/^CAP_/, '')),
		seccomp: seccomp === undefined ? 'none' : /^seccomp[=:]unconfined$/.test(seccomp) ? 'unconfined' : 'own',
		tmpfs: [
			...Object.keys((host.Tmpfs as Record<string, string> | null | undefined) ?? {}),
			...(host.Mounts ?? []).flatMap(({Type, Target}) => (Type === 'tmpfs' && Target ? [Target] : [])),
		],
		stopGrace: (config as {StopTimeout?: number | null}).StopTimeout ?? usualGrace,
	};
}

/**
 * One container as the engine's inspect call tells it. A restarting container counts as such, although the engine calls it
 * running at the same time (Docker Engine API, `State`).
 * @param redact for the engine's error text
 */
export function readContainer(inspect: ContainerInspectInfo, redact: (text: string) => string): Container {
	const {State: state, Config: config, HostConfig: host, NetworkSettings: network} = inspect;
	const labels = config.Labels ?? {};
	const health = state.Health?.Status;
	const healthCheck = healthCheckOf(inspect, redact);
	return {
		id: inspect.Id,
		name: inspect.Name.replace(/^\//, ''),
		...composeOf(labels),
		image: config.Image,
		imageId: inspect.Image,
		status: statuses.includes(state.Status) ? (state.Status as Container['status']) : 'dead',
		pid: state.Pid,
		exitCode: state.ExitCode,
		oomKilled: state.OOMKilled,
		error: harmless(state.Error ?? '', redact),
		health: health && healths.includes(health) ? (health as Container['health']) : null,
		...(healthCheck ? {healthCheck} : {}),
		restartCount: inspect.RestartCount,
		restartPolicy: host.RestartPolicy?.Name ?? '',
		createdAt: inspect.Created,
		startedAt: time(state.StartedAt),
		finishedAt: time(state.FinishedAt),
		tty: config.Tty,
		user: config.User ?? '',
		entrypoint: words(config.Entrypoint),
		command: words(config.Cmd),
		memoryLimit: host.Memory ?? 0,
		memorySwap: host.MemorySwap ?? 0,
		shmSize: host.ShmSize ?? 0,
		ipcMode: host.IpcMode ?? '',
		networkMode: host.NetworkMode ?? '',
		networks: Object.entries(network?.Networks ?? {}).map(([name, end]) => ({
			name,
			id: end.NetworkID ?? '',
			address: end.IPAddress ?? '',
			prefix: end.IPPrefixLen ?? 0,
			// From engine 25 on the names that its DNS answers to stand in a list of their own.
			aliases: [...new Set([...(end.Aliases ?? []), ...((end as {DNSNames?: string[] | null}).DNSNames ?? [])])],
		})),
		ports: portsOf(network?.Ports as Bindings),
		wantedPorts: portsOf(host.PortBindings as Bindings),
		mounts: (inspect.Mounts ?? []).map(({Type, Name, Source, Destination, RW}) => ({
			type: Type ?? 'bind',
			name: Name ?? '',
			source: Source,
			destination: Destination,
			writable: RW,
		})),
		confinement: confinementOf(inspect),
		labels,
	};
}

/** An image that the engine has; null when it has none of that name. */
export async function readImage(docker: Docker, reference: string): Promise<ImageState | null> {
	try {
		const {
			Id: id,
			Os: os,
			Architecture: architecture,
			Config: config,
			...more
		} = await docker.getImage(reference).inspect();
		const variant = (more as {Variant?: string}).Variant ?? '';
		const major = (config?.Env ?? []).find(line => line.startsWith('PG_MAJOR='))?.slice('PG_MAJOR='.length);
		return {
			id,
			os,
			architecture,
			variant,
			entrypoint: words(config?.Entrypoint),
			command: words(config?.Cmd),
			postgresMajor: major ?? null,
		};
	} catch (error) {
		if (statusOf(error) === 404) return null;
		throw error;
	}
}

/** As much of a container as a list tells: enough to recognise an application and to count what runs. */
export function readSummary(summary: ContainerInfo): Container {
	const labels = summary.Labels ?? {};
	return {
		id: summary.Id,
		name: (summary.Names?.[0] ?? '').replace(/^\//, ''),
		...composeOf(labels),
		image: summary.Image,
		imageId: summary.ImageID,
		status: statuses.includes(summary.State) ? (summary.State as Container['status']) : 'dead',
		pid: 0,
		exitCode: 0,
		oomKilled: false,
		error: '',
		health: null,
		restartCount: 0,
		restartPolicy: '',
		createdAt: new Date(summary.Created * 1000).toISOString(),
		startedAt: null,
		finishedAt: null,
		tty: false,
		user: '',
		entrypoint: [],
		command: [],
		memoryLimit: 0,
		shmSize: 0,
		networkMode: summary.HostConfig?.NetworkMode ?? '',
		networks: [],
		ports: [],
		wantedPorts: [],
		mounts: (summary.Mounts ?? []).map(({Type, Name, Source, Destination, RW}) => ({
			type: Type,
			name: Name ?? '',
			source: Source,
			destination: Destination,
			writable: RW,
		})),
		labels,
	};
}

/** The environment as name and value; a line without `=` is a name without a value. */
export const environmentOf = ({Config: {Env}}: ContainerInspectInfo): [string, string][] =>
	(Env ?? []).map(line => {
		const at = line.indexOf('=');
		return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
	});
