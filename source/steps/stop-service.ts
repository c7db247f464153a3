import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {graceFor, inOrder, isUp} from './parts/services.ts';

type Input = {services: string[]};
type Before = {running: string[]};

export const stopService = step<Input, Before>({
	id: 'stop-service',
	risk: 'restarts',
	says: ({services}) => say(`Stop ${list(services).en}`, `停止 ${list(services).zh}`),
	like: ({services}) => `docker compose stop ${services.join(' ')}`,
	async before({services}, world) {
		const found = await inOrder(world, services);
		return {running: found.filter(({status}) => isUp(status)).map(({service}) => service)};
	},
	async apply({services}, _before, world, report) {
		for (const found of await inOrder(world, services, true)) {
			if (!isUp(found.status)) continue;
			report(say(`Stopping ${found.service}`, `正在停止 ${found.service}`));
			await world.write.docker.stop(found.id, graceFor(found));
		}
	},
	async undo(_input, {running}, world) {
		for (const {id, status} of await inOrder(world, running)) if (!isUp(status)) await world.write.docker.start(id);
	},
});
