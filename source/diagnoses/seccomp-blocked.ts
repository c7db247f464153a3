import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {quoted} from '../probes/ailing.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {serviceNamed} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

/** The first engine whose own profile knows `clone3`, as glibc 2.34 and musl 1.2.4 use it (moby's release notes for 20.10.10). */
const knowing = [20, 10, 10];

/** Programs that were refused a thread, a child or the time, in the words of glibc, libuv, redis, Python and Go. */
export const blockedWords = [
	'thread-blocked',
	'needed-program-not-found-by-initdb',
	'background-jobs-blocked',
	'clock-blocked',
	'io-uring-blocked',
	'entrypoint-blocked',
] as const;

export const isOldProfile = (version: string): boolean => {
	const parts = version.split(/[.+~-]/).map(Number);
	const index = knowing.findIndex((part, at) => (parts[at] ?? 0) !== part);
	return index >= 0 && (parts[index] ?? 0) < (knowing[index] ?? 0);
};

const oldEngine = {
	status: 'up',
	version: '19.03.15',
	apiVersion: '1.40',
	id: 'e',
	os: 'linux',
	architecture: 'amd64',
	endpoint: 'unix:///var/run/docker.sock',
	context: 'default',
} as const;

export const seccompBlocked = diagnosis<Scope & {subject: string}>({
	id: 'seccomp-blocked',
	severity: 'failure',
	name: say('The engine forbids a system call that the program needs', '引擎禁止了程序所需的系统调用'),
	title: ({subject}) =>
		say(`The engine forbids ${subject} a system call that it needs`, `引擎禁止了 ${subject} 所需的系统调用`),
	about: say(
		'The engine filters system calls by a seccomp profile. An old engine, or an old profile of your own, answers newer calls such as `clone3` with “Operation not permitted”, and a program from a newer image can then make no thread or child: initdb says `popen failure: Cannot allocate memory`, redis `Can’t initialize Background Jobs`, Node.js stops in `uv_thread_create`. The image and the data are fine.',
		'引擎用 seccomp 配置过滤系统调用。旧引擎或您自己的旧配置会对 `clone3` 等较新的调用回答“Operation not permitted”，较新镜像里的程序便无法创建线程或子进程：initdb 报 `popen failure: Cannot allocate memory`，redis 报 `Can’t initialize Background Jobs`，Node.js 停在 `uv_thread_create`。镜像和数据都没有问题。',
	),
	beware: say(
		'`privileged: true` and `seccomp:unconfined` make it start and take the protection away with it; `Cannot allocate memory` is not about memory here.',
		'`privileged: true` 和 `seccomp:unconfined` 虽能让它启动，但也去掉了保护；此处的 `Cannot allocate memory` 与内存无关。',
	),
	lookAlikes: [
		{
			id: 'oom-killed',
			tell: say(
				'There the process is killed (exit code 137); here it ends by itself, at once, at every start.',
				'那种情况进程被强制终止（退出码 137）；此处是每次启动都立即自行结束。',
			),
		},
		{
			id: 'data-dir-permission',
			tell: say(
				'There `Operation not permitted` names a file of the data directory.',
				'那种情况 `Operation not permitted` 指向数据目录里的文件。',
			),
		},
	],
	certainty: (see, {subject}) => (serviceNamed(see, subject)?.confinement?.seccomp === 'own' ? 'certain' : 'likely'),
	because(see, {subject}) {
		const engine = see(engineInfo);
		const own = serviceNamed(see, subject)?.confinement?.seccomp === 'own';
		return [
			...quoted(see, subject, ...blockedWords),
			own
				? points(
						say(
							`${subject} runs under a seccomp profile of its own (\`security_opt\`)`,
							`${subject} 使用了自定义的 seccomp 配置（\`security_opt\`）`,
						),
						'deployment-state',
					)
				: points(
						say(
							`The engine is version ${engine.status === 'up' ? engine.version : '?'}; its profile knows these calls from 20.10.10 on`,
							`引擎版本为 ${engine.status === 'up' ? engine.version : '?'}；自 20.10.10 起其配置才包含这些调用`,
						),
						'engine-info',
					),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (_see, {subject}) => ({service: subject}),
	fixes: [],
	noFix: say(
		'Renew the engine (20.10.10 or later, with libseccomp 2.5 or later), or the profile named in `security_opt`: newer ones answer unknown calls with `ENOSYS`, so that programs take the older way. Then `docker compose up -d`. If the engine can’t be renewed, take an image that was built on an older base until it can.',
		'更新引擎（20.10.10 或更高，libseccomp 2.5 或更高），或更新 `security_opt` 指定的配置：较新的配置对未知调用返回 `ENOSYS`，程序会改用旧方式。然后执行 `docker compose up -d`。若暂时无法更新引擎，可先使用基于较旧系统构建的镜像。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {
					db: {
						status: 'restarting',
						exitCode: 1,
						restartCount: 3,
						confinement: {readOnlyRoot: false, capDrop: [], seccomp: 'own', tmpfs: [], stopGrace: 10},
					},
				},
				logs: {db: [{severity: 'error', text: 'popen failure: Cannot allocate memory'}]},
			}),
		() =>
			sampleFacts({
				engine: oldEngine,
				services: {web: {status: 'restarting', exitCode: 1, restartCount: 3}},
				logs: {web: [{severity: 'error', text: "# Fatal: Can't initialize Background Jobs."}]},
			}),
	],
});
