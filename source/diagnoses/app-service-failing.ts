import type {Certainty} from '../core/diagnosis.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {tellingLines} from '../core/symptoms.ts';
import {serviceNamed} from '../probes/looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import type {ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

const errors = (see: See, subject: string) =>
	see(serviceLog, subject).events.filter(({severity}) => severity !== 'info' && severity !== 'LOG');

export const appServiceFailing = diagnosis<ServiceScope>({
	id: 'app-service-failing',
	severity: 'failure',
	name: say('A service fails for a reason of its own', '服务因自身原因失败'),
	title: ({subject}) => say(`${subject} fails for a reason of its own`, `${subject} 因自身原因失败`),
	about: say(
		'Everything that this service depends on was asked and answers, and it fails all the same. The reason is its own: a setting that it refuses, a file that it misses, a migration, or a fault in the program. Its last error lines say which.',
		'这个服务所依赖的一切都已逐一询问且有应答，它却仍然失败。原因在它自身：不接受的设置、缺少的文件、数据迁移或程序缺陷。它最后的错误日志会说明是哪一种。',
	),
	beware: say(
		'Do not reset the database or delete volumes for this: nothing speaks against them.',
		'不要为此重置数据库或删除卷：没有任何迹象表明它们有问题。',
	),
	lookAlikes: [
		{
			id: 'oom-killed',
			tell: say(
				'There the exit code is 137, and `docker inspect` says `OOMKilled`.',
				'那种情况退出码是 137，`docker inspect` 显示 `OOMKilled`。',
			),
		},
		{
			id: 'host-not-resolvable',
			tell: say(
				'There the last lines speak of a name that does not resolve, such as `getaddrinfo` or `ENOTFOUND`.',
				'那种情况最后的日志提到无法解析的名称，例如 `getaddrinfo` 或 `ENOTFOUND`。',
			),
		},
	],
	certainty: (see, {subject}): Certainty => (errors(see, subject).length > 0 ? 'likely' : 'possible'),
	because(see, {subject}) {
		const state = serviceNamed(see, subject);
		const {events} = see(serviceLog, subject);
		const lines = tellingLines(errors(see, subject).length > 0 ? errors(see, subject) : events);
		return [
			state?.status === 'running' && state.health === 'unhealthy'
				? points(
						say(
							`It runs and fails its health check: ${state.healthCheck?.output || '(no output)'}`,
							`它在运行，但健康检查失败：${state.healthCheck?.output || '（无输出）'}`,
						),
						'deployment-state',
					)
				: points(
						say(
							`It ended with exit code ${state?.exitCode ?? '?'} (${state?.restartCount ?? 0} restarts)`,
							`它以退出码 ${state?.exitCode ?? '?'} 结束（重启 ${state?.restartCount ?? 0} 次）`,
						),
						'deployment-state',
					),
			...lines.map(line =>
				points(
					say(`It says: ${line}`, `它的日志：${line}`),
					'service-log',
					events.findLast(({text}) => line.startsWith(text))?.at ?? null,
				),
			),
			...((state?.dependsOn.length ?? 0) > 0
				? [
						points(
							say(
								`What it depends on works: ${state?.dependsOn.join(', ')}`,
								`它依赖的服务正常：${state?.dependsOn.join('、')}`,
							),
							'deployment-state',
						),
					]
				: []),
		];
	},
	affects: (_see, {subject}) => [subject],
	lastResort: () => true,
	fixes: [],
	noFix: say(
		'Read on in its log: `docker compose logs --tail 100 <service>`. Look for its last error line in the application’s documentation and issues; after an upgrade, compare `.env` and the Compose file with the ones of the new version, and go back to the old image tag if a migration failed.',
		'继续查看它的日志：`docker compose logs --tail 100 <service>`。在该应用的文档和 issue 中搜索最后一行错误；如果刚升级过，请把 `.env` 和 Compose 文件与新版本自带的对照；若迁移失败，可先改回旧的镜像标签。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {worker: {status: 'restarting', restartCount: 5, exitCode: 1}},
				logs: {
					worker: [
						{severity: 'error', text: 'ValueError: invalid literal for SECRET_KEY: must be at least 32 characters'},
					],
				},
			}),
	],
});
