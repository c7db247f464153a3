import {fix, type PlanAnswer} from '../core/fix.ts';
import {moreMemoryMounts, writableMount} from '../core/mount-item.ts';
import {list, say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {composeFlags} from './parts/configure.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {editsIn, filledIn, layersOf} from './parts/service-place.ts';
import {servicePlan} from './parts/service-plan.ts';

/** Where a server of the official image writes beside its data: its socket, and what programs put into `/tmp`. */
const scratch = ['/var/run/postgresql', '/tmp'];

export const allowWriting = fix({
	id: 'allow-writing',
	title: say('Let the database write where it has to', '允许数据库写入必须写入的位置'),
	risk: 'restarts',
	about: say(
		'Takes `:ro` (or `read_only: true`) off the mount of the data in the Compose file, or gives a read-only container memory for its socket (`tmpfs`), and makes the container anew.',
		'在 Compose 文件中去掉数据挂载的 `:ro`（或 `read_only: true`），或为只读容器提供存放套接字的内存文件系统（`tmpfs`），并重建容器。',
	),
	limits: say(
		'A disk that the machine itself made read-only after an error is not helped by that: check it first.',
		'若磁盘因出错被主机自身改为只读，此法无济于事：请先检查磁盘。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding): PlanAnswer {
		const name = handsOf(finding)[0]?.database ?? '';
		const service = isExternal(see) ? null : serviceNamed(see, name);
		const where = finding.hands[0]?.['where'] as {kind: string; destination?: string} | undefined;
		if (!service || service.status === 'missing' || !where)
			return notApplicable(say('There is no container to change.', '没有可以修改的容器。'));
		if (where.kind === 'host')
			return notApplicable(
				say(
					'The configuration lets it write: the file system of the machine itself is read-only. Read `dmesg`, copy the data away while it can still be read, and check the disk.',
					'配置允许写入：是主机自身的文件系统只读。请查看 `dmesg`，趁数据还能读取时复制出来，并检查磁盘。',
				),
			);
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here, and the mounts of a container can’t be changed without them.',
					'此处无法读取 Compose 文件，而没有文件就无法更改容器的挂载。',
				),
			);
		const {sharedWith, otherServers} = see(dataDirectory, name);
		const others = [...new Set([...sharedWith, ...otherServers.map(({name: other}) => other)])];
		if (where.kind === 'mount' && others.length > 0)
			return notApplicable(
				say(
					`The data is also mounted by ${list(others).en}, which may be why it is read-only here: two servers that write to it would destroy it.`,
					`数据还被 ${list(others).zh} 挂载，这也许正是此处只读的原因：两个服务器同时写入会毁坏数据。`,
				),
			);
		for (const layer of layersOf(see, name)) {
			const edits =
				where.kind === 'mount'
					? writableMount(layer.raw, where.destination ?? '', text => filledIn(see, text))
					: layer.service === name
						? moreMemoryMounts(layer.raw, scratch)
						: null;
			if (!edits || edits.length === 0) continue;
			const change = editsIn(see, layer.file, layer.service, edits, [name]);
			if ('why' in change) return notApplicable(change.why);
			return servicePlan(see, finding, {fix: 'allow-writing', edits: change, route: null});
		}
		return notApplicable(
			say(
				'The Compose files do not say it in a way that can be changed safely: take `:ro` off the mount, or add `tmpfs`, by hand.',
				'Compose 文件的写法无法安全地自动修改：请手动去掉挂载的 `:ro`，或添加 `tmpfs`。',
			),
		);
	},
	verify(finding) {
		const name = handsOf(finding)[0]?.database ?? '';
		return [
			{
				says: say(`${name} accepts connections over TCP`, `${name} 接受 TCP 连接`),
				passes: see => see(databaseReadiness, name).state === 'accepting',
			},
		];
	},
});
