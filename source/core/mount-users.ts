import type {Container} from './world.ts';

/** A place on the host that holds a data directory, by every name it can be mounted under. */
export type Place = {
	/** Volume names. */
	names: readonly string[];
	/** Host paths: bind sources and volume mount points. */
	paths: readonly string[];
};

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** Levels above the data that still count as "mounted one level too high"; a monitor that mounts `/` is not a second server. */
const levels = 2;

/** Whether two paths are one folder, or one lies closely below the other. */
export function touches(one: string, other: string): boolean {
	const [a, b] = [trimmed(one), trimmed(other)];
	if (a === b || a.startsWith(`${b}/`))
		return !a.startsWith(`${b}/`) || a.slice(b.length + 1).split('/').length <= levels;
	return b.startsWith(`${a}/`);
}

const mountsPlace = (container: Container, {names, paths}: Place): boolean =>
	container.mounts.some(
		mount =>
			mount.writable &&
			((mount.name !== '' && names.includes(mount.name)) ||
				(mount.source !== '' && paths.some(path => touches(path, mount.source)))),
	);

/**
 * Running containers, other than the named ones, that could write to the place. Two servers on one data directory
 * destroy it without an error: each container has its own process ids, so PostgreSQL's lock file protects nothing.
 * @param except container ids
 */
export const otherUsers = (containers: readonly Container[], place: Place, except: readonly string[]): Container[] =>
	containers.filter(
		container =>
			(container.status === 'running' || container.status === 'paused' || container.status === 'restarting') &&
			!except.includes(container.id) &&
			mountsPlace(container, place),
	);

/** The place that a container's mounts make up, as far as they are volumes or binds that it may write. */
export const placeOfMounts = (mounts: Container['mounts']): Place => ({
	names: mounts.filter(({type, name}) => type === 'volume' && name !== '').map(({name}) => name),
	paths: mounts.filter(({type, source}) => type !== 'tmpfs' && source !== '').map(({source}) => trimmed(source)),
});
