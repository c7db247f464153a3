import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {startService} from '../fixes/start-service.ts';
import {cacheRoute} from '../probes/cache-route.ts';
import {serviceNamed} from '../probes/looks.ts';
import {type CacheScope, complaintOf} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

const isDown = (see: See, {server}: CacheScope): boolean =>
	server !== null && serviceNamed(see, server)?.status !== 'running';
const canStart = (see: See, {server}: CacheScope): boolean =>
	['exited', 'created', 'dead'].includes(serviceNamed(see, server ?? '')?.status ?? '');

function reason(see: See, scope: CacheScope): Evidence {
	const {client, server} = scope;
	const address = `${client.host}:${client.port}`;
	if (isDown(see, scope)) {
		const state = serviceNamed(see, server ?? '');
		return points(
			state?.status === 'missing'
				? say(`\`${server}\` has no container`, `\`${server}\` 没有容器`)
				: say(
						`\`${server}\` does not run (${state?.status}, exit code ${state?.exitCode})`,
						`\`${server}\` 未运行（${state?.status}，退出码 ${state?.exitCode}）`,
					),
			'deployment-state',
		);
	}
	if (client.leadsTo.kind === 'loopback')
		return points(
			say(`\`${client.host}\` inside a container is the container itself`, `容器里的 \`${client.host}\` 就是容器自己`),
			'cache-clients',
		);
	if (client.leadsTo.kind === 'other-network')
		return points(
			say(
				`\`${server}\` shares no network with ${client.service}`,
				`\`${server}\` 与 ${client.service} 没有共同的网络`,
			),
			'cache-clients',
		);
	const {says} = see(cacheRoute, client.id);
	const words: Text = says
		? say(`A connection to \`${address}\` from its network: ${says}`, `从它所在的网络连接 \`${address}\`：${says}`)
		: say(`No container answers to \`${client.host}\` there`, `那里没有容器叫 \`${client.host}\``);
	return points(words, 'cache-route');
}

export const redisUnreachable = diagnosis<CacheScope>({
	id: 'redis-unreachable',
	severity: 'failure',
	name: say('Redis can’t be reached', '连不上 redis'),
	title: ({client}) =>
		say(
			`${client.service} finds no redis at \`${client.host}:${client.port}\``,
			`${client.service} 在 \`${client.host}:${client.port}\` 找不到 redis`,
		),
	about: say(
		'The name or port in the service’s configuration leads to no redis, redis is on another network, or it does not run. Inside a container `localhost` is the container itself, and a service’s port is the one inside its container, not the published one.',
		'服务配置中的名称或端口没有指向 redis、redis 在另一个网络，或 redis 没有运行。容器里的 `localhost` 是容器自己；服务之间使用的是容器内端口，而不是发布到主机的端口。',
	),
	beware: say(
		'Do not publish redis’ port for this: services of one Compose network reach each other without it, and an open redis is taken over within hours.',
		'不要为此发布 redis 的端口：同一 Compose 网络内的服务不需要它，而对外开放的 redis 几小时内就会被入侵。',
	),
	lookAlikes: [
		{
			id: 'redis-auth',
			tell: say(
				'There redis answers with `NOAUTH` or `WRONGPASS`; here nobody answers.',
				'那种情况 redis 会回答 `NOAUTH` 或 `WRONGPASS`；这里没有应答。',
			),
		},
		{
			id: 'redis-aof-corrupt',
			tell: say(
				'Redis’ own log says `Bad file format reading the append only file`, and it starts over and over.',
				'redis 自己的日志里有 `Bad file format reading the append only file`，并且反复启动。',
			),
		},
	],
	certainty: (see, scope) => {
		if (isDown(see, scope) || scope.client.leadsTo.kind !== 'service') {
			if (scope.client.leadsTo.kind !== 'unknown-name') return 'certain';
		}
		return see(cacheRoute, scope.client.id).outcome === 'no-witness' ? 'likely' : 'certain';
	},
	because(see, scope) {
		const complaint = complaintOf(see, scope.client.service);
		return [
			reason(see, scope),
			...(complaint
				? [
						points(
							say(
								`${scope.client.service} says: ${complaint.text}`,
								`${scope.client.service} 的日志：${complaint.text}`,
							),
							'service-log',
							complaint.at,
						),
					]
				: []),
		];
	},
	affects: (see, scope) => [scope.client.service, ...(isDown(see, scope) && scope.server ? [scope.server] : [])],
	on: ({client, server}) => server ?? client.service,
	hands: (_see, {client, server}) => ({service: server ?? client.service}),
	// What ended redis is the deeper cause, where anything tells.
	lastResort: isDown,
	fixes: [startService],
	suits: (_fix, see, scope) => canStart(see, scope),
	noFix: say(
		'Correct the host or port of redis in `.env` or the Compose file (the service’s name and `6379`), then run `docker compose up -d`. If redis has no container, the same command makes one; one that is paused goes on with `docker compose unpause redis`.',
		'在 `.env` 或 Compose 文件中改正 redis 的主机名或端口（服务名与 `6379`），然后执行 `docker compose up -d`。若 redis 没有容器，同一条命令会创建它；若处于暂停状态，执行 `docker compose unpause redis` 即可恢复。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				redis: {service: {status: 'exited', exitCode: 0}},
			}),
		() =>
			sampleFacts({
				logs: {
					api: [
						{text: 'redis.exceptions.ConnectionError: Error -2 connecting to rediss:6379. Name or service not known.'},
					],
				},
				redis: {
					client: {host: 'rediss', leadsTo: {kind: 'unknown-name'}},
					route: {outcome: 'no-host', says: 'Could not connect to Redis at rediss:6379: Name or service not known'},
				},
			}),
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				redis: {
					client: {port: 6380},
					route: {outcome: 'refused', says: 'Could not connect to Redis at redis:6380: Connection refused'},
				},
			}),
	],
});
