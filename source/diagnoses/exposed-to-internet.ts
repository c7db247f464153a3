import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {type ClientScope, handOver, serviceNamed} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const exposedToInternet = diagnosis<ClientScope>({
	id: 'exposed-to-internet',
	severity: 'warning',
	name: say('The database is open to the network with a well-known password', '数据库向网络开放，且使用人尽皆知的密码'),
	title: ({database}) =>
		say(
			`${database} is published on every address with a password that everybody knows`,
			`${database} 向所有地址发布，且使用人尽皆知的密码`,
		),
	about: say(
		'The database port is open on all addresses of this machine (Docker’s rules go around most firewalls), and the stored password is a default that is printed in public documentation. Scanners find such servers within hours and wipe them for ransom.',
		'数据库端口对本机所有地址开放（Docker 的规则会绕过多数防火墙），而保存的密码是公开文档里的默认值。扫描器几小时内就会发现这样的服务器，清空数据并勒索。',
	),
	beware: say(
		'Closing the port alone does not help once somebody was in: look for unknown roles and changed data.',
		'如果已经有人进入过，只关端口没有用：请检查是否有陌生角色和被改动的数据。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'Strangers who guess leave `password authentication failed` in the log too. There a service of the deployment is refused; here all of them log in, and the refused names (`admin`, `root`) are configured nowhere.',
				'陌生人猜密码同样会在日志里留下 `password authentication failed`。那种情况下被拒绝的是部署里的服务；这里它们都能登录，被拒绝的用户名（`admin`、`root`）没有在任何地方配置过。',
			),
		},
	],
	certainty: 'certain',
	because: (see, {database, credential}) => [
		...(serviceNamed(see, database)?.ports ?? []).map(({hostAddress, hostPort}) =>
			points(
				say(
					`Port ${hostPort} is published on ${hostAddress || '0.0.0.0'}`,
					`端口 ${hostPort} 发布在 ${hostAddress || '0.0.0.0'} 上`,
				),
				'deployment-state',
			),
		),
		points(
			say(
				`The password of \`${credential.user}\` is a published default, and it fits`,
				`\`${credential.user}\` 的密码是公开的默认值，并且有效`,
			),
			'password-proof',
		),
	],
	affects: () => [],
	key: ({database}) => database,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [],
	noFix: say(
		'Remove the port from `ports:` of the database (or write `127.0.0.1:` in front of it), choose a new password in `.env`, then run `docker compose up -d` and this program again: it will store the new password in place.',
		'从数据库的 `ports:` 中去掉该端口（或在前面写上 `127.0.0.1:`），在 `.env` 里换一个新密码，执行 `docker compose up -d`，再运行本程序：它会把新密码原地写入数据库。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {db: {ports: [{container: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 5432}]}},
				wellKnown: true,
			}),
	],
});
