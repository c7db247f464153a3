import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {containerOf} from '../world/server-place.ts';
import {awaitReady} from './parts/await-ready.ts';
import {startAlone} from './parts/data-helper.ts';

type Input = {service: string};

const grace = 120;
/** A first start runs initdb and the init scripts of the application. */
const patience = 600_000;

export const startDatabase = step<Input, Record<string, never>>({
	id: 'start-database',
	risk: 'restarts',
	says: ({service}) =>
		say(
			`Start \`${service}\` and wait until it accepts connections over TCP`,
			`启动 \`${service}\`，等待其接受 TCP 连接`,
		),
	like: ({service}) => `docker compose start ${service}`,
	before: async () => ({}),
	async apply({service}, _before, world, report) {
		const container = await containerOf(world, service);
		if (container.status !== 'running' && container.status !== 'restarting') await startAlone(world, container);
		await awaitReady(world, service, patience, report);
	},
	async undo({service}, _before, world) {
		const container = await containerOf(world, service);
		if (container.status === 'running' || container.status === 'restarting')
			await world.write.docker.stop(container.id, grace);
	},
});
