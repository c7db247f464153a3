import {fix, type PlanAnswer} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import {networkOf} from '../core/pg-hba-text.ts';
import type {See} from '../core/probe.ts';
import {type PortItem, portItems, withAddress, withoutItem} from '../core/published-port.ts';
import {list, say, type Text} from '../core/say.ts';
import type {Container} from '../core/world.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {serverHealth} from '../probes/server-health.ts';
import {composeFlags, type Edits, type NoPlace, setEnv} from './parts/configure.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {envPlace} from './parts/places.ts';
import {allOf, editsIn, filledIn, type Layer, layersOf, referenceIn, servesOthers} from './parts/service-place.ts';
import {servicePlan} from './parts/service-plan.ts';

const local = '127.0.0.1';

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1' || address === '[::1]';

/** Bindings that anybody but this machine reaches. */
const openOf = (see: See, service: string): Container['ports'] => {
	const {ports = [], wantedPorts = []} = serviceNamed(see, service) ?? {};
	return [...ports, ...wantedPorts].filter(({hostAddress}) => !isLoopback(hostAddress));
};

type Found = {layer: Layer; item: PortItem};

/** Every item of `ports:` that binds to more than the machine itself; the address may come from a variable. */
const itemsOpen = (see: See, service: string): Found[] =>
	layersOf(see, service).flatMap(layer =>
		portItems(layer.raw)
			.filter(({ip}) => ip === null || !isLoopback(filledIn(see, ip)))
			.map(item => ({layer, item})),
	);

/** Whether the parts of an item are what they look like: a variable may hold an address and a port in one. */
const isPlain = (see: See, {item: {ip, host, container}}: Found): boolean =>
	[host ?? '', container].every(part => /^\d*$/.test(filledIn(see, part))) &&
	/^(?:[\d.]*|\[[\da-f:]*\]|::)$/i.test(filledIn(see, ip ?? ''));

function bound(see: See, service: string, {layer, item}: Found): Edits | NoPlace {
	const name = referenceIn(item.ip ?? '')?.name;
	if (name !== undefined && !servesOthers(see, name, service, 'ports')) {
		const place = envPlace(see(composeFiles), name);
		if (place.kind === 'env')
			return {
				steps: [setEnv(place.file, name, {value: {text: local}})],
				files: [place.file],
				services: [service],
			};
	}
	return editsIn(see, layer.file, layer.service, [withAddress(item, local)], [service]);
}

/** Whoever is connected now from an address that no container of this deployment has. */
function cutOff(see: See, database: string): Text {
	const reading = ifKnown(() => see(serverHealth, database));
	if (reading?.kind !== 'read')
		return say(' Who is connected from outside is not known.', '目前有谁从外部连接并不清楚。');
	const networks = serviceNamed(see, database)?.networks ?? [];
	const isOwn = (address: string): boolean =>
		isLoopback(address) || networks.some(one => networkOf(address, one.prefix) === networkOf(one.address, one.prefix));
	const outside = reading.health.holders.filter(({address}) => address && !isOwn(address));
	const told = [...new Set(outside.map(({role, address}) => `${role ?? '?'}@${address ?? '?'}`))];
	return told.length > 0
		? say(
				` Connected from outside now, and cut off by it: ${list(told).en}.`,
				`目前从外部连接、将被断开的有：${list(told).zh}。`,
			)
		: say(' Nobody is connected from another machine now.', '目前没有来自其他机器的连接。');
}

