import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {pointToService} from '../fixes/point-to-service.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {type ClientScope, catalogOf, databases, handOver, isRunning} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const connectionRefused = diagnosis<ClientScope>({
	id: 'connection-refused',
	severity: 'failure',
	name: say('Nothing listens where a client connects', '客户端连接的地址没有程序在监听'),
	title: ({credential}) =>
		say(
			`Nothing listens where ${credential.service || 'the client'} connects: \`${credential.host}:${credential.port}\``,
			`${credential.service || '客户端'} 连接的 \`${credential.host}:${credential.port}\` 没有程序在监听`,
		),
	about: say(
		'The host name leads to a machine, and nobody listens on that port there: another port, `localhost` (which inside a container is the container itself), or a server that listens on its own loopback address only.',
		'主机名能解析，但那里的端口没有程序监听：端口不对、写成了 `localhost`（在容器里指容器自己），或服务器只监听自己的回环地址。',
	),
	beware: say(
		'Do not publish the database port to the host for this: services of one Compose network reach each other without it.',
		'不要为此把数据库端口发布到主机：同一 Compose 网络内的服务不需要发布端口就能互通。',
	),
	lookAlikes: [
		{
			id: 'starting-up',
			tell: say(
				'There the server has not yet said `ready to accept connections` from its main process, and the refusals end by themselves; here it is ready and they go on.',
				'那种情况下服务器的主进程还没有输出 `ready to accept connections`，拒绝会自行消失；这里服务器已就绪，拒绝仍在继续。',
			),
		},
		{
			id: 'host-not-resolvable',
			tell: say(
				'There the name leads to no address (`could not translate host name`, `ENOTFOUND`); here an address answers `Connection refused`.',
				'那种情况下名字解析不到地址（`could not translate host name`、`ENOTFOUND`）；这里有地址回应 `Connection refused`。',
			),
		},
		{
			id: 'network-detached',
			tell: say(
				'There the name is unknown or the connection times out; a refusal is an answer, so the way to that machine is open.',
				'那种情况下名字无法解析或连接超时；“被拒绝”是一种回应，说明到那台机器的路是通的。',
			),
		},
	],
	certainty: (see, {credential}) => (see(clientLogin, credential.id).outcome === 'no-answer' ? 'certain' : 'likely'),
	because(see, {credential, database}) {
		const login = see(clientLogin, credential.id);
		const catalog = isRunning(see, database) ? catalogOf(see, database) : null;
		const readiness = see(databaseReadiness, database);
		return [
			...('message' in login
				? [
						points(
							say(`A connection by the client’s route: ${login.message}`, `按客户端的路线连接：${login.message}`),
							'client-login',
						),
					]
				: []),
			...(credential.leadsTo.kind === 'loopback'
				? [
						points(
							say(
								`\`${credential.host}\` inside a container is the container itself`,
								`容器里的 \`${credential.host}\` 就是容器自己`,
							),
							'client-credentials',
						),
					]
				: []),
			...(catalog
				? [
						points(
							say(
								`The server listens on \`${catalog.listenAddresses || '(nothing)'}\`, port ${catalog.port}`,
								`服务器监听 \`${catalog.listenAddresses || '（无）'}\`，端口 ${catalog.port}`,
							),
							'database-catalog',
						),
					]
				: readiness.state === 'no-answer' && readiness.listens !== null
					? [
							points(
								say(`The server listens on \`${readiness.listens}\``, `服务器监听 \`${readiness.listens}\``),
								'database-readiness',
							),
						]
					: []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({credential}) => `${credential.host}:${credential.port}`,
	hands: (see, scope) => ({...handOver(scope), candidates: databases(see)}),
	fixes: [pointToService],
	examples: [
		() =>
			sampleFacts({
				credentials: {api: {port: 5433}},
				logins: {
					api: {outcome: 'no-answer', message: 'connection to server at "db", port 5433 failed: Connection refused'},
				},
			}),
	],
});
