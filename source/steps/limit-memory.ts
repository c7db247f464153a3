import {say} from '../core/say.ts';
import {size} from '../core/size.ts';
import {step} from '../core/step.ts';
import {containerNow, graceFor, isUp} from './parts/services.ts';

type Input = {
	service: string;
	container: string;
	memory: number /** Memory and swap together; -1 without a limit. */;
	swap: number;
};
type Before = {memory: number; swap: number};

export const limitMemory = step<Input, Before>({
	id: 'limit-memory',
	risk: 'restarts',
	says: ({service, memory}) =>
		say(
			`Give the container of ${service} a memory limit of ${size(memory)}, through the engine`,
			`通过引擎把 ${service} 容器的内存上限设为 ${size(memory)}`,
		),
	like: ({container, memory, swap}) => `docker update --memory ${memory} --memory-swap ${swap} ${container}`,
	async before({service}, world) {
		const {memoryLimit: memory, memorySwap: swap = 0} = await containerNow(world, service);
		return {memory, swap};
	},
	async apply({service, memory, swap}, _before, world) {
		await world.write.docker.limitMemory((await containerNow(world, service)).id, {memory, swap});
	},
	async undo({service}, before, world) {
		const container = await containerNow(world, service);
		if (container.memoryLimit === before.memory) return;
		// The kernel takes no limit below what is in use: the container is stopped for that moment.
		const runs = isUp(container.status);
		if (runs) await world.write.docker.stop(container.id, graceFor({role: 'database', status: container.status}));
		await world.write.docker.limitMemory(container.id, before);
		if (runs) await world.write.docker.start(container.id);
	},
});
