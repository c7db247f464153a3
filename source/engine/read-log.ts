import {say} from '../core/say.ts';
import type {ReadLog} from '../core/session.ts';
import {Trouble} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';
import {presentContainers} from '../probes/present-container.ts';

/** As many lines as a person scrolls through; whoever needs more takes `docker compose logs`. */
const most = 5000;

/**
 * The log of one service as it stands now, over all of its starts, redacted and cleaned.
 * @param service null for the first that there is
 * @throws Trouble when the service has no container or its log can't be read
 */
export async function readLog(world: ReadWorld, service: string | null, signal: AbortSignal): Promise<ReadLog> {
	const containers = await presentContainers(world);
	const services = containers.map(container => container.service);
	const found = service === null ? containers[0] : containers.find(container => container.service === service);
	if (!found)
		throw new Trouble(
			'no-container',
			service === null
				? say('There is no container whose log could be read.', '没有可以读取日志的容器。')
				: say(`${service} has no container, so there is no log of it.`, `${service} 没有容器，因此没有日志。`),
		);
	const lines = await world.docker.logs(found.id, {tail: most, signal}).catch((error: unknown) => {
		if (error instanceof Trouble) throw error;
		const reason = world.redact(error instanceof Error ? error.message : String(error));
		throw new Trouble('log-unreadable', say(`The log can’t be read: ${reason}`, `无法读取日志：${reason}`), {
			cause: error,
		});
	});
	return {service: found.service, services, lines, cut: lines.length >= most};
}
