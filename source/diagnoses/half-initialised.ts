import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {clusterFiles} from '../probes/cluster-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {firstStart} from '../probes/first-start.ts';
import {type DatabaseScope, isRunning, serviceNamed, services} from '../probes/looks.ts';
import {bootstrapBroke, initialDatabase, saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

const remains = {
	'no-control-file': say(
		'`PG_VERSION` is there and `global/pg_control` is not: `initdb` was ended before it had made a database',
		'`PG_VERSION` 存在而 `global/pg_control` 不存在：`initdb` 在建好数据库之前就被终止了',
	),
	'no-relation-map': say(
		'`global/pg_control` is there and `global/pg_filenode.map` is not: `initdb` was ended in its bootstrap',
		'`global/pg_control` 存在而 `global/pg_filenode.map` 不存在：`initdb` 在引导阶段被终止了',
	),
} as const;

export const halfInitialised = diagnosis<DatabaseScope>({
	id: 'half-initialised',
	severity: 'failure',
	name: say('The first start was cut short and left half a database', '首次启动被中断，留下半个数据库'),
	title: ({database}) =>
		say(
			`The first start of ${database} was cut short, and every later one takes what it left for a database`,
			`${database} 的首次启动被中断，之后每次启动都把残留当成数据库`,
		),
	about: say(
		'The image makes a database only once: as soon as `PG_VERSION` exists it skips that for good. A first start that was killed, ran out of disk or memory, or stumbled over a wrong server parameter leaves part of the work undone: no control file, no system tables, no database of yours, or no line in `pg_hba.conf` that lets anybody in.',
		'镜像只初始化一次：只要有了 `PG_VERSION`，以后就会一直跳过。首次启动若被强制终止、磁盘或内存耗尽，或遇到错误的服务器参数，就会留下没做完的部分：没有控制文件、没有系统表、没有你的数据库，或 `pg_hba.conf` 里没有允许任何人连接的规则。',
	),
	beware: say(
		'Do not run `pg_resetwal` and do not set `POSTGRES_HOST_AUTH_METHOD=trust`: there is nothing to rescue with the one, and the other is not read any more. Do not remove the folder before you are sure that it never held rows.',
		'不要运行 `pg_resetwal`，也不要设置 `POSTGRES_HOST_AUTH_METHOD=trust`：前者没有可挽救的东西，后者已不再被读取。在确认目录里从未有过数据之前，不要删除它。',
	),
	lookAlikes: [
		{
			id: 'corruption-wal',
			tell: say(
				'A database that once worked has folders much younger than `PG_VERSION`; here everything was made within minutes.',
				'曾经正常工作的数据库，其文件夹比 `PG_VERSION` 新得多；这里所有内容都在几分钟内创建。',
			),
		},
		{
			id: 'hba-rejects',
			tell: say(
				'With rules that somebody changed, the configured database exists; after a broken first start it does not.',
				'如果只是有人改了规则，配置的数据库是存在的；首次启动中断后它并不存在。',
			),
		},
		{
			id: 'starting-up',
			tell: say(
				'A first start that is still at work says nothing of `Skipping initialization`.',
				'仍在进行的首次启动不会出现 `Skipping initialization`。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const {initialisedAt, path} = see(dataDirectory, database);
		const broke = ifKnown(() => bootstrapBroke(see, database));
		const evidence: Evidence[] = [];
		if (broke && broke !== 'not-opened')
			evidence.push(
				points(
					say(`In \`${path}\`, ${remains[broke].en}`, `在 \`${path}\` 中，${remains[broke].zh}`),
					'cluster-files',
					initialisedAt,
				),
			);
		else if (isRunning(see, database)) {
			const name = initialDatabase(see, database) ?? '';
			evidence.push(
				points(
					say(
						`The server runs and has no database \`${name}\`, which its first start should have made`,
						`服务器在运行，却没有数据库 \`${name}\`，而首次启动本应创建它`,
					),
					'database-catalog',
				),
				points(
					say(
						'`pg_hba.conf` is as `initdb` left it: nobody from another container may connect',
						'`pg_hba.conf` 仍是 `initdb` 留下的样子：其他容器都不允许连接',
					),
					'cluster-files',
				),
			);
		}
		if (!isRunning(see, database)) {
			const first = ifKnown(() => see(firstStart, database));
			const says = first?.says;
			if (first?.finished === false)
				evidence.push(
					points(
						say(
							`Its log shows that the first start did not come to its end${says ? `; the last it said: ${says.text}` : ''}`,
							`日志显示首次启动没有完成${says ? `；最后一行：${says.text}` : ''}`,
						),
						`log of ${database}`,
						says?.at ?? null,
					),
				);
		}
		const said = saidAtStart(see, database, 'system-not-found') ?? saidAtStart(see, database, 'map-file-missing');
		if (said)
			evidence.push(
				points(
					say(`${database} said: ${said.text}`, `${database} 的日志：${said.text}`),
					`log of ${database}`,
					said.at,
				),
			);
		const grewFor = ifKnown(() => see(clusterFiles, database))?.grewFor ?? null;
		if (grewFor !== null && grewFor > 300)
			evidence.push(
				opposes(
					say(
						`Databases were made or dropped up to ${Math.round(grewFor / 60)} minutes after the first start: look whether somebody put data into it`,
						`首次启动后 ${Math.round(grewFor / 60)} 分钟内仍有数据库被创建或删除：请确认是否有人存入过数据`,
					),
					'cluster-files',
				),
			);
		return evidence;
	},
	affects: (see, {database}) =>
		services(see).flatMap(({service, dependsOn, role}) =>
			service === database || dependsOn.includes(database) || (role === 'client' && isRunning(see, database))
				? [service]
				: [],
		),
	hands: (see, {database}) => ({database, source: serviceNamed(see, database)?.name ?? null}),
	fixes: [],
	noFix: say(
		'If it does not run, it never held a row: let the image begin again in a fresh place and keep the rest aside. Bind mount: `docker compose stop db`, then `mv ./volumes/db/data ./volumes/db/data.half` with your own path, then `docker compose up -d db`. Named volume: give it another name in the Compose file (`pgdata2:/var/lib/postgresql/data`, and `pgdata2:` under `volumes:`), then `docker compose up -d db`. If it runs, finish the work by hand instead: `docker compose exec -u postgres db createdb -U shop shopdb` with your user and database, then `docker compose exec -u postgres db sh -c \'echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"\'`, then `docker compose kill -s SIGHUP db`, then run your init scripts with `docker compose exec -T db psql -U shop -d shopdb < init.sql`.',
		'如果它无法运行，就从未存过一行数据：让镜像在新的位置重新初始化，残留先放到一边。绑定挂载：`docker compose stop db`，再按你的路径执行 `mv ./volumes/db/data ./volumes/db/data.half`，然后 `docker compose up -d db`。命名卷：在 Compose 文件里换一个名字（`pgdata2:/var/lib/postgresql/data`，并在 `volumes:` 下写上 `pgdata2:`），然后 `docker compose up -d db`。如果它在运行，就手动补完：按你的用户和数据库执行 `docker compose exec -u postgres db createdb -U shop shopdb`，再执行 `docker compose exec -u postgres db sh -c \'echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"\'`，然后 `docker compose kill -s SIGHUP db`，最后用 `docker compose exec -T db psql -U shop -d shopdb < init.sql` 执行初始化脚本。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 2, restartCount: 4}},
				cluster: {controlFile: false, relationMap: false, control: null, segments: [], livedFor: 1, grewFor: 1},
				logs: {db: [{text: 'postgres: could not find the database system'}]},
			}),
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 4, exitCode: 1}},
				credentials: {db: {database: 'shopdb'}},
				cluster: {admitsOthers: false},
				hba: [],
			}),
		() =>
			sampleFacts({
				services: {db: {status: 'exited', exitCode: 137}},
				firstStart: {seen: true, finished: false, script: null, says: null},
			}),
	],
});
