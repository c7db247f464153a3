import type {ServiceState} from '../core/deployment.ts';
import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databases, isExternal, serviceNamed} from '../probes/looks.ts';
import {composeFlags} from './parts/configure.ts';
import {handsOf, unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

export const connectNetwork = fix({
	id: 'connect-network',
	title: say('Put the service back on its network', '把服务接回它的网络'),
	risk: 'restarts',
	about: say(
		'Connects the container to the network that the database is on, with the name that others know it by; or recreates it when the Compose files already say so.',
		'把容器接回数据库所在的网络，并带上其他服务所认的名字；若 Compose 文件本就如此定义，则重建容器。',
	),
	limits: say(
		'A connection that the Compose files do not describe is lost at the next `docker compose up`.',
		'Compose 文件中没有写明的网络连接会在下次 `docker compose up` 时丢失。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding) {
		const [hand] = handsOf(finding);
		const database = hand?.database ?? '';
		const server = isExternal(see) ? null : serviceNamed(see, database);
		const clients = unique(handsOf(finding).map(({service}) => service)).flatMap(name => serviceNamed(see, name) ?? []);
		const [first] = clients;
		if (!server || !first)
			return notApplicable(say('There are no two containers to bring together.', '没有需要接到一起的两个容器。'));
		const shared = (one: ServiceState, other: ServiceState): boolean =>
			one.networks.some(({id}) => other.networks.some(network => network.id === id));
		const apart = clients.filter(client => !shared(client, server));
		if (apart.length === 0) return notApplicable(say('They share a network by now.', '它们现在已在同一个网络中。'));
		// Many clients without the server: the server has lost its network. One client apart from the others: that client has.
		const lost = apart.length === 1 && server.networks.length > 0 ? first : server;
		const anchor = lost === server ? apart.find(({networks}) => networks.length > 0) : server;
		const network = anchor?.networks[0]?.name;
		if (!network)
			return notApplicable(
				say(
					'Neither of them is on a network; recreate them with `fix recreate-service`.',
					'它们都不在任何网络中；请用 `fix recreate-service` 重建。',
				),
			);
		const services = unique(apart.map(({service}) => service));
		const defined = composeFlags(see) !== null && network.startsWith(`${lost.project}_`);
		const back = services.filter(name => !databases(see).includes(name));
		return {
			kind: 'plan',
			fix: 'connect-network',
			route: defined
				? say(
						'The network belongs to this Compose project: the next `docker compose up` keeps the connection. Nothing has to be recreated.',
						'该网络属于此 Compose 项目：下次 `docker compose up` 会保留连接。无需重建任何容器。',
					)
				: say(
						'The Compose files do not name this network for the service: the next `docker compose up` cuts the connection again.',
						'Compose 文件没有为该服务声明此网络：下次 `docker compose up` 会再次断开。',
					),
			steps: [
				...saveEvidence([lost.service, ...back]),
				{step: 'connect-network', input: {service: lost.service, network, aliases: [lost.service]}},
				...returnServices(back),
			],
			afterUndo: returnServices(back),
			loses: say('Nothing.', '不丢失任何东西。'),
			restarts: back,
			takes: say('a few seconds', '几秒钟'),
			undo: say('The container is disconnected from the network again.', '再次把容器从该网络断开。'),
			confirm: null,
			assumes: assume(see, {services: [lost.service, ...back]}),
		};
	},
	verify(finding) {
		return handsOf(finding).map(({credential}) => ({
			says: say(`\`${credential}\` reaches the server by its name`, `\`${credential}\` 能通过主机名连到服务器`),
			passes: see => ['ok', 'refused'].includes(see(clientLogin, credential).outcome),
		}));
	},
});
