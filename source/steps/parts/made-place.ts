import {basename, dirname} from 'node:path';
import {type NewPlace, newSource} from '../../core/new-place.ts';
import {say} from '../../core/say.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {aloneOn} from '../../world/server-place.ts';
import {endLeftovers, type Mount, manifestOf, runId, runScript} from './data-helper.ts';
import {getNote, putNote} from './notes.ts';

/** Where the new place is mounted in helpers that are not its server. */
const root = '/new';
const note = 'made-place.json';
export const madeLabel = 'compose-medic.made';

export const sourceOf = (world: WriteWorld, place: NewPlace): string => newSource(place, runId(world));

/** The new mount, and PGDATA below it, as helpers see them. */
export const made = (world: WriteWorld, place: NewPlace, readonly: boolean): {mounts: Mount[]; path: string} => ({
	mounts: [{source: sourceOf(world, place), destination: root, readonly}],
	path: place.within === '' ? root : `${root}/${place.within}`,
});

const above = (source: string, readonly: boolean): Mount[] => [
	{source: dirname(source), destination: '/above', readonly},
];

async function isThere(world: WriteWorld, image: string, place: NewPlace): Promise<boolean> {
	const source = sourceOf(world, place);
	if (place.kind === 'volume') return (await world.docker.volume(source)) !== null;
	const script = 'if [ -e "/above/$1" ]; then echo there; fi';
	const {stdout} = await runScript(world, {
		image,
		mounts: above(source, true),
		script,
		words: [basename(source)],
		purpose: 'look',
	});
	return stdout.trim() === 'there';
}

/** @throws Trouble when something of that name exists already: it is not ours */
export async function requireFree(world: WriteWorld, image: string, place: NewPlace): Promise<void> {
	if (!(await isThere(world, image, place))) return;
	const source = sourceOf(world, place);
	throw new Trouble('place-taken', say(`\`${source}\` exists already.`, `\`${source}\` 已存在。`), {
		next: say('Run the fix again: the name carries the time.', '请重新执行修复：名称中带有时间。'),
	});
}

/** @throws Trouble when a container that could write to it runs */
async function requireUnused(world: WriteWorld, place: NewPlace): Promise<void> {
	const source = sourceOf(world, place);
	await endLeftovers(world, [source]);
	const mountpoint = place.kind === 'volume' ? ((await world.docker.volume(source))?.mountpoint ?? '') : source;
	const mount = {
		type: place.kind,
		name: place.kind === 'volume' ? source : '',
		source: mountpoint,
		destination: root,
		writable: true,
	};
	await aloneOn(world.docker, [mount], []);
}

/** Folders down to PGDATA, private and the server's own; what a broken run left in them goes first: nobody has been served from it. */
const prepareScript = `
find /new -mindepth 1 -delete
mkdir -p "$1"
at=$1
while :; do
	chown "$2" "$at"
	chmod 700 "$at"
	[ "$at" = /new ] && break
	at=$(dirname "$at")
done
sync
`;

/**
 * Makes the new place, empty and owned by whom the image's server runs as. Safe to repeat as long as the deployment has not been
 * pointed to it.
 * @param owner `uid:gid`
 */
export async function makePlace(world: WriteWorld, image: string, place: NewPlace, owner: string): Promise<void> {
	const source = sourceOf(world, place);
	if (place.kind === 'volume')
		await world.write.docker.createVolume(source, {[madeLabel]: runId(world), 'compose-medic.source': place.beside});
	else
		await runScript(world, {
			image,
			mounts: above(source, false),
			script: 'mkdir -p "/above/$1"',
			words: [basename(source)],
			purpose: 'make',
		});
	await requireUnused(world, place);
	const {mounts, path} = made(world, place, false);
	await runScript(world, {image, mounts, script: prepareScript, words: [path, owner], purpose: 'make'});
}

/** Remembers what is in it now, so that an undo can tell whether anybody has written since. */
export async function sealPlace(world: WriteWorld, image: string, place: NewPlace): Promise<void> {
	const {mounts, path} = made(world, place, true);
	await putNote(world, note, {digest: (await manifestOf(world, image, mounts, path)).digest});
}

/**
 * Removes the new place, unless a server has worked on it since it was finished: then somebody's rows may be in it and nowhere else.
 * @returns where it is, when it was kept
 */
export async function unmakePlace(world: WriteWorld, image: string, place: NewPlace): Promise<string | null> {
	const source = sourceOf(world, place);
	await endLeftovers(world, [source]);
	if (!(await isThere(world, image, place))) return null;
	if (place.kind === 'volume' && (await world.docker.volume(source))?.labels[madeLabel] !== runId(world)) return null;
	const sealed = await getNote<{digest: string}>(world, note);
	const {mounts, path} = made(world, place, false);
	const digest = sealed ? (await manifestOf(world, image, mounts, path)).digest : null;
	if (digest !== (sealed?.digest ?? null)) return source;
	const users = (await world.docker.containers(null)).filter(container =>
		container.mounts.some(mount => mount.name === source || mount.source === source),
	);
	if (users.length > 0) return source;
	if (place.kind === 'volume') await world.write.docker.removeMadeVolume(source, runId(world));
	else {
		await runScript(world, {image, mounts, script: 'find /new -mindepth 1 -delete', purpose: 'make'});
		const script = 'rmdir "/above/$1"';
		await runScript(world, {image, mounts: above(source, false), script, words: [basename(source)], purpose: 'make'});
	}
	return null;
}
