import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {pointToService} from '../fixes/point-to-service.ts';
import {clientLogin} from '../probes/client-login.ts';
import {type ClientScope, databases, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const hostNotResolvable = diagnosis<ClientScope>({
	id: 'host-not-resolvable',
	severity: 'failure',
	name: say('The host name of the database does not exist', '数据库的主机名不存在'),
	title: ({credential}) =>
		say(
			`${credential.service} looks for a host \`${credential.host}\` that does not exist`,
			`${credential.service} 查找的主机 \`${credential.host}\` 不存在`,
		),
	about: say(
		'On a Compose network only service names, container names and aliases are known. The configured host is none of them: a typing error, a renamed service, or a service whose profile is not active.',
		'Compose 网络只认服务名、容器名和别名。所配置的主机不在其中：可能是拼写错误、服务改了名，或服务的 profile 没有启用。',
	),
	beware: say(
		'Do not write a container’s IP address instead: it changes with the next start.',
		'不要改写成容器的 IP 地址：下次启动它就变了。',
	),
	lookAlikes: [
		{
			id: 'network-detached',
			tell: say(
				'There a running container carries the name, on a network that the client is not on; here no container, service or alias is called so.',
				'那种情况下有运行中的容器叫这个名字，但在客户端不在的网络上；这里没有任何容器、服务或别名叫这个名字。',
			),
		},
		{
			id: 'connection-refused',
			tell: say(
				'There the name leads to an address and the port refuses (`Connection refused`); here the name itself leads nowhere (`could not translate host name`, `ENOTFOUND`).',
				'那种情况下名字能解析到地址，是端口拒绝连接（`Connection refused`）；这里名字本身就解析不了（`could not translate host name`、`ENOTFOUND`）。',
			),
		},
		{
			id: 'env-value-mangled',
			tell: say(
				'When the unknown name ends in `@` and the real host, the URL was cut inside the password: percent-encode the password instead of changing the host.',
				'如果找不到的名字以 `@` 加真正的主机名结尾，说明 URL 在密码中间被截断：应对密码做百分号编码，而不是改主机名。',
			),
		},
	],
	certainty: 'certain',
	because(see, {credential}) {
		const login = see(clientLogin, credential.id);
		return [
			points(
				say(
					`No container on the networks of ${credential.service} is called \`${credential.host}\``,
					`${credential.service} 所在的网络里没有叫 \`${credential.host}\` 的容器`,
				),
				'deployment-state',
			),
			...(login.outcome === 'no-host'
				? [
						points(
							say(`A login from its network failed: ${login.message}`, `从它的网络登录失败：${login.message}`),
							'client-login',
						),
					]
				: []),
			points(
				say(
					`The database services here are: ${list(databases(see)).en}`,
					`这里的数据库服务有：${list(databases(see)).zh}`,
				),
				'deployment-state',
			),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({credential}) => credential.host,
	hands: (see, scope) => ({...handOver(scope), candidates: databases(see)}),
	fixes: [pointToService],
	examples: [
		() =>
			sampleFacts({
				credentials: {api: {host: 'database', leadsTo: {kind: 'unknown-name'}}},
				logins: {api: {outcome: 'no-host', message: 'could not translate host name "database" to address'}},
			}),
	],
});
