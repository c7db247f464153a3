import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {checkOf} from '../probes/health-looks.ts';
import {serviceNamed, services} from '../probes/looks.ts';
import type {ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

const waiting = (see: Parameters<typeof services>[0], subject: string): string[] =>
	services(see).flatMap(({service, status, dependsOn}) =>
		dependsOn.includes(subject) && (status === 'created' || status === 'missing') ? [service] : [],
	);

export const dependencyUnhealthy = diagnosis<ServiceScope>({
	id: 'dependency-unhealthy',
	severity: 'failure',
	name: say('A health check fails although the service works', '服务正常，健康检查却失败'),
	title: ({subject}) =>
		say(`${subject} works, and its health check says it does not`, `${subject} 工作正常，健康检查却报告失败`),
	about: say(
		'A service with `condition: service_healthy` is started only after the health check of the other has passed. Here the check itself is wrong: its command is not in the image, or it asks with a name or password that does not fit, while the service behind it answers.',
		'带有 `condition: service_healthy` 的服务要等另一个服务的健康检查通过后才会启动。这里错的是检查本身：镜像里没有该命令，或检查用的名称、密码不对，而服务本身是有应答的。',
	),
	beware: say(
		'Restarting the service does not help, and taking `depends_on` away only hides the check: correct the command.',
		'重启服务没有用，去掉 `depends_on` 也只是把问题藏起来：请改正检查命令。',
	),
	lookAlikes: [
		{
			id: 'starting-up',
			tell: say(
				'There the database does not accept connections yet, and the check is right to fail.',
				'那种情况数据库还不接受连接，检查失败是对的。',
			),
		},
		{
			id: 'app-service-failing',
			tell: say(
				'There the service’s own log tells an error; here it works and only the check fails.',
				'那种情况服务自己的日志里有错误；这里服务正常，只有检查失败。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const check = serviceNamed(see, subject)?.healthCheck;
		const held = waiting(see, subject);
		return [
			...(checkOf(see, subject) === 'broken'
				? [
						points(
							say('The command of its health check can’t be run in its image', '健康检查的命令无法在它的镜像中运行'),
							'deployment-state',
						),
					]
				: [
						points(
							serviceNamed(see, subject)?.role === 'database'
								? say(`${subject} accepts connections over TCP`, `${subject} 接受 TCP 连接`)
								: say(`${subject} answers`, `${subject} 有应答`),
							serviceNamed(see, subject)?.role === 'database' ? 'database-readiness' : 'cache-state',
						),
					]),
			...(check
				? [
						points(
							say(
								`The check \`${check.test.join(' ')}\` ended with ${check.exitCode ?? '?'}, ${check.failures} times in a row: ${check.output || '(nothing)'}`,
								`检查 \`${check.test.join(' ')}\` 以 ${check.exitCode ?? '?'} 结束，已连续 ${check.failures} 次：${check.output || '（无输出）'}`,
							),
							'deployment-state',
						),
					]
				: []),
			...(held.length > 0
				? [
						points(
							say(`Not started because of it: ${list(held).en}`, `因此没有启动：${list(held).zh}`),
							'deployment-state',
						),
					]
				: []),
		];
	},
	affects: (see, {subject}) => [subject, ...waiting(see, subject)],
	lastResort: () => true,
	fixes: [],
	noFix: say(
		'Try the check by hand: `docker compose exec <service> <command of the check>`. Correct `healthcheck:` in the Compose file (a command that the image has; role, database and password that fit), then run `docker compose up -d`: it makes that container anew, keeps its data, and starts what waited for it.',
		'手工执行检查命令：`docker compose exec <service> <command of the check>`。在 Compose 文件中改正 `healthcheck:`（用镜像里有的命令，以及正确的角色、数据库和密码），然后执行 `docker compose up -d`：该容器会重新创建，数据保留，等待它的服务随后启动。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {
					db: {
						health: 'unhealthy',
						healthCheck: {
							test: ['CMD', 'psql', '-U', 'root', '-c', 'select 1'],
							interval: 5000,
							failures: 9,
							exitCode: 2,
							output: 'psql: error: FATAL:  role "root" does not exist',
						},
					},
					api: {status: 'created', startedAt: null},
				},
			}),
	],
});
