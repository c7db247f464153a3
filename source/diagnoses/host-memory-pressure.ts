import {amount} from '../core/amount.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {lowerMemoryUse} from '../fixes/lower-memory-use.ts';
import {quoted} from '../probes/ailing.ts';
import {isMachineShort} from '../probes/ended.ts';
import {serviceNamed} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import type {KilledScope} from './oom-killed.ts';
import {sampleFacts, seen} from './samples.ts';

const starved = {total: 2 * 1024 ** 3, available: 40 * 1024 ** 2};

export const hostMemoryPressure = diagnosis<KilledScope>({
	id: 'host-memory-pressure',
	severity: 'failure',
	name: say('The whole machine ran out of memory', '整台主机内存耗尽'),
	title: ({subject}) =>
		say(`The machine ran out of memory, and ${subject} was killed for it`, `主机内存耗尽，${subject} 因此被强制终止`),
	about: say(
		'The machine that runs the engine had no memory left, and its kernel killed the biggest process it found, whoever was to blame. Containers without `mem_limit` take what they can get. On Docker Desktop the machine is its virtual machine, which has a size of its own.',
		'运行引擎的主机没有剩余内存，内核终止了它找到的最大进程，不论是谁造成的。没有 `mem_limit` 的容器能用多少就用多少。在 Docker Desktop 上，“主机”是它的虚拟机，内存大小单独设置。',
	),
	beware: say(
		'The one that was killed is not always the one that took the memory: look at all of them with `docker stats`. Stop what is not needed, give the hungry ones a `mem_limit`, or add memory to the machine (on Docker Desktop: Settings, Resources).',
		'被终止的不一定就是占用内存的那个：请用 `docker stats` 查看全部容器。停掉不需要的程序，给占用大的服务设置 `mem_limit`，或为主机增加内存（Docker Desktop：设置中的资源）。',
	),
	lookAlikes: [
		{
			id: 'oom-killed',
			tell: say(
				'There the container has a memory limit of its own and reached it, while the machine has plenty left.',
				'那种情况容器有自己的内存上限并达到了它，而主机还有富余。',
			),
		},
		{
			id: 'killed-not-oom',
			tell: say(
				'There the machine has memory left, and the engine remembers a `kill`.',
				'那种情况主机还有内存，而引擎记得有一次 `kill`。',
			),
		},
	],
	certainty(see, {subject}) {
		return serviceNamed(see, subject)?.oomKilled && ifKnown(() => isMachineShort(see, subject)) ? 'certain' : 'likely';
	},
	because(see, {subject, child}) {
		const service = serviceNamed(see, subject);
		const memory = ifKnown(() => see(memoryUse, subject));
		return [
			...(child
				? quoted(see, subject, 'process-killed')
				: [
						points(
							say(
								`\`docker inspect\` of ${subject}: exit code 137, \`OOMKilled: ${service?.oomKilled ?? false}\``,
								`\`docker inspect\` 查看 ${subject}：退出码 137，\`OOMKilled: ${service?.oomKilled ?? false}\``,
							),
							'deployment-state',
							service?.finishedAt ?? null,
						),
					]),
			...(service?.memoryLimit === 0
				? [points(say('It has no memory limit of its own', '它没有单独的内存上限'), 'deployment-state')]
				: []),
			...(memory
				? [
						points(
							say(
								`The machine has ${amount(memory.machine.available)} of ${amount(memory.machine.total)} left`,
								`主机内存共 ${amount(memory.machine.total)}，剩余 ${amount(memory.machine.available)}`,
							),
							'memory-use',
						),
					]
				: []),
			...(memory?.machineKills
				? [
						points(
							say(
								`Its kernel counts ${memory.machineKills} kill(s) for lack of memory since it was started`,
								`自开机以来，内核因内存不足终止了 ${memory.machineKills} 个进程`,
							),
							'memory-use',
						),
					]
				: []),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (_see, {subject}) => ({service: subject}),
	fixes: [lowerMemoryUse],
	examples: [
		() =>
			sampleFacts({
				services: {worker: {status: 'exited', exitCode: 137, oomKilled: true, memoryLimit: 0}},
				also: [seen(memoryUse, 'worker', {machine: starved, machineKills: 3, containerKills: null})],
			}),
		() =>
			sampleFacts({
				logs: {db: [{severity: 'LOG', text: 'server process (PID 79) was terminated by signal 9: Killed'}]},
				also: [seen(memoryUse, 'db', {machine: starved, machineKills: 3, containerKills: 0})],
			}),
	],
});
