import {amount} from '../core/amount.ts';
import {mebibyte, readSize, roundedUp, writeSize} from '../core/byte-size.ts';
import {fix} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {fileSpace} from '../probes/file-space.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import {composeFlags} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {changeSetting} from './parts/service-place.ts';
import {serviceMeant, servicePlan} from './parts/service-plan.ts';

/** What a database with parallel queries is commonly given. */
const usual = 256 * mebibyte;
const place = '/dev/shm';

export const setShmSize = fix({
	id: 'set-shm-size',
	title: say('Give the container more shared memory', '为容器增加共享内存'),
	risk: 'restarts',
	about: say(
		'Writes `shm_size` into the Compose file (or the variable in `.env` that it comes from) and makes the container anew. The data is in its volume and stays.',
		'在 Compose 文件（或其引用的 `.env` 变量）中写入 `shm_size`，并重建容器。数据在卷中，保持不变。',
	),
	limits: say(
		'Shared memory counts as memory of the container: it is taken only as queries need it, and within its memory limit.',
		'共享内存计入容器内存：仅在查询需要时占用，且受容器内存上限约束。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'size', says: say('The new size, such as `512m`', '新的大小，例如 `512m`'), secret: false}],
	plan(see, finding, settings) {
		const name = serviceMeant(finding);
		const service = isExternal(see) ? null : serviceNamed(see, name);
		if (!service || service.status === 'missing')
			return notApplicable(say('There is no container to change.', '没有可以修改的容器。'));
		if (/^(?:host|container:|none)/.test(service.ipcMode ?? ''))
			return notApplicable(
				say(
					`${name} uses the shared memory of others (\`ipc: ${service.ipcMode}\`): its own size counts for nothing there.`,
					`${name} 使用的是别处的共享内存（\`ipc: ${service.ipcMode}\`）：它自己的大小设置不起作用。`,
				),
			);
		const mounted =
			service.mounts.some(({destination}) => destination === place) || service.confinement?.tmpfs.includes(place);
		if (mounted)
			return notApplicable(
				say(
					'Something is mounted at `/dev/shm` in the Compose file: its size is what counts. Change it there.',
					'Compose 文件在 `/dev/shm` 处有挂载：起作用的是它的大小。请在那里修改。',
				),
			);
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here, and the shared memory of a container can’t be changed without them.',
					'此处无法读取 Compose 文件，而没有文件就无法更改容器的共享内存。',
				),
			);
		const now = service.shmSize;
		const wanted = Number(finding.hands[0]?.['wanted'] ?? 0);
		const given = settings['size'] ?? '';
		const asked = given === '' ? null : readSize(given);
		if (given !== '' && asked === null)
			return {
				kind: 'asks',
				settings: [...setShmSize.settings],
				why: say(`\`${given}\` is no amount of memory.`, `\`${given}\` 不是有效的内存大小。`),
			};
		// A parallel query asks for several segments, one after the other.
		const size = asked ?? roundedUp(Math.max(usual, 2 * now, now + 4 * wanted));
		if (size <= now) return notApplicable(say(`It has ${amount(now)} already.`, `它已有 ${amount(now)}。`));
		const available = ifKnown(() => see(memoryUse, name))?.machine.available ?? null;
		const most = service.memoryLimit > 0 ? service.memoryLimit / 2 : available;
		if (most !== null && size > most)
			return notApplicable(
				service.memoryLimit > 0
					? say(
							`${amount(size)} of shared memory is more than half of the container’s memory limit of ${amount(service.memoryLimit)}: it would be killed instead. Raise \`mem_limit\` first, or ask for less with \`--set size=\`.`,
							`${amount(size)} 的共享内存超过容器内存上限 ${amount(service.memoryLimit)} 的一半：那样容器会被终止。请先提高 \`mem_limit\`，或用 \`--set size=\` 指定更小的值。`,
						)
					: say(
							`The machine has ${amount(available ?? 0)} left, less than ${amount(size)}. Ask for less with \`--set size=\`.`,
							`主机只剩 ${amount(available ?? 0)}，少于 ${amount(size)}。请用 \`--set size=\` 指定更小的值。`,
						),
			);
		const edits = changeSetting(see, name, ['shm_size'], writeSize(size));
		if ('why' in edits) return notApplicable(edits.why);
		return servicePlan(see, finding, {
			fix: 'set-shm-size',
			edits,
			route: say(
				`From ${amount(now)} to ${amount(size)}; a single segment of a query wanted ${amount(wanted)}.`,
				`从 ${amount(now)} 提高到 ${amount(size)}；查询的单个内存段需要 ${amount(wanted)}。`,
			),
		});
	},
	verify(finding, plan) {
		const wanted = Number(finding.hands[0]?.['wanted'] ?? 0);
		return plan.restarts.map(name => ({
			says: say(
				`${name} runs, and \`/dev/shm\` in it holds more than the query asked for`,
				`${name} 正在运行，其中的 \`/dev/shm\` 大于查询所需`,
			),
			passes: see => {
				const space = see(fileSpace, name).find(one => one.place === 'shared-memory');
				const old = Number(finding.hands[0]?.['now'] ?? 0);
				return runs(see, name) && space !== undefined && space.bytes > Math.max(wanted, old);
			},
		}));
	},
});
