import {confirmName, type DataPlace, placeOf} from '../core/data-place.ts';
import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {newMount} from '../core/new-place.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {type DataDirectory, dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {imageOfData} from '../probes/image-of-data.ts';
import {clients, databases, isExternal, serviceNamed} from '../probes/looks.ts';
import {composeFlags} from './parts/configure.ts';
import {databaseMeant, unique} from './parts/hands.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

const refuse = (en: string, zh: string): {kind: 'not-applicable'; why: Text} => ({
	kind: 'not-applicable',
	why: say(en, zh),
});

/** The data of before: where PGDATA points, or, with the layout of before, where an image of 18 and later does not look. */
function oldData(see: See, database: string): {data: DataDirectory; major: string} | null {
	const data = see(dataDirectory, database);
	if (data.majorVersion !== null) return {data, major: data.majorVersion};
	const [near, ...more] = data.databasesNearby;
	if (!near?.majorVersion || more.length > 0) return null;
	const mount = serviceNamed(see, database)
		?.mounts.filter(({type}) => type !== 'tmpfs')
		.find(({destination}) => destination === near.path);
	if (!mount) return null;
	const kind = mount.type === 'bind' ? 'bind' : 'external-volume';
	const source = mount.type === 'volume' ? mount.name : mount.source;
	return {data: {...data, path: near.path, kind, source, mountedAt: mount.destination}, major: near.majorVersion};
}

/** Images whose server runs as somebody else than its own `postgres`: initdb needs a name for its user. */
const ownUser = (user: string): boolean => ['', '0', '0:0', 'root', 'postgres', 'postgres:postgres'].includes(user);

const methods = (place: DataPlace): Text =>
	place.kind === 'volume' ? say('a new volume', '新卷') : say('a new folder', '新文件夹');

