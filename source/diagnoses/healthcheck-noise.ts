import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {noiseOf} from '../probes/health-looks.ts';
import type {ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

export const healthcheckNoise = diagnosis<ServiceScope>({
	id: 'healthcheck-noise',
	severity: 'warning',
	name: say('FATAL lines that only a health check makes', '只由健康检查产生的 FATAL 行'),
	title: ({subject}) =>
		say(`The FATAL lines of ${subject} come from its own health check`, `${subject} 的 FATAL 日志来自它自己的健康检查`),
	about: say(
		'The health check connects without naming a role or database that exists (`pg_isready` without `-U` asks for the user that it runs as, and without `-d` for a database called like the role). The server is ready all the same, the check passes, and every beat leaves a FATAL line. Nothing fails because of it; it only buries what matters.',
		'健康检查连接时没有写明存在的角色或数据库（`pg_isready` 不带 `-U` 时使用运行它的系统用户，不带 `-d` 时使用与角色同名的数据库）。服务器仍然就绪，检查也会通过，但每次都会留下一行 FATAL。它不会造成任何故障，只会淹没真正重要的日志。',
	),
	beware: say(
		'Do not create a superuser called `root` or an empty database to silence it: that opens a door and hides the next real error.',
		'不要为了消除日志去创建名为 `root` 的超级用户或空数据库：那会留下后门，也会掩盖下一个真正的错误。',
	),
	lookAlikes: [
		{
			id: 'role-missing',
			tell: say(
				'There a service of the deployment logs in with that role; here only the check does, at its own interval.',
				'那种情况是部署中的某个服务用该角色登录；这里只有健康检查按自己的间隔这么做。',
			),
		},
		{
			id: 'database-missing',
			tell: say('There the configuration of a service names that database.', '那种情况是某个服务的配置写了该数据库。'),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const noise = noiseOf(see, subject);
		if (!noise) return [];
		const {kind, name, lines, interval} = noise;
		const last = lines.at(-1);
		const seconds = interval / 1000;
		return [
			points(
				kind === 'role'
					? say(
							`Its health check asks for the role \`${name}\`, which the server has not`,
							`它的健康检查使用角色 \`${name}\`，而服务器上没有`,
						)
					: say(
							`Its health check asks for the database \`${name}\`, which the server has not`,
							`它的健康检查使用数据库 \`${name}\`，而服务器上没有`,
						),
				'database-catalog',
			),
			points(
				say(
					`${lines.length} such lines since its start, and the check runs every ${seconds} s: ${last?.text ?? ''}`,
					`启动以来共 ${lines.length} 行，检查每 ${seconds} 秒运行一次：${last?.text ?? ''}`,
				),
				'service-log',
				last?.at ?? null,
			),
			points(say('No service of this deployment logs in with it', '本部署没有服务用它登录'), 'client-credentials'),
		];
	},
	affects: () => [],
	fixes: [],
	noFix: say(
		'Name both in the check of the Compose file, for instance `pg_isready -U $${POSTGRES_USER} -d $${POSTGRES_DB}`, then run `docker compose up -d` at a quiet moment: it makes the database’s container anew and keeps its data.',
		'在 Compose 文件的健康检查中写明两者，例如 `pg_isready -U $${POSTGRES_USER} -d $${POSTGRES_DB}`，然后在空闲时执行 `docker compose up -d`：数据库容器会重新创建，数据保留。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {
					db: {
						health: 'healthy',
						healthCheck: {test: ['CMD', 'pg_isready'], interval: 10_000, failures: 0, exitCode: 0, output: ''},
					},
				},
				logs: {
					db: [
						{severity: 'FATAL', text: 'role "root" does not exist', at: '2026-01-02T03:03:40.000Z'},
						{severity: 'FATAL', text: 'role "root" does not exist', at: '2026-01-02T03:03:50.000Z'},
					],
				},
			}),
	],
});
