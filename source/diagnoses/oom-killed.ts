import {amount} from '../core/amount.ts';
import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {lowerMemoryUse} from '../fixes/lower-memory-use.ts';
import {raiseMemoryLimit} from '../fixes/raise-memory-limit.ts';
import {quoted} from '../probes/ailing.ts';
import {serviceNamed} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import {sampleFacts, seen} from './samples.ts';

/** @property child a process of the service was killed while its main process lives on */
export type KilledScope = {subject: string; child?: boolean};

/** Bytes that no test machine is short of. */
const machine = {total: 8 * 1024 ** 3, available: 4 * 1024 ** 3};

export const oomKilled = diagnosis<KilledScope>({
	id: 'oom-killed',
	severity: 'failure',
	name: say('Killed for going over its memory limit', '因超出内存上限被强制终止'),
	title: ({subject, child}) =>
		child
			? say(
					`A process of ${subject} was killed because it ran out of memory`,
					`${subject} 的一个进程因内存不足被强制终止`,
				)
			: say(`${subject} was killed because it ran out of memory`, `${subject} 因内存不足被强制终止`),
	about: say(
		'The container went over its memory limit, and the kernel killed its biggest process. When that is the main one, the container ends with exit code 137 (128 + signal 9). In PostgreSQL it is often one connection’s process: the server then throws out every client, recovers within seconds and looks well again, while `docker inspect` says nothing of it.',
		'容器超出了内存上限，内核终止了其中最大的进程。若是主进程，容器以退出码 137（128 + 信号 9）结束。在 PostgreSQL 中往往是某个连接的进程：服务器随即断开所有客户端，几秒内恢复并看似正常，而 `docker inspect` 对此只字不提。',
	),
	beware: say(
		'A restart alone brings it back only until it needs the same memory again. `OOMKilled: true` alone proves nothing: it stays from an earlier life of the container.',
		'只重启没有用：再次需要同样多的内存时还会被终止。单凭 `OOMKilled: true` 不能证明什么：它可能是容器上一次运行留下的。',
	),
	lookAlikes: [
		{
			id: 'killed-not-oom',
			tell: say(
				'There the kernel’s counter of the container stays 0, and the engine remembers a `kill`.',
				'那种情况容器的内核计数为 0，而引擎记得有一次 `kill`。',
			),
		},
		{
			id: 'host-memory-pressure',
			tell: say(
				'There the whole machine is short: the container has no limit of its own, or is far below it.',
				'那种情况是整台主机内存不足：容器没有单独的上限，或远未达到上限。',
			),
		},
	],
	certainty(see, {subject, child}) {
		if (!child) return 'certain';
		return (ifKnown(() => see(memoryUse, subject))?.containerKills ?? 0) > 0 ? 'certain' : 'likely';
	},
	because(see, {subject, child}) {
		const service = serviceNamed(see, subject);
		if (!service) return [];
		const limit: Evidence[] =
			service.memoryLimit > 0
				? [
						points(
							say(
								`Its memory limit is ${amount(service.memoryLimit)}`,
								`它的内存上限是 ${amount(service.memoryLimit)}`,
							),
							'deployment-state',
						),
					]
				: [];
		if (!child)
			return [
				points(
					say(
						`\`docker inspect\` of ${subject}: \`OOMKilled: true\`, ended with exit code 137`,
						`\`docker inspect\` 查看 ${subject}：\`OOMKilled: true\`，退出码 137`,
					),
					'deployment-state',
					service.finishedAt,
				),
				...limit,
			];
		const kills = ifKnown(() => see(memoryUse, subject))?.containerKills ?? null;
		return [
			...quoted(see, subject, 'process-killed'),
			...(kills === null
				? []
				: [
						(kills > 0 ? points : opposes)(
							say(
								`The kernel counts ${kills} kill(s) for lack of memory in this container since its start`,
								`自容器启动以来，内核在其中因内存不足终止了 ${kills} 个进程`,
							),
							'memory-use',
						),
					]),
			...limit,
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (see, {subject}) => ({service: subject, limit: serviceNamed(see, subject)?.memoryLimit ?? 0}),
	fixes: [raiseMemoryLimit, lowerMemoryUse],
	examples: [
		() => sampleFacts({services: {web: {status: 'exited', exitCode: 137, oomKilled: true, memoryLimit: 67108864}}}),
		() =>
			sampleFacts({
				services: {db: {memoryLimit: 256 * 1024 ** 2}},
				logs: {
					db: [
						{
							severity: 'LOG',
							text: 'server process (PID 79) was terminated by signal 9: Killed',
							detail: 'Failed process was running: select …',
						},
					],
				},
				also: [seen(memoryUse, 'db', {machine, machineKills: 1, containerKills: 1})],
			}),
	],
});
