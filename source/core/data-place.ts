import type {DataDirectory} from '../probes/data-directory.ts';

/**
 * Where a data directory lies and how it can be set aside. Plain JSON: part of a step's input.
 * `swap-inside`: PGDATA is a folder below the mount and is renamed there. `swap-parent`: PGDATA is a bind mount itself and
 * is renamed in its parent folder on the host. `copy`: PGDATA is the root of a volume, which can't be renamed.
 */
export type DataPlace = {
	/** PGDATA inside the server's container. */
	path: string;
	/** Volume name or absolute host path of the mount that holds it. */
	source: string;
	mountedAt: string;
	kind: 'bind' | 'volume';
	method: 'swap-inside' | 'swap-parent' | 'copy';
};

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** Null when the data is not on a mount of its own. */
export function placeOf(data: DataDirectory): DataPlace | null {
	if (data.source === null || data.mountedAt === null || data.kind === 'none' || data.kind === 'outside') return null;
	const path = trimmed(data.path);
	const mountedAt = trimmed(data.mountedAt);
	const kind = data.kind === 'bind' ? 'bind' : 'volume';
	const method = path !== mountedAt ? 'swap-inside' : kind === 'bind' ? 'swap-parent' : 'copy';
	return {path, source: kind === 'bind' ? trimmed(data.source) : data.source, mountedAt, kind, method};
}

/** PGDATA relative to its mount: '' when it is the mount itself. */
export const withinMount = ({path, mountedAt}: DataPlace): string =>
	path === mountedAt ? '' : path.slice(mountedAt === '/' ? 1 : mountedAt.length + 1);

/** Name of the folder or volume that keeps the old data. */
export const asideName = (name: string, id: string): string => `${name}.compose-medic-${id}`;

/** What a copy is called after. Names of volumes begin with a letter or digit and hold `_`, `.` and `-` besides (Docker's own rule). */
function stem(source: string): string {
	if (/^[0-9a-f]{64}$/.test(source)) return source.slice(0, 12);
	if (!source.startsWith('/')) return source;
	const named = source
		.split('/')
		.slice(-4)
		.join('-')
		.replaceAll(/[^\w.-]+/g, '-')
		.replace(/^[^a-z0-9]+/i, '');
	return named === '' ? 'data' : named.slice(0, 100);
}

/**
 * Name of the volume that holds a copy of a volume or of a folder of the host. An anonymous volume's name is 64 hex digits; its
 * first 12 tell it apart, as Docker's own short ids do. Of a path its last parts: `/srv/shop/volumes/db/data` -> `shop-volumes-db-data`.
 */
export const copyVolume = (source: string, id: string): string => `${stem(source)}-compose-medic-${id}`;

/** What a person has to type: the volume's name, a short id for an anonymous one, or the path as Compose files write it. */
export function confirmName(data: DataDirectory, workingDirectory: string | null): string {
	const source = data.source ?? data.path;
	if (data.kind === 'anonymous-volume') return source.slice(0, 12);
	if (data.kind !== 'bind' || !workingDirectory) return source;
	const base = `${trimmed(workingDirectory)}/`;
	return source.startsWith(base) ? `./${source.slice(base.length)}` : source;
}
