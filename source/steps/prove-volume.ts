import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {withPrivateServer} from '../world/private-server.ts';
import {containerOf, serverOf} from '../world/server-place.ts';
import {checked} from '../world/sql-session.ts';
import {superuserNames} from '../world/superuser-names.ts';
import {runScript} from './parts/data-helper.ts';
import {inVolume, type Moved, markOf, movedNote, target, volumeMounts} from './parts/moved-volume.ts';
import {putNote} from './parts/notes.ts';
import {countRows} from './parts/row-counts.ts';
import {serverOwner} from './parts/server-owner.ts';

type Input = {
	service: string;
	volume: string;
	/** The data directory below the root of the volume; '' when it is the root. */
	inside: string;
	/** The number of the server's user. */
	uid: number;
};

const trial = '/tmp/compose-medic-trial';

const trialName = (container: string): string => `compose-medic-trial-${container.slice(0, 12)}`;

/**
 * Owners, and modes where the old mount has shown the directory as open to all: there its files are open as well, and none of that
 * was meant. 027: write for the group, anything for others.
 */
const settleScript = `
find "$1" ! -user "\${3%%:*}" -exec chown -h "$3" {} +
mode=$(stat -c %a "$2")
if [ "$((0$mode & 027))" -ne 0 ]; then find "$2" ! -type l -exec chmod go-rwx {} +; chmod 700 "$2"; fi
sync
`;

/** Gives the copy to the server's user and starts a throwaway server on a copy of it: starting changes files. */
export const proveVolume = step<Input, Record<string, never>>({
	id: 'prove-volume',
	risk: 'none',
	says: ({volume, uid}) =>
		say(
			`Give \`${volume}\` to user ${uid}, start a throwaway server on a copy of it and count the rows`,
			`把 \`${volume}\` 交给用户 ${uid}，在其副本上启动一次性服务器并统计行数`,
		),
	like: ({volume, inside, uid}) =>
		[
			`docker run --rm --network none --user 0:0 -v ${volume}:${target} <image> chown -R ${uid}:<group> ${target}`,
			`docker run --rm --network none -v ${volume}:${target}:ro <image> sh -c 'cp -a ${inVolume(inside)} ${trial} && exec postgres -D ${trial} -c listen_addresses='`,
		].join('\n'),
	before: async () => ({}),
	async apply({service, volume, inside, uid}, _before, world, report) {
		const container = await containerOf(world, service);
		const image = container.imageId;
		const owner = await serverOwner(world, service, uid);
		await runScript(world, {
			image,
			mounts: volumeMounts(volume, false),
			script: settleScript,
			words: [target, inVolume(inside), owner],
			purpose: 'settle',
		});
		const name = trialName(container.id);
		await world.write.docker.removeHelper(name);
		report(say('Starting a server on a copy', '正在副本上启动服务器'));
		const names = await superuserNames(world.docker, await serverOf(world, service), null);
		const counts = await withPrivateServer(
			{
				docker: world.write.docker,
				name,
				image,
				owner,
				data: trial,
				prepare: `cp -a ${inVolume(inside)} ${trial} && rm -f ${trial}/postmaster.pid`,
				mounts: volumeMounts(volume),
				throwaway: true,
				signal: world.signal,
				redact: text => world.redact(text),
			},
			async server => {
				const role = await server.bootstrapRole(names);
				return countRows(
					async (query, database) =>
						checked(await server.psql(query, role, database), text => world.redact(text)).stdout,
				);
			},
		);
		const mark = await markOf(world, image, volume, inside);
		await putNote(world, movedNote, {volume, ...mark} satisfies Moved);
		const rows = Object.values(counts).reduce((sum, one) => sum + one.rows, 0);
		report(say(`A server has started on it: ${rows} rows`, `服务器已在其上启动：共 ${rows} 行`));
	},
	/** Only a killed run leaves its throwaway server behind. */
	async undo({service}, _before, world) {
		await world.write.docker.removeHelper(trialName((await containerOf(world, service)).id));
	},
});
