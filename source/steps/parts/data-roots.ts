import {list, say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {Container} from '../../core/world.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {aloneOn, helperMounts} from '../../world/server-place.ts';
import {endLeftovers, type Mount, runScript} from './data-helper.ts';

/** Prints the data directory and where its links lead: PostgreSQL has links for tablespaces and, by `initdb -X`, for `pg_wal`. */
const rootsScript = `
readlink -f "$1"
find "$1/pg_wal" "$1/pg_tblspc" -maxdepth 1 -type l 2>/dev/null | while IFS= read -r link; do
	readlink -f "$link" || { echo "$link leads nowhere" >&2; exit 3; }
done
`;

type ContainerMount = Container['mounts'][number];

const holds = ({destination}: ContainerMount, path: string): boolean =>
	path === destination || path.startsWith(`${destination.replace(/\/$/, '')}/`);

/** The innermost mount that a path lies in. */
const mountFor = (mounts: readonly ContainerMount[], path: string): ContainerMount | undefined =>
	mounts.filter(mount => holds(mount, path)).toSorted((a, b) => b.destination.length - a.destination.length)[0];

/** Mounts of a container that a helper can have as well. */
const shareable = ({mounts}: Container): ContainerMount[] => mounts.filter(({type}) => type !== 'tmpfs');

/**
 * Every folder in which files of a server lie, tablespaces and a `pg_wal` elsewhere included, as its container sees them.
 * @throws Trouble when one lies in the container's own layer, where no helper gets
 */
export async function rootsOf(world: WriteWorld, container: Container, data: string): Promise<string[]> {
	const {stdout} = await runScript(world, {
		image: container.imageId,
		mounts: helperMounts(shareable(container), true),
		script: rootsScript,
		words: [data],
		purpose: 'roots',
	});
	const roots = [...new Set(stdout.split('\n').filter(line => line !== ''))];
	const lost = roots.filter(root => !mountFor(shareable(container), root));
	if (lost.length > 0)
		throw new Trouble(
			'data-elsewhere',
			say(
				`Part of the data lies in the container’s own layer: ${list(lost).en}.`,
				`部分数据位于容器自身的可写层：${list(lost).zh}。`,
			),
			{
				next: say(
					'Change its owner in a running container, or mount it from outside first.',
					'请在运行中的容器里更改其所有者，或先将其挂载到外部。',
				),
			},
		);
	// What lies below another root is found with it.
	return roots.filter(
		root => !roots.some(other => root !== other && root.startsWith(`${other}/`) && sameMount(container, root, other)),
	);
}

const sameMount = (container: Container, one: string, other: string): boolean =>
	mountFor(shareable(container), one) === mountFor(shareable(container), other);

/** The mounts that hold these folders, writable, at the places where the server has them. */
export const writableMounts = (container: Container, roots: readonly string[]): Mount[] =>
	helperMounts(
		shareable(container).filter(mount => roots.some(root => mountFor(shareable(container), root) === mount)),
		false,
	);

/** @throws Trouble when anybody at all, the server's own container included, could write to one of the folders right now */
export async function requireAloneOnRoots(
	world: WriteWorld,
	container: Container,
	roots: readonly string[],
): Promise<void> {
	const mounts = shareable(container).filter(mount =>
		roots.some(root => mountFor(shareable(container), root) === mount),
	);
	await endLeftovers(
		world,
		mounts.flatMap(({type, name, source}) => (type === 'volume' ? [name] : [source])),
	);
	await aloneOn(world.docker, mounts, []);
}
