import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {said, serviceNamed} from '../probes/looks.ts';
import {cacheScopes, type ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

export const redisAofCorrupt = diagnosis<ServiceScope>({
	id: 'redis-aof-corrupt',
	severity: 'failure',
	name: say('Redis can’t read the file it keeps its data in', 'redis 读不了自己的数据文件'),
	title: ({subject}) =>
		say(`${subject} does not start: it can’t read its own data file`, `${subject} 无法启动：读不了自己的数据文件`),
	about: say(
		'At its start redis reads back its append-only file (or its snapshot) and stops where that makes no sense: the machine lost power in the middle of a write, the disk was full, or a newer redis wrote it. Most of the data is still in the file.',
		'redis 启动时会读回追加日志（或快照），遇到无法解析的内容就停止：写到一半断电、磁盘写满，或文件是更新版本的 redis 写的。绝大部分数据仍在文件里。',
	),
	beware: say(
		'Do not delete the file or the volume: queued jobs and sessions are in it. `redis-check-aof --fix` cuts off everything after the first bad byte, so copy the file first.',
		'不要删除该文件或卷：排队的任务和会话都在里面。`redis-check-aof --fix` 会截掉第一个坏字节之后的全部内容，请先复制文件。',
	),
	lookAlikes: [
		{
			id: 'redis-misconf',
			tell: say(
				'There redis runs and refuses writes; here it does not come up.',
				'那种情况 redis 在运行，只是拒绝写入；这里它起不来。',
			),
		},
		{
			id: 'redis-unreachable',
			tell: say(
				'The log of redis itself tells: without `reading the append only file` there, it is something else.',
				'看 redis 自己的日志：没有 `reading the append only file` 就是别的原因。',
			),
		},
	],
	// Its own words at this start, and a container that ended: nobody else has opened the file.
	certainty: 'likely',
	because(see, {subject}) {
		const state = serviceNamed(see, subject);
		const line = said(see, subject, 'redis-stops-at-its-file');
		return [
			...(line ? [points(say(`Its log: ${line.text}`, `它的日志：${line.text}`), 'service-log', line.at)] : []),
			points(
				say(
					`Its container ended by itself with exit code ${state?.exitCode}, ${state?.restartCount} restarts so far`,
					`容器自行退出，退出码 ${state?.exitCode}，已重启 ${state?.restartCount} 次`,
				),
				'deployment-state',
			),
		];
	},
	affects: (see, {subject}) => [
		...new Set([
			subject,
			...cacheScopes(see).flatMap(({client, server}) => (server === subject ? [client.service] : [])),
		]),
	],
	fixes: [],
	noFix: say(
		'Copy first: `docker compose stop redis`, then `docker cp "$(docker compose ps -aq redis)":/data ./redis-data-copy`. Then repair in place: `docker compose run --rm -it --entrypoint redis-check-aof redis --fix /data/appendonly.aof` (from redis 7 on: `/data/appendonlydir/appendonly.aof.manifest`; a snapshot is tested with `redis-check-rdb`), and `docker compose start redis`. For `RDB format version` go back to the newer image instead: nothing is broken.',
		'先复制：`docker compose stop redis`，再执行 `docker cp "$(docker compose ps -aq redis)":/data ./redis-data-copy`。然后原地修复：`docker compose run --rm -it --entrypoint redis-check-aof redis --fix /data/appendonly.aof`（redis 7 起为 `/data/appendonlydir/appendonly.aof.manifest`；快照用 `redis-check-rdb` 检查），最后 `docker compose start redis`。若日志是 `RDB format version`，请改回较新的镜像：文件并没有坏。',
	),
	examples: [
		() =>
			sampleFacts({
				redis: {service: {status: 'restarting', restartCount: 4, exitCode: 1}},
				logs: {
					redis: [
						{
							text: '# Bad file format reading the append only file: make a backup of your AOF file, then use ./redis-check-aof --fix <filename>',
							severity: 'error',
						},
					],
				},
			}),
	],
});
