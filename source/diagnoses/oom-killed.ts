import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {serviceNamed} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

export const oomKilled = diagnosis<Scope & {subject: string}>({
	id: 'oom-killed',
	severity: 'failure',
	name: say('A container was killed because it ran out of memory', '容器因内存不足被强制终止'),
	title: ({subject}) => say(`${subject} was killed because it ran out of memory`, `${subject} 因内存不足被强制终止`),
	about: say(
		'The kernel ended the main process of the container because it went over its memory limit, or because the whole host had no memory left. Exit code 137 is 128 + signal 9.',
		'容器主进程超出内存上限，或整台主机内存耗尽，内核因此终止了它。退出码 137 即 128 + 信号 9。',
	),
	beware: say(
		'A restart alone brings it back only until it needs the same memory again.',
		'只重启没有用：再次需要同样多的内存时还会被终止。',
	),
	lookAlikes: [
		{
			id: 'killed-not-oom',
			tell: say(
				'Exit code 137 in both. There `docker inspect` says `OOMKilled: false` for that end: a person or a stop that took too long sent signal 9.',
				'两者的退出码都是 137。那种情况下 `docker inspect` 显示该次终止 `OOMKilled: false`：是有人或超时的停止操作发出了信号 9。',
			),
		},
		{
			id: 'host-memory-pressure',
			tell: say(
				'The kernel log (`dmesg`) says `CONSTRAINT_MEMCG` when the container went over its own limit, and `CONSTRAINT_NONE` when the whole host had no memory left.',
				'内核日志（`dmesg`）里，超出容器自身上限写作 `CONSTRAINT_MEMCG`，整台主机内存耗尽写作 `CONSTRAINT_NONE`。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const service = serviceNamed(see, subject);
		if (!service) return [];
		return [
			points(
				say(
					`\`docker inspect\` of ${subject}: \`OOMKilled: true\`, ended with exit code 137`,
					`\`docker inspect\` 查看 ${subject}：\`OOMKilled: true\`，退出码 137`,
				),
				'deployment-state',
				service.finishedAt,
			),
			service.memoryLimit > 0
				? points(
						say(`Its memory limit is ${mib(service.memoryLimit)}`, `它的内存上限是 ${mib(service.memoryLimit)}`),
						'deployment-state',
					)
				: points(
						say(
							'It has no memory limit of its own: the host ran out of memory',
							'它没有单独的内存上限：是主机内存耗尽',
						),
						'deployment-state',
					),
		];
	},
	affects: (_see, {subject}) => [subject],
	fixes: [],
	noFix: say(
		'Raise `mem_limit` (or `deploy.resources.limits.memory`) of the service in the Compose file, or lower what it needs (Dify’s web: `PM2_INSTANCES=1`), then `docker compose up -d`.',
		'在 Compose 文件里调高该服务的 `mem_limit`（或 `deploy.resources.limits.memory`），或降低它的用量（Dify 的 web：`PM2_INSTANCES=1`），然后执行 `docker compose up -d`。',
	),
	examples: [
		() => sampleFacts({services: {web: {status: 'exited', exitCode: 137, oomKilled: true, memoryLimit: 67108864}}}),
	],
});
