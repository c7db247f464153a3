import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {closeExposedPort} from '../fixes/close-exposed-port.ts';
import {exposureOf} from '../probes/exposure-looks.ts';
import {type ClientScope, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const exposedToInternet = diagnosis<ClientScope>({
	id: 'exposed-to-internet',
	severity: 'warning',
	name: say('The database is open to the internet', '数据库对互联网开放'),
	title: ({database}) =>
		say(
			`Strangers can get into ${database || 'the database'}, or have been there`,
			`陌生人能进入 ${database || '数据库'}，或已经进来过`,
		),
	about: say(
		'The database port is open on all addresses of this machine (Docker’s rules go around most firewalls), and the stored password is a default that is printed in public documentation, or strangers already try roles, or somebody has been in. Scanners find such servers within hours and wipe them for ransom; what they copied is theirs.',
		'数据库端口对本机所有地址开放（Docker 的规则会绕过多数防火墙），而保存的密码是公开文档里的默认值、已有陌生人在试角色，或有人进来过。扫描器几小时内就会发现这样的服务器，清空数据并勒索；被复制走的数据就在他们手里了。',
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
	certainty(see, scope) {
		const {defaultPassword, notes} = exposureOf(see, scope);
		return defaultPassword || notes.length > 0 ? 'certain' : 'likely';
	},
	because(see, scope) {
		const {open, defaultPassword, notes, strangers} = exposureOf(see, scope);
		return [
			...notes.map(({name, source}) =>
				points(
					say(
						`There is a \`${name}\`: that is what those leave who wipe a database and ask for money`,
						`存在 \`${name}\`：这是清空数据库并勒索的人留下的`,
					),
					source,
				),
			),
			...open.map(({hostAddress, hostPort}) =>
				points(
					say(
						`Port ${hostPort} is published on ${hostAddress || '0.0.0.0'}`,
						`端口 ${hostPort} 发布在 ${hostAddress || '0.0.0.0'} 上`,
					),
					'deployment-state',
				),
			),
			...(defaultPassword
				? [
						points(
							say(
								`The password of \`${scope.credential.user}\` is a published default, and it fits`,
								`\`${scope.credential.user}\` 的密码是公开的默认值，并且有效`,
							),
							'password-proof',
						),
					]
				: []),
			...(strangers.length > 0
				? [
						points(
							say(
								`Somebody tried roles that no service here uses: ${list(strangers).en}`,
								`有人尝试了这里没有任何服务使用的角色：${list(strangers).zh}`,
							),
							'service-log',
						),
					]
				: []),
		];
	},
	affects: () => [],
	key: ({database}) => database,
	hands: (see, scope) => ({...handOver(scope), intruded: exposureOf(see, scope).notes.length > 0}),
	on: ({database}) => database || null,
	fixes: [closeExposedPort],
	examples: [
		() =>
			sampleFacts({
				services: {db: {ports: [{container: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 5432}]}},
				wellKnown: true,
			}),
		() =>
			sampleFacts({
				services: {db: {ports: [{container: 5432, protocol: 'tcp', hostAddress: '', hostPort: 5432}]}},
				notes: [{database: 'dify', table: 'public.readme_to_recover'}],
			}),
		() =>
			sampleFacts({
				services: {db: {ports: [{container: 5432, protocol: 'tcp', hostAddress: '::', hostPort: 5432}]}},
				logs: {
					db: ['admin', 'oracle'].map(name => ({
						severity: 'FATAL' as const,
						text: `password authentication failed for user "${name}"`,
						detail: `Role "${name}" does not exist.`,
					})),
				},
			}),
	],
});
