import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {type DatabaseScope, serviceNamed} from '../probes/looks.ts';
import {oldLayout, saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

export const pg18MountLayout = diagnosis<DatabaseScope>({
	id: 'pg18-mount-layout',
	severity: 'failure',
	name: say('The mount is laid out for PostgreSQL images before 18', '挂载方式是 18 之前镜像的布局'),
	title: ({database}) =>
		say(
			`${database} has an image of 18 or later and a mount of the layout before`,
			`${database} 用的是 18 及以后的镜像，挂载却是以前的布局`,
		),
	about: say(
		'From version 18 on, the official image keeps its data in `/var/lib/postgresql/18/docker` and wants the volume at `/var/lib/postgresql`. With a mount at `/var/lib/postgresql/data` it refuses to start, even when that volume is empty. Old data in it is untouched.',
		'从 18 起，官方镜像把数据放在 `/var/lib/postgresql/18/docker`，并要求把卷挂在 `/var/lib/postgresql`。若仍挂在 `/var/lib/postgresql/data`，即使卷是空的，它也拒绝启动。卷里的旧数据没有被动过。',
	),
	beware: say(
		'Moving the mount alone is not enough when there is data of an older version in it: 18 would make a new, empty database beside it.',
		'如果里面有旧版本的数据，只改挂载点是不够的：18 会在旁边新建一个空数据库。',
	),
	lookAlikes: [
		{
			id: 'version-mismatch',
			tell: say(
				'There the server itself compares versions and names two; here the entrypoint refuses the mount before any server runs.',
				'那种情况是服务器自己比较版本并说出两个版本号；这里是入口脚本在服务器运行之前就拒绝了挂载。',
			),
		},
		{
			id: 'data-dir-emptied',
			tell: say(
				'There the server runs on an empty directory; here it does not run.',
				'那种情况服务器在空目录上运行；这里根本没有运行。',
			),
		},
	],
	certainty: (see, {database}) =>
		oldLayout(see, database) && saidAtStart(see, database, 'layout-of-eighteen') ? 'certain' : 'likely',
	because(see, {database}) {
		const {path, imageMajor, databasesNearby} = see(dataDirectory, database);
		const service = serviceNamed(see, database);
		const said = saidAtStart(see, database, 'layout-of-eighteen');
		const mount = service?.mounts.find(({destination}) => destination.startsWith('/var/lib/postgresql/data'));
		return [
			...(imageMajor
				? [
						points(
							say(
								`The image \`${service?.image ?? ''}\` has PostgreSQL ${imageMajor} and looks for its data in \`${path}\``,
								`镜像 \`${service?.image ?? ''}\` 里是 PostgreSQL ${imageMajor}，它在 \`${path}\` 找数据`,
							),
							'data-directory',
						),
					]
				: []),
			...(mount
				? [
						points(
							say(
								`\`${mount.name || mount.source}\` is mounted at \`${mount.destination}\``,
								`\`${mount.name || mount.source}\` 挂在 \`${mount.destination}\``,
							),
							'deployment-state',
						),
					]
				: []),
			...databasesNearby.map(({path: where, majorVersion}) =>
				points(
					say(
						`There is data of PostgreSQL ${majorVersion ?? '?'} in \`${where}\``,
						`\`${where}\` 里有 PostgreSQL ${majorVersion ?? '?'} 的数据`,
					),
					'data-directory',
				),
			),
			...(said
				? [
						points(
							say(`${database} said: ${said.text}`, `${database} 的日志：${said.text}`),
							`log of ${database}`,
							said.at,
						),
					]
				: []),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (_see, {database}) => ({database}),
	fixes: [],
	noFix: say(
		'If there is data from before: put the old tag back (`image: postgres:17`), `docker compose up -d db`, and take everything out with `docker compose exec -T db pg_dumpall -U postgres > all.sql`. Then set the image of 18, mount a NEW volume at `/var/lib/postgresql`, `docker compose up -d db`, and `docker compose exec -T db psql -U postgres -d postgres < all.sql`. If there is none: only change the mount to `/var/lib/postgresql`.',
		'若有以前的数据：先换回旧版本（`image: postgres:17`），执行 `docker compose up -d db`，用 `docker compose exec -T db pg_dumpall -U postgres > all.sql` 导出全部数据。然后换成 18 的镜像，把一个新卷挂到 `/var/lib/postgresql`，执行 `docker compose up -d db`，再执行 `docker compose exec -T db psql -U postgres -d postgres < all.sql`。若没有旧数据：只需把挂载点改成 `/var/lib/postgresql`。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {
					db: {
						status: 'restarting',
						exitCode: 1,
						restartCount: 4,
						image: 'postgres:18',
						mounts: [
							{
								type: 'volume',
								name: 'shop_pgdata',
								source: '/var/lib/docker/volumes/shop_pgdata/_data',
								destination: '/var/lib/postgresql/data',
								writable: true,
							},
						],
					},
				},
				directory: {
					path: '/var/lib/postgresql/18/docker',
					majorVersion: null,
					initialisedAt: null,
					imageMajor: '18',
					databasesNearby: [{path: '/var/lib/postgresql/data', majorVersion: '17'}],
				},
				logs: {
					db: [{text: 'Error: in 18+, these Docker images are configured to store database data in a'}],
				},
			}),
	],
});
