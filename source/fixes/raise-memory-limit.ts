import {amount} from '../core/amount.ts';
import {mebibyte, readSize, roundedDown, roundedUp, writeSize} from '../core/byte-size.ts';
import {fix} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {isExternal, serviceNamed, services} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import {composeFlags} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {allOf, changeSetting, filledIn, settingOf} from './parts/service-place.ts';
import {serviceMeant, servicePlan} from './parts/service-plan.ts';

/** What the machine keeps for itself whatever a service is given, bytes. */
const reserve = (total: number): number => Math.max(128 * mebibyte, total / 20);

/** Less than this more is not worth a restart. */
const leastGain = 1.2;

const shortPath = ['mem_limit'];
const longPath = ['deploy', 'resources', 'limits', 'memory'];

/** Who else wants memory of the same machine, as far as limits tell. */
function neighbours(see: See, service: string): Text {
	const others = services(see).filter(one => one.service !== service && one.status === 'running');
	const limited = others.filter(({memoryLimit}) => memoryLimit > 0);
	const free = others.filter(({memoryLimit}) => memoryLimit === 0).map(one => one.service);
	const sum = limited.reduce((bytes, {memoryLimit}) => bytes + memoryLimit, 0);
	const told = limited.map(({service: name, memoryLimit}) => `${name} (${amount(memoryLimit)})`);
	return say(
		[
			limited.length > 0 ? ` Others may take ${amount(sum)} of it: ${list(told).en}.` : '',
			free.length > 0 ? ` Without a limit of their own: ${list(free).en}.` : '',
		].join(''),
		[
			limited.length > 0 ? `其他服务最多可占用 ${amount(sum)}：${list(told).zh}。` : '',
			free.length > 0 ? `没有单独上限的服务：${list(free).zh}。` : '',
		].join(''),
	);
}

export const raiseMemoryLimit = fix({
	id: 'raise-memory-limit',
	title: say('Raise the memory limit of the service', '调高该服务的内存上限'),
	risk: 'restarts',
	about: say(
		'Writes a higher limit at the place where the present one stands (`mem_limit`, `deploy.resources.limits.memory`, or the variable in `.env` that it comes from) and makes the container anew.',
		'在当前上限所在之处（`mem_limit`、`deploy.resources.limits.memory`，或它所引用的 `.env` 变量）写入更高的上限，并重建容器。',
	),
	limits: say(
		'A query or program that takes whatever it can get reaches the new limit as well: see what it does, or let it take less.',
		'如果某个查询或程序有多少用多少，新的上限同样会被用完：请查明原因，或降低它的用量。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'limit', says: say('The new limit, such as `2g`', '新的上限，例如 `2g`'), secret: false}],
	plan(see, finding, settings) {
		const name = serviceMeant(finding);
		const service = isExternal(see) ? null : serviceNamed(see, name);
		if (!service || service.status === 'missing')
			return notApplicable(say('There is no container to give more memory to.', '没有可以调高内存上限的容器。'));
		const now = service.memoryLimit;
		if (now === 0)
			return notApplicable(
				say(
					`${name} has no memory limit of its own: it is the machine that has too little.`,
					`${name} 没有单独的内存上限：是主机内存不足。`,
				),
			);
		const {machine, containerUse, containerPeak} = see(memoryUse, name);
		const room = Math.max(0, machine.available + (containerUse ?? 0) - reserve(machine.total));
		const given = settings['limit'];
		const asked = given === undefined || given === '' ? null : readSize(given);
		if (given && asked === null)
			return {
				kind: 'asks',
				settings: [...raiseMemoryLimit.settings],
				why: say(`\`${given}\` is no amount of memory.`, `\`${given}\` 不是有效的内存大小。`),
			};
		if (asked !== null && asked <= now)
			return notApplicable(
				say(
					`The limit is ${amount(now)} now; \`${given}\` would not raise it.`,
					`当前上限已是 ${amount(now)}；\`${given}\` 不会使它变高。`,
				),
			);
		const wanted = asked ?? roundedUp(Math.max(2 * now, 1.5 * (containerPeak ?? 0)));
		const limit = asked ?? Math.min(wanted, roundedDown(room));
		if (limit > room || (asked === null && limit < leastGain * now))
			return notApplicable(
				say(
					`The machine can give ${name} at most ${amount(room)}: ${amount(machine.available)} of ${amount(machine.total)} are left. Let something take less, or add memory to the machine.${neighbours(see, name).en}`,
					`主机最多能给 ${name} ${amount(room)}：总共 ${amount(machine.total)}，剩余 ${amount(machine.available)}。请降低其他程序的用量，或为主机增加内存。${neighbours(see, name).zh}`,
				),
			);
		const more = say(
			`From ${amount(now)} to ${amount(limit)}; the machine has ${amount(machine.available)} of ${amount(machine.total)} left.${neighbours(see, name).en}`,
			`从 ${amount(now)} 提高到 ${amount(limit)}；主机总共 ${amount(machine.total)}，剩余 ${amount(machine.available)}。${neighbours(see, name).zh}`,
		);
		if (composeFlags(see) === null) {
			const swap = service.memorySwap ?? 0;
			const swapNow = swap > 0 ? limit + Math.max(0, swap - now) : swap === 0 ? 2 * limit : -1;
			const input = {service: name, container: service.name, memory: limit, swap: swapNow};
			return servicePlan(see, finding, {
				fix: 'raise-memory-limit',
				edits: {steps: [], files: [], services: [name]},
				route: say(
					`${more.en} The Compose files can’t be read here: the container is changed in place, and the next \`docker compose up\` brings the old limit back. Write \`mem_limit: ${writeSize(limit)}\` there too.`,
					`${more.zh}此处无法读取 Compose 文件：直接修改现有容器，下次执行 \`docker compose up\` 会恢复旧上限。请在文件中也写上 \`mem_limit: ${writeSize(limit)}\`。`,
				),
				made: [
					{step: 'limit-memory', input},
					{step: 'restart-service', input: {services: [name]}},
				],
				loses: say('Nothing. The service is restarted once.', '不丢失任何东西。服务会重启一次。'),
				undo: say('The container gets its old limit back.', '容器恢复原来的上限。'),
			});
		}
		const paths = [longPath, shortPath].filter(path => settingOf(see, name, path));
		const changes = (paths.length > 0 ? paths : [shortPath]).map(path =>
			changeSetting(see, name, path, writeSize(limit)),
		);
		// Compose refuses less memory with swap than without.
		const swap = settingOf(see, name, ['memswap_limit']);
		const swapBytes = swap ? readSize(filledIn(see, swap.text)) : null;
		if (swapBytes !== null && swapBytes > 0)
			changes.push(changeSetting(see, name, ['memswap_limit'], writeSize(limit + Math.max(0, swapBytes - now))));
		const edits = allOf(see, changes);
		return 'why' in edits
			? notApplicable(edits.why)
			: servicePlan(see, finding, {fix: 'raise-memory-limit', edits, route: more});
	},
	verify(finding, plan) {
		return plan.restarts.map(name => ({
			says: say(
				`${name} runs with a higher limit, and nothing in it was killed since`,
				`${name} 以更高的上限运行，此后没有进程被终止`,
			),
			passes: see => {
				const limit = serviceNamed(see, name)?.memoryLimit ?? 0;
				const old = Number(finding.hands[0]?.['limit'] ?? 0);
				return runs(see, name) && limit > old && (ifKnown(() => see(memoryUse, name))?.containerKills ?? 0) === 0;
			},
		}));
	},
});
