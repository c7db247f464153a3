import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {reloadProxy} from '../fixes/reload-proxy.ts';
import {restartService} from '../fixes/restart-service.ts';
import {holderOf, staleTarget} from '../probes/proxy-looks.ts';
import type {ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

export const nginxStaleUpstream = diagnosis<ServiceScope>({
	id: 'nginx-stale-upstream',
	severity: 'failure',
	name: say('nginx keeps an old address', 'nginx 仍使用旧地址'),
	title: ({subject}) =>
		say(
			`${subject} sends requests to an address that its service has left`,
			`${subject} 把请求发往服务已不再使用的地址`,
		),
	about: say(
		'nginx resolves a plain name in `proxy_pass` or `upstream` once, when it starts. A service that was made anew since then may have got another address, and nginx goes on with the old one until it is reloaded.',
		'nginx 只在启动时解析一次 `proxy_pass` 或 `upstream` 里的普通名称。此后重新创建的服务可能换了地址，而 nginx 在重新加载之前一直使用旧地址。',
	),
	beware: say(
		'Do not give containers fixed addresses for this: the next conflict stops the whole deployment. A `resolver 127.0.0.11 valid=10s;` with the name in a variable lasts.',
		'不要为此给容器固定 IP：下一次地址冲突会让整个部署无法启动。用 `resolver 127.0.0.11 valid=10s;` 并把名称放进变量才是长久之计。',
	),
	lookAlikes: [
		{
			id: 'nginx-upstream-down',
			tell: say(
				'The address after `upstream:` in nginx’ log is the service’s present one (`docker inspect`): then the service itself does not answer.',
				'nginx 日志中 `upstream:` 后的地址就是服务现在的地址（`docker inspect`）：那就是服务自己没有应答。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const stale = staleTarget(see, subject);
		if (!stale) return [];
		const {failure, service, address, now} = stale;
		const holder = holderOf(see, address);
		return [
			points(
				say(
					`${subject} tried ${address}:${failure.port}: ${failure.says}`,
					`${subject} 尝试 ${address}:${failure.port}：${failure.says}`,
				),
				'service-log',
				failure.at,
			),
			points(say(`${service} has the address ${now} now`, `${service} 现在的地址是 ${now}`), 'deployment-state'),
			...(holder
				? [
						points(
							say(`${address} belongs to ${holder.service} today`, `${address} 现在属于 ${holder.service}`),
							'deployment-state',
						),
					]
				: []),
			points(
				say(
					`Its configuration names \`${service}\` without a variable, so the name was resolved at the start only`,
					`它的配置直接写了 \`${service}\` 而没有用变量，所以只在启动时解析过`,
				),
				'proxy-targets',
			),
		];
	},
	affects: (_see, {subject}) => [subject],
	fixes: [reloadProxy, restartService],
	examples: [
		() =>
			sampleFacts({
				services: {
					api: {
						startedAt: '2026-01-02T02:00:00.000Z',
						networks: [{name: 'shop_default', id: 'n1', address: '172.20.0.9', prefix: 16, aliases: ['api']}],
					},
				},
				targets: [{host: 'api', port: 5001, fixed: true}],
				logs: {
					nginx: [
						{
							at: '2026-01-02T03:00:00.000Z',
							text: '2026/01/02 03:00:00 [error] 29#29: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 172.20.0.1, server: , request: "GET / HTTP/1.1", upstream: "http://172.20.0.7:5001/", host: "localhost"',
						},
					],
				},
			}),
	],
});
