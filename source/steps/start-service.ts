import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {graceFor, inOrder, isUp} from './parts/services.ts';

type Input = {services: string[]};
type Before = {stopped: string[]};

export const startService = step<Input, Before>({
	id: 'start-service',
	risk: 'restarts',
	says: ({services}) => say(`Start ${list(services).en}`, `启动 ${list(services).zh}`),
	like: ({services}) => `docker compose start ${services.join(' ')}`,
	async before({services}, world) {
		const found = await inOrder(world, services);
		return {stopped: found.filter(({status}) => !isUp(status)).map(({service}) => service)};
	},
	async apply({services}, _before, world, report) {
		for (const {id, service, status} of await inOrder(world, services)) {
			if (isUp(status)) continue;
			report(say(`Starting ${service}`, `正在启动 ${service}`));
			await world.write.docker.start(id);
		}
	},
	async undo(_input, {stopped}, world) {
		for (const found of await inOrder(world, stopped, true))
			if (isUp(found.status)) await world.write.docker.stop(found.id, graceFor(found));
	},
});
