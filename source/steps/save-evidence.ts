import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {inOrder} from './parts/services.ts';

type Input = {services: string[]};

/** Enough for the last few starts of a container; a log is gone for good once its container is. */
const lines = 5000;

export const saveEvidence = step<Input, Record<string, never>>({
	id: 'save-evidence',
	risk: 'none',
	says: ({services}) =>
		say(`Keep the logs and the state of ${list(services).en}`, `保存 ${list(services).zh} 的日志与状态`),
	like: ({services}) => `docker compose logs --timestamps --tail ${lines} ${services.join(' ')}; docker inspect …`,
	before: async () => ({}),
	async apply({services}, _before, world, report) {
		for (const {service, id, ...state} of await inOrder(world, services)) {
			report(say(`Keeping the log of ${service}`, `正在保存 ${service} 的日志`));
			const log = await world.docker.logs(id, {tail: lines, signal: world.signal}).catch(() => []);
			const text = log.map(line => `${line.at} ${line.stream} ${line.text}\n`).join('');
			await world.keep.put(`evidence-${service}.log`, Buffer.from(world.redact(text)));
			await world.keep.put(
				`evidence-${service}.json`,
				Buffer.from(world.redact(JSON.stringify({service, id, ...state}, null, '\t'))),
			);
		}
	},
	undo: say('Evidence is kept.', '证据会保留。'),
});
