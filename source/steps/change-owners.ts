import {gunzipSync, gzipSync} from 'node:zlib';
import type {DataPlace} from '../core/data-place.ts';
import {countOwned, readOwners} from '../core/owners.ts';
import {say} from '../core/say.ts';
import {type Report, step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {runScript} from './parts/data-helper.ts';
import {requireAloneOnRoots, rootsOf, writableMounts} from './parts/data-roots.ts';
import {serverOwner} from './parts/server-owner.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** The number of the server's user, as it was seen; the image is asked again. */
	uid: number;
};

type Before = {
	/** `uid:gid` of the server. */
	owner: string;
	roots: string[];
	files: number;
	/** The owners of before, compressed: a large database has some hundred thousand files. */
	kept: string;
};

const listScript = `
uid=$1; shift
find "$@" ! -user "$uid" -exec stat -c '%u:%g %n' {} +
`;

/** Only files of others are touched, links themselves and not what they lead to; it may be broken off and run again. */
const changeScript = `
owner=$1; shift
find "$@" ! -user "\${owner%%:*}" -print0 | xargs -0 -r -n 256 sh -c 'owner=$1; shift; chown -h "$owner" "$@" && echo "$#"' sh "$owner"
left=$(find "$@" ! -user "\${owner%%:*}" | head -n 1)
[ -z "$left" ] || { echo "$left keeps its owner" >&2; exit 3; }
sync
`;

/** What the server has removed since is passed over. */
const putBackScript = `
xargs -0 -r -n 256 sh -c '
	owner=$1; shift; count=$#
	for file; do shift; if [ -e "$file" ] || [ -L "$file" ]; then set -- "$@" "$file"; fi; done
	[ "$#" -eq 0 ] || chown -h "$owner" "$@"
	echo "$count"
' sh "$1"
sync
`;

/** Tells how many files are done, from the lines of a script. */
function counting(report: Report, total: number): (line: string) => void {
	let done = 0;
	return line => {
		const count = Number(line);
		if (!Number.isInteger(count)) return;
		done += count;
		report(say(`${done} of ${total} files`, `${done} / ${total} 个文件`), done, total);
	};
}

export const changeOwners = step<Input, Before>({
	id: 'change-owners',
	risk: 'changes-data',
	says: ({place, uid}) =>
		say(
			`Give the files in \`${place.path}\` that belong to others to user ${uid}`,
			`把 \`${place.path}\` 中属于他人的文件交给用户 ${uid}`,
		),
	like: ({service, place, uid}) =>
		`docker run --rm --network none --user 0:0 --volumes-from <${service} container> --entrypoint find <image> ${place.path} <tablespaces, pg_wal> ! -user ${uid} -exec chown -h ${uid}:<group> {} +`,
	async before({service, place, uid}, world) {
		const container = await containerOf(world, service);
		const owner = await serverOwner(world, service, uid);
		const roots = await rootsOf(world, container, place.path);
		await requireAloneOnRoots(world, container, roots);
		const {stdout} = await runScript(world, {
			image: container.imageId,
			mounts: writableMounts(container, roots).map(mount => ({...mount, readonly: true})),
			script: listScript,
			words: [String(uid), ...roots],
			purpose: 'owners',
		});
		const files = countOwned(readOwners(stdout));
		if (files === 0)
			throw new Trouble(
				'nothing-foreign',
				say(`Every file belongs to user ${uid} already.`, `所有文件都已属于用户 ${uid}。`),
				{
					next: say(
						'Something else keeps the server out, such as SELinux or the folder above: run the diagnosis again.',
						'是其他原因挡住了服务器，例如 SELinux 或上级目录：请重新诊断。',
					),
				},
			);
		return {owner, roots, files, kept: await world.keep.put('owners.gz', gzipSync(stdout))};
	},
	async apply({service}, {owner, roots, files}, world, report) {
		const container = await containerOf(world, service);
		await requireAloneOnRoots(world, container, roots);
		await runScript(world, {
			image: container.imageId,
			mounts: writableMounts(container, roots),
			script: changeScript,
			words: [owner, ...roots],
			purpose: 'chown',
			onLine: counting(report, files),
		});
	},
	async undo({service}, {roots, files, kept}, world, report) {
		const container = await containerOf(world, service);
		const list = await world.keep.get(kept);
		if (!list)
			throw new Trouble('copy-lost', say('The list of the old owners is gone.', '旧所有者清单已不存在。'), {
				why: say(`\`${world.keep.directory}\` lacks it.`, `\`${world.keep.directory}\` 中没有它。`),
			});
		await requireAloneOnRoots(world, container, roots);
		const onLine = counting(report, files);
		for (const [owner, paths] of readOwners(gunzipSync(list).toString('utf8')))
			await runScript(world, {
				image: container.imageId,
				mounts: writableMounts(container, roots),
				script: putBackScript,
				words: [owner],
				stdin: paths.map(path => `${path}\0`).join(''),
				purpose: 'chown',
				onLine,
			});
	},
});
