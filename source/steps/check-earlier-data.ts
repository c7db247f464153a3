import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {megabytes} from './measure-data.ts';
import {controlOf, type Mount, runScript} from './parts/data-helper.ts';
import {fileWithMount} from './remount-data.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Volume that holds the earlier data. */
	volume: string;
	/** PGDATA below the root of that volume. */
	within: string;
	files: string[];
	/** It is copied before it is used, so that the copy itself stays what it is. */
	copies: boolean;
};

const air = 256 * 1024 * 1024;
export const earlierMounts = (volume: string): Mount[] => [{source: volume, destination: '/earlier', readonly: true}];
export const earlierPath = (within: string): string => (within === '' ? '/earlier' : `/earlier/${within}`);

const lookScript = `
cat "$1/PG_VERSION" 2>/dev/null || echo none
postgres --version
find /earlier -maxdepth 3 -name PG_VERSION ! -path '*/base/*' | head -n 3 | tr '\\n' ' '
echo
du -sk /earlier | cut -f1
df -Pk / | awk 'NR == 2 {print $4}'
`;

/** @throws Trouble when a server of this image could not work on what is there */
async function look(world: WriteWorld, {service, volume, within, copies}: Input): Promise<{systemIdentifier: string}> {
	if (!(await world.docker.volume(volume)))
		throw new Trouble('no-data', say(`The volume \`${volume}\` is gone.`, `卷 \`${volume}\` 已不存在。`));
	const {imageId} = await containerOf(world, service);
	const mounts = earlierMounts(volume);
	const path = earlierPath(within);
	const {stdout} = await runScript(world, {image: imageId, mounts, script: lookScript, words: [path], purpose: 'look'});
	const [major = '', version = '', places = '', size = '', free = ''] = stdout.split('\n');
	if (major === 'none') {
		const found = places.trim().replaceAll('/earlier', volume);
		throw new Trouble(
			'no-data',
			say(
				`There is no database in \`${volume}\` where ${service} would look for one.`,
				`\`${volume}\` 中 ${service} 会去查找的位置没有数据库。`,
			),
			found === ''
				? {}
				: {
						why: say(`There is one in: ${found}`, `数据库位于：${found}`),
						next: say('Set `PGDATA` accordingly by hand.', '请手动相应设置 `PGDATA`。'),
					},
		);
	}
	if (!new RegExp(`\\) ${major}(?:\\.|[a-z]|\\s|$)`).test(version))
		throw new Trouble(
			'other-version',
			say(`\`${volume}\` holds data of PostgreSQL ${major}.`, `\`${volume}\` 中是 PostgreSQL ${major} 的数据。`),
			{why: say(`The image has: ${version}`, `镜像的版本：${version}`)},
		);
	const control = await controlOf(world, imageId, mounts, path);
	if (!control)
		throw new Trouble('no-data', say(`\`${volume}\` has no control file.`, `\`${volume}\` 中没有控制文件。`));
	const needed = copies ? Number(size) * 1024 + air : 0;
	if (!(Number(free) * 1024 >= needed))
		throw new Trouble('no-space', say('There is not enough free space for a copy.', '剩余空间不足以制作副本。'), {
			why: say(
				`${megabytes(needed)} are needed, ${megabytes(Number(free) * 1024)} are free.`,
				`需要 ${megabytes(needed)}，剩余 ${megabytes(Number(free) * 1024)}。`,
			),
		});
	return {systemIdentifier: control.systemIdentifier};
}

/** Looks whether a server of this image can work on the earlier data, before anything stops. Changes nothing. */
export const checkEarlierData = step<Input, {systemIdentifier: string}>({
	id: 'check-earlier-data',
	risk: 'none',
	says: ({volume}) =>
		say(
			`Look into \`${volume}\`, for reading only: version, control file, size`,
			`以只读方式查看 \`${volume}\`：版本、控制文件、大小`,
		),
	like: ({volume, within}) =>
		`docker run --rm --network none -v ${volume}:/earlier:ro <image> sh -c 'cat ${earlierPath(within)}/PG_VERSION; pg_controldata ${earlierPath(within)}'`,
	async before(input, world) {
		if (!(await world.write.compose.available()))
			throw new Trouble('no-compose', say('`docker compose` does not run here.', '此处无法运行 `docker compose`。'));
		await fileWithMount(world, {...input, at: input.place.mountedAt});
		return look(world, input);
	},
	async apply(input, {systemIdentifier}, world) {
		const now = await look(world, input);
		if (now.systemIdentifier !== systemIdentifier)
			throw new Trouble('data-changed', say('The data was replaced meanwhile.', '数据在此期间被替换。'));
	},
	undo: say('Nothing was changed.', '没有任何改动。'),
});