export const closeExposedPort = fix({
	id: 'close-exposed-port',
	title: say('Close the database port to everybody but this machine', '只允许本机访问数据库端口'),
	risk: 'restarts',
	about: say(
		'Binds the published port of the database to `127.0.0.1` in the Compose file (or in the `.env` variable that holds the address), or takes it out, and makes the container anew. Services of the deployment do not use that port: they reach the database over their own network.',
		'在 Compose 文件（或保存该地址的 `.env` 变量）中把数据库发布的端口绑定到 `127.0.0.1`，或去掉该端口，并重建容器。部署内的服务不使用这个端口：它们通过自己的网络访问数据库。',
	),
	limits: say(
		'A closed port does not undo what somebody did while it was open, and a published default password is still one: change it afterwards with `fix change-password`.',
		'关闭端口不能撤销开放期间他人所做的事；公开的默认密码也依然是默认密码：之后请用 `fix change-password` 更换。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'how',
			says: say(
				'Keep the port for this machine (`local`) or publish none (`remove`)',
				'保留给本机使用（`local`）或不再发布（`remove`）',
			),
			secret: false,
			choices: ['local', 'remove'],
		},
	],
	plan(see, finding, settings): PlanAnswer {
		const name = handsOf(finding)[0]?.database ?? '';
		const how = settings['how'] || 'local';
		if (how !== 'local' && how !== 'remove')
			return {
				kind: 'asks',
				settings: [...closeExposedPort.settings],
				why: say(`\`${how}\` is neither \`local\` nor \`remove\`.`, `\`${how}\` 既不是 \`local\` 也不是 \`remove\`。`),
			};
		const service = isExternal(see) ? null : serviceNamed(see, name);
		if (!service || openOf(see, name).length === 0)
			return notApplicable(say('It publishes no port to other machines.', '它没有向其他机器发布端口。'));
		if (finding.hands.some(hand => hand['intruded'] === true))
			return notApplicable(
				say(
					'Somebody has been in: what they left does not go with the port, so this program could not prove the cure and would open it again. Close it yourself now: write `127.0.0.1:` in front of the port under `ports:`, then `docker compose up -d`. Then restore a backup from before.',
					'已经有人进入过：他们留下的东西不会随端口关闭而消失，本程序无法证明已修复，反而会把端口恢复开放。请立即自行关闭：在 `ports:` 的端口前写上 `127.0.0.1:`，再执行 `docker compose up -d`。然后恢复之前的备份。',
				),
			);
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here, and the port of a container can’t be changed without them.',
					'此处无法读取 Compose 文件，而没有文件就无法更改容器的端口。',
				),
			);
		const items = itemsOpen(see, name);
		if (items.length === 0 || !items.every(item => isPlain(see, item)))
			return notApplicable(
				say(
					`The item of \`ports:\` that publishes ${name} can’t be told apart from others. Write \`127.0.0.1:\` in front of it by hand, then \`docker compose up -d ${name}\`.`,
					`无法确定 \`ports:\` 中哪一条发布了 ${name}。请手动在其前面写上 \`127.0.0.1:\`，再执行 \`docker compose up -d ${name}\`。`,
				),
			);
		// From the last to the first: an item that goes moves those behind it.
		const changes = items
			.toReversed()
			.map(found =>
				how === 'local'
					? bound(see, name, found)
					: editsIn(see, found.layer.file, found.layer.service, [withoutItem(found.item)], [name]),
			);
		const edits = allOf(see, changes);
		if ('why' in edits) return notApplicable(edits.why);
		const who = cutOff(see, name);
		return servicePlan(see, finding, {
			fix: 'close-exposed-port',
			edits,
			route:
				how === 'local'
					? say(
							`Programs on this machine still reach it at \`127.0.0.1\`; from elsewhere use a tunnel, \`ssh -L\`.${who.en}`,
							`本机程序仍可通过 \`127.0.0.1\` 访问；从其他机器访问请用隧道 \`ssh -L\`。${who.zh}`,
						)
					: say(
							`Nobody outside of the deployment reaches it any more, this machine included.${who.en}`,
							`部署之外（包括本机）都无法再访问它。${who.zh}`,
						),
			undo: say(
				'The files get their old bytes back and the container is made anew: the port is open to everybody again.',
				'文件恢复为原来的字节并重建容器：端口再次对所有人开放。',
			),
		});
	},
	verify(_finding, plan) {
		return plan.restarts.map(name => ({
			says: say(
				`${name} runs, and none of its ports is published to other machines`,
				`${name} 正在运行，没有任何端口向其他机器发布`,
			),
			passes: see => runs(see, name) && openOf(see, name).length === 0,
		}));
	},
});
