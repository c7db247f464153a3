import {basename, dirname, posix} from 'node:path';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, DockerReader, ReadWorld, Volume} from '../core/world.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';
import {mountOf} from './shared-data.ts';

/** A data directory that is older than the one in use and that no server works on. */
export type EarlierPlace = {
	/** `mounted`: reached through the server's own mounts; `volume`: on the engine, mounted by nobody. */
	kind: 'mounted' | 'volume';
	/** The path inside the container, or the volume's name. */
	where: string;
	/** The Compose project that the volume is labelled with. */
	project: string | null;
	/** Null where the volume could only be told by its labels. */
	majorVersion: string | null;
	initialisedAt: string | null;
};

export type EarlierData = {
	places: EarlierPlace[];
	/** Rows in the tables of the databases in use, or their bytes where there are many; null when nothing older was found or nobody could ask. */
	rows: number | null;
};

const label = (volume: Volume, key: string): string | null => volume.labels[`com.docker.compose.${key}`] ?? null;

/** How Compose makes a project's name of a folder's (compose-go, NormalizeProjectName). */
const projectOf = (folder: string): string =>
	basename(folder)
		.toLowerCase()
		.replace(/[^a-z0-9_-]/g, '')
		.replace(/^[_-]+/, '');

/** Folders where people move PGDATA to and from: those between it and its mount, one below it, and the other mounts. */
function candidates(path: string, {mounts}: Container): string[] {
	const own = mountOf(path, mounts);
	const above: string[] = [];
	for (let at = dirname(path); own && at.startsWith(own.destination) && at !== '/'; at = dirname(at)) above.push(at);
	const below = ['pgdata', 'data', 'postgres', 'postgresql'].map(name => `${path}/${name}`);
	const others = mounts
		.filter(({type, destination}) => type !== 'tmpfs' && destination !== own?.destination)
		.filter(({destination}) => /postgres|pgdata|\/data\b|\bdb\b/i.test(destination))
		.flatMap(({destination}) => [destination, ...['pgdata', 'data'].map(name => posix.join(destination, name))]);
	return [...new Set([...above, ...below, ...others])].filter(folder => folder !== path);
}

async function mounted(docker: DockerReader, container: Container, path: string): Promise<EarlierPlace[]> {
	const found = await Promise.all(
		candidates(path, container).map(async (where): Promise<EarlierPlace[]> => {
			const file = await docker.readFile(container.id, `${where}/PG_VERSION`);
			const majorVersion = file?.content.toString('latin1').trim() ?? '';
			return file && majorVersion
				? [{kind: 'mounted', where, project: null, majorVersion, initialisedAt: file.modifiedAt}]
				: [];
		}),
	);
	return found.flat();
}

/** A volume that nobody mounts, of this project or of the one that this folder has by default, under a key that speaks of the data. */
async function abandoned(
	world: ReadWorld,
	container: Container,
	path: string,
	signal: AbortSignal,
): Promise<EarlierPlace[]> {
	const mount = mountOf(path, container.mounts);
	const [all, volumes, place] = await Promise.all([
		world.docker.containers(null, signal),
		world.docker.volumes(),
		world.place(),
	]);
	const projects = new Set(all.map(({project}) => project));
	const used = new Set(all.flatMap(({mounts}) => mounts.map(({name}) => name)));
	const own = mount?.type === 'volume' ? volumes.find(({name}) => name === mount.name) : undefined;
	const byDefault = place.workingDirectory ? projectOf(place.workingDirectory) : '';
	const down = mount ? path.slice(mount.destination.length) : '';
	const found = await Promise.all(
		volumes.map(async (volume): Promise<EarlierPlace[]> => {
			const project = label(volume, 'project');
			if (project === null || used.has(volume.name) || volume.name === own?.name) return [];
			const renamed = project !== container.project && project === byDefault && !projects.has(project);
			if (project !== container.project && !renamed) return [];
			const sameKey = own !== undefined && label(volume, 'volume') === label(own, 'volume');
			// Only where this program may read the engine's own folder: its user is root, the engine local.
			const read = (
				await Promise.all(
					[...new Set([down, '', '/pgdata', '/data'])].map(inside =>
						world.files.read(`${volume.mountpoint}${inside}/PG_VERSION`).catch(() => null),
					),
				)
			).find(content => content !== null);
			const majorVersion = read?.toString('latin1').trim() || null;
			if (majorVersion === null && !(renamed && sameKey)) return [];
			return [{kind: 'volume', where: volume.name, project, majorVersion, initialisedAt: null}];
		}),
	);
	return found.flat();
}

const userTables = `pg_class c join pg_namespace n on n.oid = relnamespace
	where relkind = 'r' and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg\\_%'`;
const measure = `select coalesce(sum(pg_relation_size(c.oid)), 0)::bigint::text as bytes from ${userTables}`;
/** Counted, not taken from the statistics: those are gone after a crash. */
const count = `select coalesce(sum((xpath('/row/n/text()', query_to_xml(
	format('select count(*) as n from %I.%I', nspname, relname), false, true, '')))[1]::text::bigint), 0)::text as rows
	from ${userTables}`;
/** Tables of this size are not empty, and counting them would take its time. */
const plenty = 16 * 1024 * 1024;

async function countIn(world: ReadWorld, service: string, options: {database: string; signal: AbortSignal}) {
	const reader = world.database(service);
	const bytes = Number((await reader.query(measure, options))[0]?.['bytes'] ?? Number.NaN);
	if (!(bytes <= plenty)) return Number.isNaN(bytes) ? null : bytes;
	return Number((await reader.query(count, options))[0]?.['rows'] ?? Number.NaN);
}

/** Rows in every database that a client of this server uses. */
async function rowsIn(world: ReadWorld, service: string, signal: AbortSignal): Promise<number | null> {
	const credentials = (await world.credentials()).filter(({purpose, service: owner}) =>
		purpose === 'client' ? true : owner === service,
	);
	const names = [...new Set(credentials.map(({database}) => database))].filter(name => name !== '').slice(0, 5);
	const counts = await Promise.all(
		names.map(async database => {
			try {
				return await countIn(world, service, {database, signal});
			} catch {
				signal.throwIfAborted();
				return null;
			}
		}),
	);
	const known = counts.filter(count => count !== null && !Number.isNaN(count)) as number[];
	return known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : null;
}

export const earlierData = probe<EarlierData>({
	id: 'earlier-data',
	title: service => say(`Looking for an older data directory of ${service}`, `查找 ${service} 是否有更早的数据目录`),
	like: () => 'docker volume ls --filter dangling=true',
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container) return {places: [], rows: null};
		const path = await dataPathOf(world, container);
		const [near, far] = await Promise.all([
			mounted(world.docker, container, path),
			abandoned(world, container, path, signal),
		]);
		const places = [...near, ...far];
		const running = container.status === 'running';
		return {places, rows: places.length > 0 && running ? await rowsIn(world, service, signal) : null};
	},
});
