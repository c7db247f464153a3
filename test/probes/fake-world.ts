import {Secret} from '../../source/core/secret.ts';
import type {Container, DatabaseReader, DockerReader, LogLine, ReadWorld} from '../../source/core/world.ts';

type Volume = {project?: string; mountpoint?: string};

export type FakeWorld = {
	containers?: Container[];
	/** Environment by service. */
	environment?: Record<string, Record<string, string>>;
	/** Files in containers by path, with their times. */
	files?: Record<string, {content: string; modifiedAt?: string}>;
	/** Files of this machine by path. */
	local?: Record<string, string>;
	volumes?: Record<string, Volume>;
	logs?: string[];
	ready?: Awaited<ReturnType<DatabaseReader['ready']>>;
	place?: Partial<Awaited<ReturnType<ReadWorld['place']>>>;
	listeners?: Record<number, string | null>;
	info?: DockerReader['info'];
	now?: string;
	external?: boolean;
	redact?: (text: string) => string;
};

const notAsked = (): never => {
	throw new Error('nobody should ask this');
};

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
		logs: async () => (given.logs ?? []).map((text): LogLine => ({at: '2026-01-01T00:00:02Z', stream: 'stderr', text})),
		exec: notAsked,
		helper: notAsked,
		readFile: async (_, path) => {
			const file = given.files?.[path];
			return file
				? {
						content: Buffer.from(file.content),
						mode: 0o600,
						uid: 70,
						gid: 70,
						modifiedAt: file.modifiedAt ?? '2026-01-01T00:00:00.000Z',
					}
				: null;
		},
		networks: notAsked,
		volume: async name => {
			const volume = given.volumes?.[name];
			return volume
				? {
						name,
						driver: 'local',
						mountpoint: volume.mountpoint ?? `/var/lib/docker/volumes/${name}/_data`,
						labels: volume.project ? {'com.docker.compose.project': volume.project} : ({} as Record<string, string>),
						createdAt: '',
					}
				: null;
		},
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
		},
		place: async () => ({
			workingDirectory: null,
			configFiles: [],
			envFiles: [],
			shell: () => undefined,
			...given.place,
		}),
		listener: async port => (given.listeners && port in given.listeners ? {says: given.listeners[port] ?? null} : null),
		database: () => ({query: notAsked, login: notAsked, ready: async () => given.ready ?? 'no-answer'}),
		credentials: async () => [],
		candidates: async () => [],
		redact: given.redact ?? (text => text),
	};
}

export const never = new AbortController().signal;
