import {setTimeout as sleep} from 'node:timers/promises';
import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerNow} from './parts/services.ts';

type Input = {services: string[]};

/** Old workers end when their last request is answered; new ones take every request from the first moment on. */
const settled = 1500;

async function nginx(world: WriteWorld, service: string, words: string[]): Promise<void> {
	const {id} = await containerNow(world, service);
	const {code, stdout, stderr} = await world.write.docker.exec(id, ['nginx', ...words], {signal: world.signal});
	if (code === 0) return;
	const lines = world.redact(`${stdout}\n${stderr}`).split('\n').filter(Boolean).slice(-3);
	throw new Trouble(
		'proxy-refused',
		say(
			`nginx of ${service} does not accept its configuration, so it was not reloaded.`,
			`${service} 的 nginx 不接受其配置，因此没有重新加载。`,
		),
		{
			why: say(
				`\`nginx ${words.join(' ')}\`: ${lines.join(' / ')}`,
				`\`nginx ${words.join(' ')}\`：${lines.join(' / ')}`,
			),
			next: say(
				'Correct what it names. Until then a restart would not even come up again.',
				'请改正它指出的问题。在此之前，重启只会让它起不来。',
			),
		},
	);
}

/** The test comes first: a configuration that does not load is found before anything changes. */
export const reloadProxy = step<Input, Record<string, never>>({
	id: 'reload-proxy',
	risk: 'restarts',
	says: ({services}) =>
		say(
			`Test the configuration of ${list(services).en}, then let it be read again`,
			`检查 ${list(services).zh} 的配置，然后重新加载`,
		),
	like: ({services}) =>
		services
			.map(name => `docker compose exec ${name} nginx -t && docker compose exec ${name} nginx -s reload`)
			.join('\n'),
	async before({services}, world) {
		for (const service of services) await nginx(world, service, ['-t']);
		return {};
	},
	async apply({services}, _before, world) {
		for (const service of services) {
			await nginx(world, service, ['-t']);
			await nginx(world, service, ['-s', 'reload']);
		}
		await sleep(settled, undefined, {signal: world.signal});
	},
	undo: say('A reload changes nothing that could be taken back.', '重新加载没有可以撤销的更改。'),
});
