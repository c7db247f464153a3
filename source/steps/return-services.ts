import {setTimeout as sleep} from 'node:timers/promises';
import type {Deployment, ServiceState} from '../core/deployment.ts';
import {dependencyOrder} from '../core/order.ts';
import {list, say} from '../core/say.ts';
import {type Report, step} from '../core/step.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {graceFor, isUp, lookAround} from './parts/services.ts';

type Input = {
	services: string[];
	/** Set at the end of an undo: they shall see the old configuration again, whether or not they can live with it. */
	undoing?: boolean;
};
type Before = {stopped: string[]};

/** Without a health check a service counts as back when it has run this long in one go. */
const steady = 3000;
/** A container that was started again by itself and is younger than this is most likely in a crash loop. */
const loop = 15_000;
const patience = 90_000;
const between = 700;
/** Crashes in a row after which waiting longer is no use: the proof will tell what is wrong. */
const enoughCrashes = 3;

const age = ({startedAt}: ServiceState): number => (startedAt ? Date.now() - Date.parse(startedAt) : 0);

const named = ({services}: Deployment, name: string): ServiceState | undefined =>
	services.find(({service, status}) => service === name && status !== 'missing');

const isBack = (service: ServiceState): boolean =>
	service.status === 'running' && (service.health === null ? age(service) >= steady : service.health === 'healthy');

/** One that works is left alone: its pool has found back, or will. */
const needsRestart = (service: ServiceState): boolean =>
	service.status === 'restarting' ||
	(service.status === 'running' &&
		(service.health === 'unhealthy' || (service.restartCount > 0 && age(service) < loop)));

async function bringUp(world: WriteWorld, service: ServiceState, report: Report): Promise<void> {
	const {docker} = world.write;
	if (!isUp(service.status)) {
		report(say(`Starting ${service.service}`, `正在启动 ${service.service}`));
		await docker.start(service.id);
	} else if (needsRestart(service)) {
		report(say(`Restarting ${service.service}`, `正在重启 ${service.service}`));
		await docker.restart(service.id, graceFor(service));
	}
}

/** Waits until the services work, or until it is plain that they won't: what is wrong then is for the proof to say. */
async function settle(world: WriteWorld, names: readonly string[], report: Report): Promise<void> {
	const end = Date.now() + patience;
	const first = new Map<string, number>();
	while (Date.now() < end) {
		world.signal.throwIfAborted();
		const now = await lookAround(world);
		const open = names.filter(name => {
			const service = named(now, name);
			if (!service || isBack(service)) return false;
			if (!first.has(name)) first.set(name, service.restartCount);
			return (
				service.restartCount - (first.get(name) ?? 0) < enoughCrashes &&
				!(service.status === 'exited' && service.restartPolicy === 'no')
			);
		});
		if (open.length === 0) return;
		report(say(`Waiting for ${list(open).en}`, `等待 ${list(open).zh}`), names.length - open.length, names.length);
		await sleep(between, undefined, {signal: world.signal});
	}
}

/** Upstreams that are made anew have other addresses; nginx asks for them once, when it starts. */
async function restartProxies(
	world: WriteWorld,
	deployment: Deployment,
	services: readonly string[],
	report: Report,
): Promise<void> {
	const behind = deployment.services.filter(
		({role, service, status, dependsOn}) =>
			role === 'proxy' &&
			isUp(status) &&
			!services.includes(service) &&
			(dependsOn.length === 0 || dependsOn.some(name => services.includes(name))),
	);
	for (const proxy of behind) {
		const log = await world.docker
			.logs(proxy.id, {tail: 40, since: proxy.startedAt ?? undefined, signal: world.signal})
			.catch(() => []);
		const last = log.findLast(({text}) => /" [2-5]\d\d |upstream/.test(text))?.text ?? '';
		if (
			proxy.status !== 'restarting' &&
			!/" 50[234] |while connecting to upstream|no live upstreams|upstream timed out/.test(last)
		)
			continue;
		report(say(`Restarting ${proxy.service}, which answered with errors`, `正在重启此前返回错误的 ${proxy.service}`));
		await world.write.docker.restart(proxy.id, graceFor(proxy));
	}
}

export const returnServices = step<Input, Before>({
	id: 'return-services',
	risk: 'restarts',
	says: ({services, undoing}) =>
		undoing
			? say(`Let ${list(services).en} see the old configuration again`, `让 ${list(services).zh} 重新读取旧配置`)
			: say(
					`Wait for ${list(services).en} to work again; restart those that don’t, in dependency order`,
					`等待 ${list(services).zh} 恢复；未恢复的按依赖顺序重启`,
				),
	like: ({services}) => `docker compose restart ${services.join(' ')}`,
	async before({services}, world) {
		const {services: all} = await lookAround(world);
		return {
			stopped: all
				.filter(({service, status}) => services.includes(service) && !isUp(status))
				.map(({service}) => service),
		};
	},
	async apply({services, undoing = false}, _before, world, report) {
		const deployment = await lookAround(world);
		const ordered = dependencyOrder(services, deployment.services);
		if (undoing) {
			const running = ordered.flatMap(name => named(deployment, name) ?? []).filter(({status}) => isUp(status));
			await Promise.all(running.map(service => world.write.docker.restart(service.id, graceFor(service))));
			await sleep(steady);
			return;
		}
		for (const name of ordered) {
			const service = named(await lookAround(world), name);
			if (!service) continue;
			await bringUp(world, service, report);
			const isNeeded = deployment.services.some(
				other => ordered.includes(other.service) && other.dependsOn.includes(name),
			);
			if (isNeeded) await settle(world, [name], report);
		}
		await settle(world, ordered, report);
		await restartProxies(world, deployment, ordered, report);
	},
	async undo(_input, {stopped}, world) {
		const deployment = await lookAround(world);
		for (const name of dependencyOrder(stopped, deployment.services, true)) {
			const service = named(deployment, name);
			if (service && isUp(service.status)) await world.write.docker.stop(service.id, graceFor(service));
		}
	},
});
