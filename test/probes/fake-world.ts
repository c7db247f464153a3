import {Secret} from '../../source/core/secret.ts';
import type {
	ComposeVerdict,
	Container,
	ContainerEvent,
	DatabaseReader,
	DockerReader,
	Volume as EngineVolume,
	ImageState,
	LogLine,
	PathOwner,
	ReadWorld,
	Space,
} from '../../source/core/world.ts';

type Volume = {project?: string; key?: string; mountpoint?: string; device?: string};

export type FakeWorld = {
	containers?: Container[];
	/** Environment by service. */
	environment?: Record<string, Record<string, string>>;
	/** Files in containers by path, with their times. */
	files?: Record<string, {content: string; modifiedAt?: string}>;
	/** Files of this machine by path. */
	local?: Record<string, string>;
	volumes?: Record<string, Volume>;
	/** Folders in containers by path, with the names in them. */
	folders?: Record<string, string[]>;
	/** Command lines by service. */
	processes?: Record<string, string[]>;
	/** Lines, with their time where it matters. */
	logs?: (string | {at: string; text: string})[];
	ready?: Awaited<ReturnType<DatabaseReader['ready']>>;
	place?: Partial<Awaited<ReturnType<ReadWorld['place']>>>;
	listeners?: Record<number, string | null>;
	/** Owners and modes in containers by path. */
	stats?: Record<string, PathOwner>;
	images?: Record<string, ImageState>;
	events?: ContainerEvent[];
	/** Room on this machine by path. */
	spaces?: Record<string, Space>;
	verdict?: ComposeVerdict;
	/** Answers of commands in containers, by their first words. */
	exec?: DockerReader['exec'];
	info?: DockerReader['info'];
	diskUse?: DockerReader['diskUse'];
	logFile?: DockerReader['logFile'];
	now?: string;
	external?: boolean;
	redact?: (text: string) => string;
};

const notAsked = (): never => {
	throw new Error('nobody should ask this');
};

const volumeOf = (name: string, volume: Volume | undefined): EngineVolume | null =>
	volume
		? {
				name,
				driver: 'local',
				mountpoint: volume.mountpoint ?? `/var/lib/docker/volumes/${name}/_data`,
				labels: {
					...(volume.project ? {'com.docker.compose.project': volume.project} : {}),
					...(volume.key ? {'com.docker.compose.volume': volume.key} : {}),
				},
				createdAt: '',
				device: volume.device ?? null,
			}
		: null;

/** A world made of data. What a test does not give is not there. */
export function fakeWorld(given: FakeWorld): ReadWorld {
	const all = given.containers ?? [];
	const docker: DockerReader = {
		info: given.info ?? notAsked,
		containers: async project => all.filter(one => project === null || one.project === project),
		projects: notAsked,
		environment: async id => {
			const service = all.find(one => one.id === id)?.service ?? '';
			return new Map(
				Object.entries(given.environment?.[service] ?? {}).map(([name, value]) => [name, new Secret(value)]),
			);
		},
		logs: async () =>
			(given.logs ?? []).map(
				(line): LogLine => ({
					at: '2026-01-01T00:00:02Z',
					stream: 'stderr',
					...(typeof line === 'string' ? {text: line} : line),
				}),
			),
		exec: given.exec ?? notAsked,
		helper: notAsked,
		readFile: async (_, path, firstBytes) => {
			const file = given.files?.[path];
			return file
				? {
						content: Buffer.from(file.content).subarray(0, firstBytes),
						mode: 0o600,
						uid: 70,
						gid: 70,
						modifiedAt: file.modifiedAt ?? '2026-01-01T00:00:00.000Z',
					}
				: null;
		},
		owner: async (_, path) => given.stats?.[path] ?? null,
		image: async reference => given.images?.[reference] ?? null,
		events: async () => given.events ?? [],
		readFolder: async () => null,
		stat: async (_, path) => {
			const file = given.files?.[path];
			if (file)
				return {
					kind: 'file',
					size: file.content.length,
					mode: 0o600,
					modifiedAt: file.modifiedAt ?? '2026-01-01T00:00:00.000Z',
					linkTarget: null,
				};
			return given.folders && path in given.folders
				? {kind: 'directory', size: 4096, mode: 0o700, modifiedAt: '2026-01-01T00:00:00.000Z', linkTarget: null}
				: null;
		},
		list: async (_, path) => {
			const names = given.folders?.[path];
			return names
				? {
						entries: names.map(name => ({name, kind: 'file', size: 0, modifiedAt: '2026-01-01T00:00:00.000Z'})),
						truncated: false,
					}
				: null;
		},
		processes: async id => given.processes?.[all.find(one => one.id === id)?.service ?? ''] ?? null,
		networks: notAsked,
		volume: async name => volumeOf(name, given.volumes?.[name]),
		diskUse: given.diskUse ?? (async () => notAsked()),
		logFile: given.logFile ?? (async () => null),
		volumes: async () => Object.entries(given.volumes ?? {}).flatMap(([name, one]) => volumeOf(name, one) ?? []),
	};
	return {
		target: given.external
			? {kind: 'database', name: 'd@h:1', stack: 'external', host: 'h', port: 1, database: 'd', user: 'u'}
			: {kind: 'compose', project: 'shop', stack: 'generic'},
		now: () => new Date(given.now ?? '2026-01-01T01:00:00Z'),
		docker,
		files: {
			read: async path => (given.local && path in given.local ? Buffer.from(given.local[path] ?? '') : null),
			exists: async path => given.local !== undefined && path in given.local,
			space: async path => given.spaces?.[path] ?? null,
		},
		place: async () => ({
			workingDirectory: null,
			configFiles: [],
			envFiles: [],
			shell: () => undefined,
			...given.place,
		}),
		listener: async port => (given.listeners && port in given.listeners ? {says: given.listeners[port] ?? null} : null),
		composeVerdict: async () => given.verdict ?? {kind: 'valid'},
		database: () => ({query: notAsked, login: notAsked, ready: async () => given.ready ?? 'no-answer'}),
		credentials: async () => [],
		candidates: async () => [],
		redact: given.redact ?? (text => text),
	};
}

export const never = new AbortController().signal;
