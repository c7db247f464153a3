import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {restoreBackup} from '../fixes/restore-backup.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {earlierData} from '../probes/earlier-data.ts';
import {type DatabaseScope, services} from '../probes/looks.ts';
import {leftBehind} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

export const dataDirEmptied = diagnosis<DatabaseScope>({
	id: 'data-dir-emptied',
	severity: 'failure',
	name: say('The server runs on an empty directory; the data lies elsewhere', '服务器运行在空目录上，数据在别处'),
	title: ({database}) =>
		say(
			`${database} runs on a new, empty database; the data from before lies elsewhere`,
			`${database} 运行在新的空数据库上；以前的数据在别处`,
		),
	about: say(
		'The configuration leads to another place than before, and the image made an empty database there: the project was renamed (so its volumes are), the volume or the mount path was changed, or `PGDATA` was. Nothing is lost; the application only sees an empty database.',
		'配置指向了与以前不同的位置，镜像就在那里新建了一个空数据库：项目改了名（卷名随之改变）、换了卷或挂载路径，或改了 `PGDATA`。什么都没有丢，应用只是看到了空数据库。',
	),
	beware: say(
		'Do not run `docker volume prune`, `docker system prune --volumes` or `docker compose down --volumes` now: the old data is in a place that nothing uses. Do not let people begin again in the empty application.',
		'现在不要执行 `docker volume prune`、`docker system prune --volumes` 或 `docker compose down --volumes`：旧数据正处在没有人使用的位置。也不要让用户在空的应用里重新开始。',
	),
	lookAlikes: [
		{
			id: 'half-initialised',
			tell: say(
				'There the only directory is incomplete; here the one in use is complete and new, and an older one exists.',
				'那种情况只有一个不完整的目录；这里正在用的目录完整而且是新的，另有一个更早的。',
			),
		},
		{
			id: 'wrong-server',
			tell: say(
				'There a second server runs with the data; here the older data has no server at all.',
				'那种情况有另一个服务器带着数据在运行；这里旧数据没有任何服务器在用。',
			),
		},
	],
	certainty: (see, {database}) =>
		leftBehind(see, database).some(({majorVersion}) => majorVersion !== null) ? 'certain' : 'likely',
	because(see, {database}) {
		const {path, source, initialisedAt} = see(dataDirectory, database);
		const {rows} = see(earlierData, database);
		const evidence: Evidence[] = leftBehind(see, database).map(({kind, where, project, majorVersion, initialisedAt}) =>
			points(
				kind === 'mounted'
					? say(
							`An older database of PostgreSQL ${majorVersion ?? '?'} lies in \`${where}\`, and no server uses it`,
							`\`${where}\` 里有一个更早的 PostgreSQL ${majorVersion ?? '?'} 数据库，没有服务器在用`,
						)
					: majorVersion !== null
						? say(
								`The volume \`${where}\` of the project \`${project ?? ''}\` holds a database of PostgreSQL ${majorVersion}, and no container mounts it`,
								`项目 \`${project ?? ''}\` 的卷 \`${where}\` 里有一个 PostgreSQL ${majorVersion} 数据库，没有容器挂载它`,
							)
						: say(
								`The volume \`${where}\` has the same name in the Compose file, was made under the project name \`${project ?? ''}\`, and no container mounts it`,
								`卷 \`${where}\` 在 Compose 文件里是同一个名字，创建时的项目名是 \`${project ?? ''}\`，没有容器挂载它`,
							),
				'earlier-data',
				initialisedAt,
			),
		);
		evidence.push(
			points(
				say(
					`\`${source ?? path}\`, which is in use, was initialised at ${initialisedAt ?? '?'} and holds ${rows ?? '?'} rows`,
					`正在使用的 \`${source ?? path}\` 初始化于 ${initialisedAt ?? '?'}，共有 ${rows ?? '?'} 行`,
				),
				'earlier-data',
				initialisedAt,
			),
		);
		if (rows !== null && rows > 0)
			evidence.push(
				opposes(
					say('It is not quite empty: something has been written since', '它并非完全为空：之后已经写入过内容'),
					'earlier-data',
				),
			);
		return evidence;
	},
	affects: (see, {database}) =>
		services(see).flatMap(({service, dependsOn}) =>
			service === database || dependsOn.includes(database) ? [service] : [],
		),
	hands: (see, {database}) => ({database, places: leftBehind(see, database).map(({where}) => where)}),
	fixes: [restoreBackup],
	noFix: say(
		'Point the configuration back: the project name it had (`docker compose -p OLDNAME up -d`, or `name:` in the Compose file), the old volume (`external: true` with `name: OLDVOLUME`), the old mount path, or the old `PGDATA`; stop first with `docker compose stop`. Look into the old volume without touching it: `docker run --rm --network none -v OLDVOLUME:/v:ro --entrypoint ls IMAGE -la /v`. Keep the new, empty one until you have seen your rows again.',
		'把配置指回去：以前的项目名（`docker compose -p OLDNAME up -d`，或 Compose 文件里的 `name:`）、以前的卷（`external: true` 加 `name: OLDVOLUME`）、以前的挂载路径，或以前的 `PGDATA`；动手前先 `docker compose stop`。只看不动旧卷：`docker run --rm --network none -v OLDVOLUME:/v:ro --entrypoint ls IMAGE -la /v`。在重新看到你的数据之前，保留新的空卷。',
	),
	examples: [
		() =>
			sampleFacts({
				directory: {initialisedAt: '2026-01-02T01:00:05.000Z', path: '/var/lib/postgresql/data/pgdata'},
				earlier: {
					rows: 0,
					places: [
						{
							kind: 'mounted',
							where: '/var/lib/postgresql/data',
							project: null,
							majorVersion: '15',
							initialisedAt: '2025-06-01T00:00:00.000Z',
						},
					],
				},
			}),
		() =>
			sampleFacts({
				directory: {initialisedAt: '2026-01-02T01:00:05.000Z', kind: 'named-volume', source: 'shop-new_pgdata'},
				earlier: {
					rows: 3,
					places: [{kind: 'volume', where: 'shop_pgdata', project: 'shop', majorVersion: null, initialisedAt: null}],
				},
			}),
	],
});
