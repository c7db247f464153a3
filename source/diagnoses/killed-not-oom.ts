import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say, type Text} from '../core/say.ts';
import {startService} from '../fixes/start-service.ts';
import {quoted} from '../probes/ailing.ts';
import {type ContainerEnding, containerEnding} from '../probes/container-ending.ts';
import {killer} from '../probes/ended.ts';
import {serviceNamed} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import type {KilledScope} from './oom-killed.ts';
import {sampleFacts, seen} from './samples.ts';

function whoDid(ending: ContainerEnding): Text {
	const {signals, grace} = ending;
	const [first, last] = [signals[0], signals.at(-1)];
	const waited =
		first && last && first !== last ? Math.round((Date.parse(last.at) - Date.parse(first.at)) / 1000) : grace;
	switch (killer(ending)) {
		case 'stop-timeout':
			return say(
				`It was asked to stop, did not within ${waited} s, and the engine killed it (\`docker stop\`, \`docker compose down\` or a restart)`,
				`它被要求停止，但在 ${waited} 秒内没有结束，于是被引擎强制终止（\`docker stop\`、\`docker compose down\` 或重启）`,
			);
		case 'kill':
			return say('Somebody sent it `docker kill`', '有人对它执行了 `docker kill`');
		case 'inside':
			return say(
				'No signal went through the engine: a program of the machine or of the container itself sent it',
				'信号没有经过引擎：是主机上或容器内的某个程序发出的',
			);
		case 'unknown':
			return say(
				'The engine no longer remembers who did it: it keeps its last 256 events only',
				'引擎已不记得是谁所为：它只保留最近 256 个事件',
			);
	}
}

const ending = (change: Partial<ContainerEnding>): ContainerEnding => ({
	signals: [],
	outOfMemory: false,
	stopped: false,
	remembered: true,
	grace: 10,
	...change,
});
const machine = {total: 8 * 1024 ** 3, available: 4 * 1024 ** 3};
const dead = {status: 'exited', exitCode: 137, pid: 0, finishedAt: '2026-01-02T03:00:00.000Z'} as const;

export const killedNotOom = diagnosis<KilledScope>({
	id: 'killed-not-oom',
	severity: 'failure',
	name: say('Killed, and not for its memory', '被强制终止，但与内存无关'),
	title: ({subject, child}) =>
		child
			? say(`Somebody killed a process of ${subject}`, `${subject} 的一个进程被人强制终止`)
			: say(`${subject} was killed, and not for lack of memory`, `${subject} 被强制终止，但不是因为内存不足`),
	about: say(
		'Exit code 137 is 128 + signal 9. Without the kernel’s memory killer somebody sent that signal: the engine, when a container does not follow its stop signal within the grace time (10 s unless `stop_grace_period` says otherwise), or a person or program with `docker kill`, `kill -9` or a health watcher. A database that is killed has to replay its log at the next start.',
		'退出码 137 即 128 + 信号 9。如果不是内核因内存不足终止，那就是有人发出了这个信号：容器在宽限时间内没有响应停止信号时由引擎发出（默认 10 秒，除非设置了 `stop_grace_period`），或由人或程序通过 `docker kill`、`kill -9`、健康监控发出。被强制终止的数据库下次启动时要重放日志。',
	),
	beware: say(
		'More memory does not help here. And `kill -9` on one process of PostgreSQL throws out all clients: end a query with `pg_terminate_backend`.',
		'此处增加内存没有用。另外，对 PostgreSQL 的任何一个进程执行 `kill -9` 会断开所有客户端：要结束查询请用 `pg_terminate_backend`。',
	),
	lookAlikes: [
		{
			id: 'oom-killed',
			tell: say(
				'There `docker inspect` says `OOMKilled: true` for this very end, or the kernel’s counter of the container is above 0.',
				'那种情况 `docker inspect` 对这一次结束显示 `OOMKilled: true`，或容器的内核计数大于 0。',
			),
		},
		{
			id: 'host-memory-pressure',
			tell: say(
				'There the machine has next to no memory left, and its own kernel log names the process.',
				'那种情况主机几乎没有剩余内存，主机的内核日志会写出该进程。',
			),
		},
	],
	certainty(see, {subject, child}) {
		if (child) return ifKnown(() => see(memoryUse, subject))?.containerKills === 0 ? 'certain' : 'possible';
		const found = ifKnown(() => see(containerEnding, subject));
		return found && killer(found) !== 'unknown' ? 'certain' : 'likely';
	},
	because(see, {subject, child}) {
		if (child) {
			const kills = ifKnown(() => see(memoryUse, subject))?.containerKills;
			return [
				...quoted(see, subject, 'process-killed'),
				...(kills === 0
					? [
							points(
								say(
									'The kernel counts no kill for lack of memory in this container since its start',
									'自容器启动以来，内核没有在其中因内存不足终止过进程',
								),
								'memory-use',
							),
						]
					: []),
			];
		}
		const service = serviceNamed(see, subject);
		const found = ifKnown(() => see(containerEnding, subject));
		return [
			points(
				say(
					`\`docker inspect\` of ${subject}: exit code 137, \`OOMKilled: false\``,
					`\`docker inspect\` 查看 ${subject}：退出码 137，\`OOMKilled: false\``,
				),
				'deployment-state',
				service?.finishedAt ?? null,
			),
			...(found ? [points(whoDid(found), 'container-ending', found.signals.at(-1)?.at ?? null)] : []),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (_see, {subject}) => ({service: subject}),
	fixes: [startService],
	examples: [
		() =>
			sampleFacts({
				services: {db: dead},
				also: [
					seen(memoryUse, 'db', {machine, machineKills: 0, containerKills: null}),
					seen(
						containerEnding,
						'db',
						ending({
							stopped: true,
							signals: [
								{at: '2026-01-02T02:59:50.000Z', signal: 15},
								{at: '2026-01-02T03:00:00.000Z', signal: 9},
							],
						}),
					),
				],
			}),
		() =>
			sampleFacts({
				services: {web: dead},
				also: [
					seen(memoryUse, 'web', {machine, machineKills: 0, containerKills: null}),
					seen(containerEnding, 'web', ending({signals: [{at: '2026-01-02T03:00:00.000Z', signal: 9}]})),
				],
			}),
		// A person ended a query with `kill -9`.
		() =>
			sampleFacts({
				logs: {db: [{severity: 'LOG', text: 'server process (PID 79) was terminated by signal 9: Killed'}]},
				also: [seen(memoryUse, 'db', {machine, machineKills: 0, containerKills: 0})],
			}),
	],
});
