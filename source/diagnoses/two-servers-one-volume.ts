import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {consequences} from '../core/symptoms.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {type DatabaseScope, serviceNamed} from '../probes/looks.ts';
import {rivals, saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

const rival = {
	name: 'shop-db-2',
	project: 'shop',
	service: 'db',
	startedAt: '2026-01-02T02:00:00.000Z',
	sharedBy: 'name',
	seen: true,
} as const;

export const twoServersOneVolume = diagnosis<DatabaseScope>({
	id: 'two-servers-one-volume',
	severity: 'failure',
	name: say('Two running servers on one data directory', '两个运行中的服务器共用一个数据目录'),
	title: ({database}) =>
		say(
			`${database} and another running server write to the same files: the data is being destroyed`,
			`${database} 与另一个运行中的服务器正在写同一份文件：数据正在被毁坏`,
		),
	about: say(
		'Two PostgreSQL servers work on one data directory: a second project or stack on the same volume, `docker compose run` or `--scale`, an old container that was never stopped, a restore test on the live volume. PostgreSQL’s lock file protects nothing here, since each container has process ids of its own. Both look healthy, both answer, and each overwrites what the other wrote.',
		'两个 PostgreSQL 服务器共用一个数据目录：另一个项目或部署挂了同一个卷、`docker compose run` 或 `--scale`、从未停掉的旧容器、在线卷上的恢复测试。PostgreSQL 的锁文件在这里不起作用，因为每个容器有自己的进程号。两边看起来都健康、都能应答，却在互相覆盖对方写入的内容。',
	),
	beware: say(
		'Do not stop both, and do not use `docker stop` or `docker compose down`: a clean stop writes that server’s own view over the files and removes the lock file, the other one shuts itself down within a minute, and then neither may start (`could not locate a valid checkpoint record`). Do not restart anything.',
		'不要把两个都停掉，也不要用 `docker stop` 或 `docker compose down`：正常停止会把该服务器自己的视图写进文件并删除锁文件，另一个会在一分钟内自行关闭，之后两个可能都无法启动（`could not locate a valid checkpoint record`）。不要重启任何东西。',
	),
	lookAlikes: [
		{
			id: 'corruption-wal',
			tell: say(
				'With this, two containers are running on the files now; a broken write-ahead log alone has one, and it does not start.',
				'此问题中有两个容器正在使用这些文件；单纯的预写日志损坏只有一个容器，而且启动不了。',
			),
		},
		{
			id: 'stale-pid-lock',
			tell: say(
				'A leftover lock file stops the server and nothing else mounts the files; here nothing is stopped.',
				'遗留的锁文件会使服务器无法启动，且没有别的容器挂载这些文件；而这里什么都没有停。',
			),
		},
	],
	certainty: (see, {database}) => (rivals(see, database).every(({seen}) => seen) ? 'certain' : 'likely'),
	because(see, {database}) {
		const {path, source, kind} = see(dataDirectory, database);
		const own = serviceNamed(see, database);
		const others = rivals(see, database);
		const said = own?.status === 'running' ? null : saidAtStart(see, database, 'lock-file-of-another');
		const place = source ?? path;
		const evidence: Evidence[] = others.map(({name, startedAt, sharedBy, seen}) =>
			points(
				say(
					`The container \`${name}\` ${seen ? 'runs a server' : 'is a server that is up'} on the same files as \`${own?.name ?? database}\`, ${sharedBy === 'name' ? 'by the name of the volume' : 'by their path on the host'}: \`${place}\``,
					`容器 \`${name}\` ${seen ? '里有服务器正在' : '是已启动的服务器，'}使用与 \`${own?.name ?? database}\` 相同的文件（${sharedBy === 'name' ? '同一卷名' : '主机上的同一路径'}）：\`${place}\``,
				),
				'data-directory',
				startedAt,
			),
		);
		const starts = [...others, {name: own?.name ?? database, startedAt: own?.startedAt ?? null}].filter(
			({startedAt}) => startedAt !== null,
		);
		const last = starts.toSorted((a, b) => Date.parse(b.startedAt ?? '') - Date.parse(a.startedAt ?? ''))[0];
		if (last && starts.length > 1)
			evidence.push(
				points(
					say(
						`The last one to start was \`${last.name}\`: it came in under a server that was already at work`,
						`最后启动的是 \`${last.name}\`：它闯进了已经在工作的服务器的文件`,
					),
					'deployment-state',
					last.startedAt,
				),
			);
		if (said)
			evidence.push(
				points(
					say(`${database} said: ${said.text}`, `${database} 的日志：${said.text}`),
					`log of ${database}`,
					said.at,
				),
			);
		if (kind === 'external-volume')
			evidence.push(
				points(
					say(
						`\`${place}\` was not made by this project: several may be configured to use it`,
						`\`${place}\` 不是本项目创建的：可能有多个项目配置了它`,
					),
					'data-directory',
				),
			);
		return evidence;
	},
	affects: (see, {database}) => {
		const {project} = see(deploymentState);
		const others = rivals(see, database).flatMap(other =>
			other.project === project && other.service !== null ? [other.service] : [],
		);
		return [...consequences(see(deploymentState), [database, ...others])];
	},
	hands: (see, {database}) => ({database, others: rivals(see, database).map(({name}) => name)}),
	fixes: [],
	noFix: say(
		'Decide now which server your application writes to; that one stays (`docker exec NAME psql -U postgres -c "select client_addr, datname from pg_stat_activity"` shows who is connected; as a rule it is the one that was started first). End the other one at once with `docker kill OTHER`, which writes nothing more, and take away its restart policy: `docker update --restart=no OTHER`. Then save what the remaining one still has, before you restart it: `docker exec NAME pg_dumpall -U postgres > rescue.sql`. Compare the numbers that you know, load the dump into a NEW volume, and keep the old one until you are sure: a dump without an error does not prove that no row was lost.',
		'立刻确定应用写入的是哪个服务器，保留它（`docker exec NAME psql -U postgres -c "select client_addr, datname from pg_stat_activity"` 可看到谁连着它；一般是先启动的那个）。马上用 `docker kill OTHER` 结束另一个（这样它不会再写任何东西），并去掉它的重启策略：`docker update --restart=no OTHER`。然后在重启之前先把剩下那个里的数据导出：`docker exec NAME pg_dumpall -U postgres > rescue.sql`。核对你知道的数字，把导出导入一个新卷，旧卷留到确认无误为止：导出没有报错并不能证明没有丢行。',
	),
	examples: [
		() => sampleFacts({directory: {otherServers: [rival]}}),
		() =>
			sampleFacts({
				services: {db: {status: 'exited', exitCode: 0}},
				directory: {otherServers: [{...rival, name: 'old-db-1', project: 'old', sharedBy: 'path'}]},
				logs: {db: [{text: 'performing immediate shutdown because data directory lock file is invalid'}]},
			}),
	],
});
