import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {type CacheScope, cacheProof, complaintOf} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

const reasons = {
	wrong: (variable: string) =>
		say(
			`The password in \`${variable}\` is not the one that redis was started with`,
			`\`${variable}\` 中的密码与 redis 启动时的密码不一致`,
		),
	none: (variable: string) =>
		say(`Redis wants a password, and \`${variable}\` gives none`, `redis 要求密码，而 \`${variable}\` 没有给出`),
	needless: (variable: string) =>
		say(
			`\`${variable}\` holds a password, and redis was started without one`,
			`\`${variable}\` 里有密码，而 redis 启动时没有设置密码`,
		),
};

export const redisAuth = diagnosis<CacheScope>({
	id: 'redis-auth',
	severity: 'failure',
	name: say('Redis refuses the password', 'redis 拒绝密码'),
	title: ({client, server}) =>
		say(
			`${server ?? 'Redis'} refuses the login of ${client.service}`,
			`${server ?? 'redis'} 拒绝 ${client.service} 的登录`,
		),
	about: say(
		'The password that a service sends and the one that redis was started with (`requirepass`) are not the same. Often `REDIS_PASSWORD` was changed and a URL such as `CELERY_BROKER_URL` was forgotten, or redis still runs with the value of before: it reads its password at its start only.',
		'服务发送的密码与 redis 启动时的密码（`requirepass`）不同。常见原因是改了 `REDIS_PASSWORD` 却忘了 `CELERY_BROKER_URL` 之类的 URL，或 redis 仍在用旧值运行：它只在启动时读取密码。',
	),
	beware: say(
		'Do not take the password off redis to get going: on a published port everybody could then run commands on this machine through it.',
		'不要为图方便取消 redis 的密码：端口一旦发布，任何人都能借它在本机执行命令。',
	),
	lookAlikes: [
		{
			id: 'client-password-drift',
			tell: say(
				'PostgreSQL says `password authentication failed for user`; redis says `WRONGPASS` or `NOAUTH`.',
				'PostgreSQL 会说 `password authentication failed for user`；redis 会说 `WRONGPASS` 或 `NOAUTH`。',
			),
		},
		{
			id: 'redis-unreachable',
			tell: say(
				'There the connection itself fails; here redis answers and refuses.',
				'那种情况连接本身就失败；这里 redis 有应答，只是拒绝。',
			),
		},
	],
	certainty: 'certain',
	because(see, scope) {
		const {client, server} = scope;
		const proof = cacheProof(see, scope);
		const verdict = proof?.verdict;
		const reason = verdict === 'none' || verdict === 'needless' ? reasons[verdict] : reasons.wrong;
		const complaint = complaintOf(see, client.service);
		return [
			points(reason(client.variable), 'cache-state'),
			...(proof?.says
				? [
						points(
							say(
								`${server ?? 'redis'} answers that login: ${proof.says}`,
								`${server ?? 'redis'} 对该登录的应答：${proof.says}`,
							),
							'cache-state',
						),
					]
				: []),
			...(client.broken
				? [
						points(
							say(
								`\`${client.variable}\` holds a raw \`/\`, \`?\` or \`#\` in its password, which a URL must write as \`%2F\`, \`%3F\` or \`%23\``,
								`\`${client.variable}\` 的密码中直接写了 \`/\`、\`?\` 或 \`#\`，在 URL 里必须写成 \`%2F\`、\`%3F\` 或 \`%23\``,
							),
							'cache-clients',
						),
					]
				: []),
			...(complaint
				? [
						points(
							say(`${client.service} says: ${complaint.text}`, `${client.service} 的日志：${complaint.text}`),
							'service-log',
							complaint.at,
						),
					]
				: []),
		];
	},
	affects: (_see, {client}) => [client.service],
	key: ({client}) => client.id,
	on: ({client}) => client.service,
	fixes: [],
	noFix: say(
		'Write the same password into all of redis’ `--requirepass`, `REDIS_PASSWORD` and every URL such as `CELERY_BROKER_URL` (they often all come from `.env`), then run `docker compose up -d`: that starts redis and its clients anew with it. Data in redis stays, as redis saves it before it stops.',
		'让 redis 的 `--requirepass`、`REDIS_PASSWORD` 和 `CELERY_BROKER_URL` 之类的 URL 使用同一个密码（它们通常都来自 `.env`），然后执行 `docker compose up -d`：redis 及其客户端会用新值重新启动。redis 停止前会保存数据，数据不会丢失。',
	),
	examples: [
		() =>
			sampleFacts({
				redis: {
					state: {
						proofs: [
							{
								client: 'api:REDIS_HOST',
								verdict: 'wrong',
								says: 'WRONGPASS invalid username-password pair or user is disabled.',
							},
						],
					},
				},
			}),
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				redis: {
					client: {hasPassword: false},
					state: {
						greeting: 'NOAUTH Authentication required.',
						proofs: [{client: 'api:REDIS_HOST', verdict: 'none', says: 'NOAUTH Authentication required.'}],
					},
				},
			}),
		() =>
			sampleFacts({
				logs: {
					api: [
						{
							text: 'redis.exceptions.AuthenticationError: AUTH <password> called without any password configured for the default user.',
						},
					],
				},
				redis: {
					state: {
						proofs: [
							{
								client: 'api:REDIS_HOST',
								verdict: 'needless',
								says: 'ERR AUTH <password> called without any password configured for the default user.',
							},
						],
					},
				},
			}),
	],
});
