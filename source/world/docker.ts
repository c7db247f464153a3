import type Docker from 'dockerode';
import type {ContainerInspectInfo, VolumeInspectInfo} from 'dockerode';
import type {Redactor} from '../core/redact.ts';
import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {ComposeProject, Container, DockerReader, Volume} from '../core/world.ts';
import {recogniseStack} from '../stacks/index.ts';
import {ownerArchived, readArchived, readArchivedFolder} from './docker-archive.ts';
import type {Endpoint} from './docker-endpoint.ts';
import {statusOf} from './docker-errors.ts';
import {readEvents} from './docker-events.ts';
import {execIn} from './docker-exec.ts';
import {removeAbandoned, runHelper} from './docker-helper.ts';
import {environmentOf, readContainer, readImage, readSummary} from './docker-inspect.ts';
import {readLogs} from './docker-logs.ts';
import {listArchived, processesOf, statArchived} from './docker-paths.ts';
import {readDiskUse} from './docker-room.ts';
import {rememberSecrets} from './known-secrets.ts';
import {createLimit} from './limit.ts';
import {helperLabel, type ReadGuard} from './read-guard.ts';
import {createShared} from './shared.ts';

const project = 'com.docker.compose.project';

/** Milliseconds for which the same question gets the same answer: the probes of one pass see one state of the engine. */
const together = 1500;

const atOnce = 8;

export type CachingReader = DockerReader & {
	/** Forgets what it saw: something was just changed. */
	forget(): void;
};

/** A volume that only leads elsewhere: `o: bind` to a folder of the host, `type: nfs` to an export. */
const readVolume = ({Name, Driver, Mountpoint, Labels, Options, ...more}: VolumeInspectInfo): Volume => ({
	name: Name,
	driver: Driver,
	mountpoint: Mountpoint,
	labels: Labels ?? {},
	createdAt: (more as {CreatedAt?: string}).CreatedAt ?? '',
	device: Options?.['device'] ?? null,
	options: Options ?? {},
});

/** The projects behind a list of containers. Containers of `compose run` and helpers count for nothing. */
export function projectsIn(containers: readonly Container[]): ComposeProject[] {
	const byName = new Map<string, Container[]>();
	for (const container of containers) {
		if (container.project === '' || container.oneOff || helperLabel in container.labels) continue;
		byName.set(container.project, [...(byName.get(container.project) ?? []), container]);
	}
	return [...byName]
		.map(([name, own]) => {
			const label = (key: string): string | null =>
				own.map(({labels}) => labels[`${project}.${key}`]).find(value => value !== undefined && value !== '') ?? null;
			return {
				name,
				running: own.filter(({status}) => status === 'running').length,
				total: own.length,
				workingDirectory: label('working_dir'),
				configFiles: label('config_files')?.split(',') ?? [],
				stack: recogniseStack(own).id,
			};
		})
		.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Reads the engine. Every secret of a container that is looked at goes to the redactor before anything of that container comes out.
 * @param docker a connection with the read guard in front of it
 * @param guard that guard, so that it lets helpers go that an earlier run left behind
 */
export function createDockerReader({
	docker,
	endpoint,
	redactor,
	guard,
}: {
	docker: Docker;
	endpoint: Endpoint;
	redactor: Redactor;
	guard?: ReadGuard;
}): CachingReader {
	/** Done before the first helper of this run. */
	let tidied: Promise<void> | null = null;
	const limit = createLimit(atOnce);
	const shared = createShared(together);
	const redact = (text: string): string => redactor.redact(text);

	/** Null when the container has gone since it was listed. */
	const inspect = (id: string): Promise<ContainerInspectInfo | null> =>
		shared.get(`container ${id}`, () =>
			limit(async () => {
				try {
					const found = await docker.getContainer(id).inspect();
					const {Config: config} = found;
					const command = [...[config.Entrypoint ?? []].flat(), ...(config.Cmd ?? [])];
					const labels = config.Labels ?? {};
					const names = [labels[project], labels['com.docker.compose.service'], found.Name.slice(1)].filter(
						name => name !== undefined,
					);
					rememberSecrets(redactor, environmentOf(found), command, names);
					return found;
				} catch (error) {
					if (statusOf(error) === 404) return null;
					throw error;
				}
			}),
		);

	async function existing(id: string): Promise<ContainerInspectInfo> {
		const found = await inspect(id);
		if (found) return found;
		throw new Trouble(
			'not-found',
			say(`The container ${id.slice(0, 12)} is gone.`, `容器 ${id.slice(0, 12)} 已不存在。`),
		);
	}

	return {
		forget: shared.forget,

		async info() {
			const [version, info] = await Promise.all([docker.version(), docker.info() as Promise<{ID?: string}>]);
			return {
				version: version.Version,
				apiVersion: version.ApiVersion,
				id: info.ID ?? '',
				os: version.Os,
				architecture: version.Arch,
				endpoint: endpoint.url,
				context: endpoint.context,
			};
		},

		containers: (name, signal) =>
			shared
				.get(`project ${name ?? ''}`, async () => {
					const filters = name === null ? {} : {filters: {label: [`${project}=${name}`]}};
					const listed = await docker.listContainers({all: true, ...filters});
					const inspected = await Promise.all(listed.map(({Id}) => inspect(Id)));
					return inspected.filter(found => found !== null).map(found => readContainer(found, redact));
				})
				.then(found => {
					signal?.throwIfAborted();
					return found;
				}),

		async projects() {
			const listed = await docker.listContainers({all: true, filters: {label: [project]}});
			return projectsIn(listed.map(readSummary));
		},

		async environment(id) {
			return new Map(environmentOf(await existing(id)).map(([name, value]) => [name, new Secret(value)]));
		},

		async logs(id, options) {
			const {Id, Config} = await existing(id);
			return readLogs(docker, {id: Id, tty: Config.Tty}, options, redact);
		},

		exec: (id, command, options) => execIn(docker, id, command, options),

		async helper(request, signal) {
			tidied ??= removeAbandoned(docker, id => guard?.created(id)).catch(() => undefined);
			await tidied;
			return runHelper(docker, request, signal);
		},

		readFile: (id, path, firstBytes) => limit(() => readArchived(docker, id, path, firstBytes)),

		readFolder: (id, path) => limit(() => readArchivedFolder(docker, id, path)),

		stat: (id, path) => limit(() => statArchived(docker, id, path)),

		list: (id, path) => limit(() => listArchived(docker, id, path)),

		async processes(id) {
			const found = await processesOf(docker, id);
			return found?.map(redact) ?? null;
		},

		owner: (id, path) => limit(() => ownerArchived(docker, id, path)),

		image: reference => limit(() => readImage(docker, reference)),

		events: (id, since, until, signal) => readEvents(docker, {id, since, until}, signal),

		async networks() {
			const found = await docker.listNetworks();
			return found.map(({Id: id, Name: name, Labels, Internal}) => ({
				id,
				name,
				project: Labels?.[project] ?? null,
				internal: Internal ?? false,
			}));
		},

		async volume(name) {
			try {
				return readVolume(await docker.getVolume(name).inspect());
			} catch (error) {
				if (statusOf(error) === 404) return null;
				throw error;
			}
		},

		diskUse: signal => readDiskUse(docker, signal),

		async logFile(id) {
			const found = (await existing(id)) as ContainerInspectInfo & {LogPath?: string};
			return found.HostConfig.LogConfig?.Type === 'json-file' && found.LogPath ? found.LogPath : null;
		},

		async volumes() {
			const {Volumes} = await docker.listVolumes();
			return (Volumes ?? []).map(readVolume);
		},
	};
}
