import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {connectNetwork} from '../fixes/connect-network.ts';
import {recreateService} from '../fixes/recreate-service.ts';
import {type ClientScope, handOver, serviceNamed} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const networkDetached = diagnosis<ClientScope>({
	id: 'network-detached',
	severity: 'failure',
	name: say('Client and database share no network', '客户端与数据库不在同一个网络'),
	title: ({credential, database}) =>
		say(
			`${credential.service} and ${database} share no network`,
			`${credential.service} 与 ${database} 不在同一个网络`,
		),
	about: say(
		'The service that the client looks for exists and runs, and the two containers are on different networks, so the name is unknown to the client. Somebody disconnected a container, or the Compose file gives them different networks.',
		'客户端要找的服务存在且在运行，但两个容器不在同一个网络，客户端因此不认识这个名字。可能有人断开了容器的网络，或 Compose 文件给了它们不同的网络。',
	),
	beware: say(
		'Do not use `network_mode: host` to get around it: it gives up the separation for good.',
		'不要用 `network_mode: host` 绕过去：那会永久失去隔离。',
	),
	lookAlikes: [
		{
			id: 'host-not-resolvable',
			tell: say(
				'There no container has that name, on any network; here `docker inspect` shows the name on a network that the client is not on.',
				'那种情况下任何网络上都没有容器叫这个名字；这里 `docker inspect` 显示这个名字存在于客户端不在的网络上。',
			),
		},
		{
			id: 'connection-refused',
			tell: say(
				'There both containers are on one network and the port refuses; here `docker inspect` lists no network that both have.',
				'那种情况下两个容器在同一个网络，是端口拒绝连接；这里 `docker inspect` 显示两者没有共同的网络。',
			),
		},
	],
	certainty: 'certain',
	because(see, {credential, database}) {
		const names = (service: string) => serviceNamed(see, service)?.networks.map(({name}) => name) ?? [];
		const show = (service: string) => {
			const all = names(service);
			return points(
				all.length > 0
					? say(`${service} is on: ${list(all).en}`, `${service} 所在网络：${list(all).zh}`)
					: say(`${service} is on no network`, `${service} 不在任何网络上`),
				'deployment-state',
			);
		};
		return [show(credential.service), show(database)];
	},
	affects: (_see, {credential}) => [credential.service],
	// Whoever lost the network is the patient: one detached server is one diagnosis for all of its clients.
	key: ({database}) => database,
	hands: (see, scope) => ({
		...handOver(scope),
		candidates: [scope.database],
		network: serviceNamed(see, scope.credential.service)?.networks[0]?.name ?? null,
	}),
	on: ({database}) => database,
	fixes: [connectNetwork, recreateService],
	examples: [
		() =>
			sampleFacts({
				services: {db: {networks: []}},
				credentials: {api: {leadsTo: {kind: 'other-network', service: 'db'}}},
			}),
	],
});
