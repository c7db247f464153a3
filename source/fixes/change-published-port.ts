import {fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {type PortItem, portItems, withHostPort} from '../core/published-port.ts';
import {list, say} from '../core/say.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {portHolders} from '../probes/port-holders.ts';
import {portRoom} from '../probes/port-room.ts';
import {composeFlags, type Edits, type NoPlace, setEnv} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {envPlace} from './parts/places.ts';
import {allOf, editsIn, filledIn, type Layer, layersOf, referenceIn, servesOthers} from './parts/service-place.ts';
import {serviceMeant, servicePlan} from './parts/service-plan.ts';

/** The item of `ports:` that publishes on a port of the machine, and where it stands. */
export function itemOf(see: See, service: string, port: number): {layer: Layer; item: PortItem} | null {
	for (const layer of layersOf(see, service))
		for (const item of portItems(layer.raw))
			if (item.host !== null && filledIn(see, item.host) === String(port)) return {layer, item};
	return null;
}

/** Where a person would change the port: the variable that it comes from, else the item itself. */
function moved(see: See, service: string, {layer, item}: {layer: Layer; item: PortItem}, to: number): Edits | NoPlace {
	const name = referenceIn(item.host ?? '')?.name;
	if (name !== undefined && !servesOthers(see, name, service, 'ports')) {
		const place = envPlace(see(composeFiles), name);
		if (place.kind === 'nowhere') return {why: place.why};
		if (place.kind === 'env')
			return {
				steps: [setEnv(place.file, name, {value: {text: String(to)}})],
				files: [place.file],
				services: [service],
			};
	}
	return editsIn(see, layer.file, layer.service, [withHostPort(item, String(to))], [service]);
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;

export const changePublishedPort = fix({
	id: 'change-published-port',
	title: say('Publish the service on a free port', '改用空闲端口发布该服务'),
	risk: 'restarts',
	about: say(
		'Writes another host port at the place where the taken one stands (`.env` or `ports:` of the Compose file), with the same address, and makes the container anew. What holds the old port is left alone.',
		'在被占用的端口所写之处（`.env` 或 Compose 文件的 `ports:`）改为另一个主机端口，绑定地址不变，并重建容器。占用旧端口的程序不受影响。',
	),
	limits: say(
		'Bookmarks, proxies in front of this machine and addresses in the application’s own settings still name the old port. On an engine that runs elsewhere, only ports of containers are known to be taken.',
		'书签、本机前面的代理，以及应用自身设置里的地址仍是旧端口。若引擎在另一台机器上，只能知道容器占用的端口。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'port', says: say('The new port of this machine', '本机的新端口'), secret: false}],
	plan(see, finding, settings): PlanAnswer {
		const name = serviceMeant(finding);
		const service = isExternal(see) ? null : serviceNamed(see, name);
		const taken = service ? see(portHolders, name).filter(({holder}) => holder !== null) : [];
		const ports = [...new Set(taken.map(({port}) => port))];
		if (ports.length === 0) return notApplicable(say('No port that it wants is taken.', '它需要的端口都没有被占用。'));
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here, and the port of a container can’t be changed without them.',
					'此处无法读取 Compose 文件，而没有文件就无法更改容器的端口。',
				),
			);
		const given = settings['port'] ?? '';
		if (given !== '' && (!isPort(given) || ports.length > 1))
			return {
				kind: 'asks',
				settings: [...changePublishedPort.settings],
				why:
					ports.length > 1
						? say(
								`Several ports are taken: ${list(ports.map(String)).en}. Leave \`port\` out, and the next free ones are taken.`,
								`有多个端口被占用：${list(ports.map(String)).zh}。请不要指定 \`port\`，程序会选用后面的空闲端口。`,
							)
						: say(`\`${given}\` is no port.`, `\`${given}\` 不是有效端口。`),
			};
		const changes: {from: number; to: number; edits: Edits | NoPlace}[] = [];
		for (const from of ports) {
			const to = given === '' ? see(portRoom, String(from)).next : Number(given);
			if (to === null)
				return notApplicable(say(`No free port was found near ${from}.`, `在 ${from} 附近没有找到空闲端口。`));
			if (given !== '' && !see(portRoom, given).free)
				return notApplicable(say(`Port ${given} is taken as well.`, `端口 ${given} 也已被占用。`));
			const place = itemOf(see, name, from);
			if (!place)
				return notApplicable(
					say(
						`No single item of \`ports:\` of ${name} says ${from}: it may be part of a range. Change it by hand.`,
						`${name} 的 \`ports:\` 中没有单独写着 ${from} 的条目：它可能属于一个端口范围。请手动修改。`,
					),
				);
			changes.push({from, to, edits: moved(see, name, place, to)});
		}
		const edits = allOf(
			see,
			changes.map(change => change.edits),
		);
		if ('why' in edits) return notApplicable(edits.why);
		const told = changes.map(({from, to}) => `${from} → ${to}`);
		return servicePlan(see, finding, {
			fix: 'change-published-port',
			edits,
			route: say(
				`${list(told).en}. Whoever opened the old address now has to type the new port, as in \`http://<this machine>:${changes[0]?.to ?? ''}\`.`,
				`${list(told).zh}。以后访问时需要使用新端口，例如 \`http://<this machine>:${changes[0]?.to ?? ''}\`。`,
			),
		});
	},
	verify(finding, plan) {
		const taken = finding.hands.map(hand => Number(hand['port'] ?? 0));
		return plan.restarts.map(name => ({
			says: say(
				`${name} runs, and what it publishes is free of other programs`,
				`${name} 正在运行，其发布的端口没有被其他程序占用`,
			),
			passes: see => {
				const ports = serviceNamed(see, name)?.ports ?? [];
				return runs(see, name) && ports.length > 0 && !ports.some(({hostPort}) => taken.includes(hostPort));
			},
		}));
	},
});