export const upgradeMajor = fix({
	id: 'upgrade-major',
	title: say(
		'Upgrade the data to the new major version, beside the old data',
		'把数据升级到新的主版本，旧数据原样保留',
	),
	risk: 'changes-data',
	about: say(
		'Starts the old server on a copy of the data and the new one on an empty directory, moves every role, database and row from the one to the other, counts all tables on both sides, and points the Compose file to the new data. The old data is only read.',
		'在数据副本上启动旧版服务器，在空目录上启动新版服务器，把所有角色、数据库和数据从旧服务器传到新服务器，核对两边的每一张表，再让 Compose 文件指向新数据。旧数据只读不写。',
	),
	limits: say(
		'What is written between the upgrade and an undo stays in the new data only. Replication slots and servers that follow this one have to be set up anew; tablespaces outside of the data directory are refused.',
		'升级之后、撤销之前写入的内容只存在于新数据中。复制槽和跟随本服务器的备库需要重新设置；不支持数据目录之外的表空间。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'image',
			says: say(
				'An image of the old version that is on this machine, where it is not found by its usual name',
				'本机上的旧版本镜像（按常用名称找不到时指定）',
			),
			secret: false,
		},
	],
	plan(see, finding, settings) {
		if (isExternal(see)) return refuse('An external server is not ours to upgrade.', '外部服务器不归本程序升级。');
		const database = databaseMeant(finding);
		const service = serviceNamed(see, database);
		if (!service || service.status === 'missing')
			return refuse(`\`${database}\` has no container.`, `\`${database}\` 没有容器。`);
		const old = oldData(see, database);
		const {imageMajor, path, sharedWith} = see(dataDirectory, database);
		if (!old || imageMajor === null)
			return refuse(
				'It can’t be told which version made the data, and which one the image has.',
				'无法判断数据由哪个版本创建、镜像又是哪个版本。',
			);
		const from = old.major;
		if (!(Number(from) < Number(imageMajor)))
			return refuse(
				`The image has PostgreSQL ${imageMajor}, the data ${from}: there is no way back to an older version but the old image.`,
				`镜像是 PostgreSQL ${imageMajor}，数据是 ${from}：不能降级，只能换回原来的镜像。`,
			);
		const place = placeOf(old.data);
		const mount = place && newMount(place, path);
		if (!place || !mount)
			return refuse(
				'The data does not lie on a mount that can be pointed elsewhere.',
				'数据所在的位置不是可以改指的挂载。',
			);
		// Compose hands a volume at a place that the image declares on to the next container, so that an undo would not lead back.
		if (mount.destination !== place.mountedAt)
			return refuse(
				`The image looks in \`${path}\` and the mount is at \`${place.mountedAt}\`. Set \`PGDATA: ${place.path}\` under \`environment:\`, recreate ${database} and run the diagnosis again: the server then refuses the old data, and this fix applies.`,
				`镜像在 \`${path}\` 找数据，而挂载在 \`${place.mountedAt}\`。请在 \`environment:\` 下设置 \`PGDATA: ${place.path}\`，重建 ${database} 并重新诊断：服务器会拒绝旧数据，届时即可使用本修复。`,
			);
		if (sharedWith.length > 0)
			return refuse(
				`The same data is mounted by ${sharedWith.join(', ')}; stop those first.`,
				`同一份数据还被 ${sharedWith.join('、')} 挂载；请先停止它们。`,
			);
		if (!ownUser(service.user))
			return refuse(
				`${database} runs as user \`${service.user}\`; new data can only be made for the image’s own user.`,
				`${database} 以用户 \`${service.user}\` 运行；只能为镜像自带的用户新建数据。`,
			);
		const flags = composeFlags(see);
		const {composeFiles: files} = see(composeFiles);
		if (flags === null || files.length === 0)
			return refuse(
				'The Compose files can’t be read here, and the upgrade has to change the mount in them.',
				'此处无法读取 Compose 文件，而升级需要修改其中的挂载。',
			);
		const {candidates, present} = see(imageOfData, database);
		const image = settings['image'] || present;
		if (!image)
			return refuse(
				candidates[0]
					? `No image of PostgreSQL ${from} is on this machine. Get it with \`docker pull ${candidates[0]}\` and try again.`
					: `No image of PostgreSQL ${from} is known for \`${service.image}\`. Name one that is on this machine: \`--set image=…\`.`,
				candidates[0]
					? `本机没有 PostgreSQL ${from} 的镜像。请执行 \`docker pull ${candidates[0]}\` 后重试。`
					: `不知道与 \`${service.image}\` 对应的 PostgreSQL ${from} 镜像。请指定本机上的一个：\`--set image=…\`。`,
			);
		const users = unique([
			...clients(see).flatMap(one => (one.database === database ? [one.credential.service] : [])),
			...finding.affects,
		]).filter(name => name !== '' && !databases(see).includes(name) && serviceNamed(see, name) !== null);
		const newPlace = {beside: place.source, kind: place.kind, mark: `pg${imageMajor}`, ...mount};
		const name = confirmName(old.data, see(deploymentState).workingDirectory);
		const what = methods(place);
		const all = list([database, ...users]);
		return {
			kind: 'plan',
			fix: 'upgrade-major',
			route: say(
				`Way: PostgreSQL ${from} out of \`${image}\` reads a copy, ${imageMajor} out of \`${service.image}\` writes ${what.en}.`,
				`路径：由 \`${image}\` 中的 PostgreSQL ${from} 读取副本，由 \`${service.image}\` 中的 ${imageMajor} 写入${what.zh}。`,
			),
			steps: [
				...saveEvidence([database, ...users]),
				{step: 'check-upgrade', input: {service: database, place, newPlace, from, to: imageMajor, image, files}},
				{step: 'stop-service', input: {services: [database, ...users]}},
				{step: 'move-to-major', input: {service: database, place, newPlace, from, to: imageMajor, image}},
				{
					step: 'remount-data',
					input: {service: database, files, at: place.mountedAt, place: newPlace, flags},
				},
				{step: 'start-database', input: {service: database}},
				...returnServices(users),
			],
			afterUndo: returnServices(users),
			loses: say(
				`Nothing: the old data stays in \`${name}\` as it is, and an undo goes back to it. ${all.en} are stopped meanwhile.`,
				`不丢失任何内容：旧数据原样保留在 \`${name}\`，撤销时会换回。期间 ${all.zh} 会停止。`,
			),
			restarts: [database, ...users],
			takes: say(
				'as long as copying the data and a dump and restore of it take: a minute for each one or two gigabytes',
				'约为复制数据再导出、导入一遍所需的时间：每一到两 GB 约一分钟',
			),
			undo: say(
				`The Compose file and the container go back to the old data. The new data is kept once a server has worked on it.`,
				`Compose 文件和容器换回旧数据。新数据若已有服务器使用过，会予以保留。`,
			),
			confirm: {
				name,
				says: say(
					`Type the ${place.kind === 'bind' ? 'folder' : 'volume'} name of the old data to go on: ${name}`,
					`输入旧数据的${place.kind === 'bind' ? '文件夹' : '卷'}名称以继续：${name}`,
				),
			},
			assumes: assume(see, {services: [database], files}),
		};
	},
	verify(finding) {
		const database = databaseMeant(finding);
		return [
			{
				says: say('The new server accepts connections over TCP', '新服务器接受 TCP 连接'),
				passes: see => see(databaseReadiness, database).state === 'accepting',
			},
			{
				says: say('Its data was made by its own major version', '其数据由自身的主版本创建'),
				passes: see => {
					const {majorVersion, imageMajor} = see(dataDirectory, database);
					return majorVersion !== null && majorVersion === imageMajor;
				},
			},
			{
				says: say('Every client is let in with its password', '每个客户端都能用自己的密码登录'),
				passes: see =>
					clients(see)
						.filter(one => one.database === database)
						.every(({credential}) => passwordAccepted(see(clientLogin, credential.id))),
			},
		];
	},
});
