import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

/**
 * Where `max_connections` is set that counts today. `file`: a settings file with its line; `mount` is the host path when that file
 * is mounted into the container on its own, so that a person edits it there. `unknown`: no session is left to ask the server.
 */
export type LimitPlace =
	| {kind: 'command'}
	| {kind: 'file'; path: string; line: number | null; mount: string | null}
	| {kind: 'altered'}
	| {kind: 'default'}
	| {kind: 'unknown'};

/** `value`: sessions, null where it can't be told. `sharedBuffers`: bytes that the server takes at its start. */
export type ConnectionLimit = {value: number | null; sharedBuffers: number | null; place: LimitPlace};

type Row = {value: number; source: string; file: string | null; line: number | null; sharedBuffers: number};

const query = `
	select setting::int as "value", source, sourcefile as "file", sourceline as "line",
		pg_size_bytes(current_setting('shared_buffers')) as "sharedBuffers"
	from pg_settings where name = 'max_connections'`;

/** The last one on a command line counts (PostgreSQL manual, 20.1.4). @returns null where there is none */
export function limitInCommand(words: readonly string[]): number | null {
	const value = [
		...words.join(' ').matchAll(/(?:^|[\s"'])(?:-c\s*|--)max[_-]connections=(\d+)|(?:^|\s)-N\s*(\d+)/g),
	].at(-1);
	return value ? Number(value[1] ?? value[2]) : null;
}

/** Whether a file is mounted by itself or with its own folder, beside the mount of the data. */
function mountOf(container: Container | null, path: string): string | null {
	const folder = path.slice(0, path.lastIndexOf('/'));
	const mount = container?.mounts
		.filter(({type, destination}) => type === 'bind' && (path === destination || folder === destination))
		.find(({destination}) => destination === path || !destination.startsWith('/var/lib/postgresql'));
	if (!mount) return null;
	return mount.destination === path ? mount.source : `${mount.source}${path.slice(mount.destination.length)}`;
}

function placeOf({source, file, line}: Row, container: Container | null): LimitPlace {
	if (source === 'command line') return {kind: 'command'};
	if (!file) return {kind: 'default'};
	if (file.endsWith('/postgresql.auto.conf')) return {kind: 'altered'};
	return {kind: 'file', path: file, line, mount: mountOf(container, file)};
}

/** What the container's own command says, when no session is left to ask the server itself. */
function fromOutside(container: Container | null): ConnectionLimit {
	const value = container ? limitInCommand([...container.entrypoint, ...container.command]) : null;
	return {value, sharedBuffers: null, place: {kind: value === null ? 'unknown' : 'command'}};
}

const containerFor = async (world: ReadWorld, service: string): Promise<Container | null> =>
	world.target.kind === 'compose' ? presentContainer(world, service) : null;

/** How many sessions a server admits, and where that is written. Asked when they have run out. */
export const connectionLimit = probe<ConnectionLimit>({
	id: 'connection-limit',
	title: service =>
		say(
			`Asking ${service || 'the database'} where its max_connections is set`,
			`询问 ${service || '数据库'}：max_connections 在哪里设置`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c "select setting, source, sourcefile from pg_settings where name = 'max_connections'"`,
	async observe(world, service, signal) {
		const container = await containerFor(world, service);
		try {
			const [row] = (await world.database(service).query(query, {signal})) as Row[];
			if (!row) throw new Error('the server does not know max_connections');
			return {value: row.value, sharedBuffers: Number(row.sharedBuffers), place: placeOf(row, container)};
		} catch (error) {
			if (error instanceof Trouble) return fromOutside(container);
			throw error;
		}
	},
});
