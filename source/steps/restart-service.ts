import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {graceFor, inOrder} from './parts/services.ts';

type Input = {services: string[]};

export const restartService = step<Input, Record<string, never>>({
	id: 'restart-service',
	risk: 'restarts',
	says: ({services}) => say(`Restart ${list(services).en}`, `重启 ${list(services).zh}`),
	like: ({services}) => `docker compose restart ${services.join(' ')}`,
	before: async () => ({}),
	async apply({services}, _before, world, report) {
		for (const found of await inOrder(world, services)) {
			report(say(`Restarting ${found.service}`, `正在重启 ${found.service}`));
			await world.write.docker.restart(found.id, graceFor(found));
		}
	},
	undo: say('A restart changes nothing that could be taken back.', '重启没有可以撤销的更改。'),
});
