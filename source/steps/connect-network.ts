import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {containerNow} from './parts/services.ts';

type Input = {service: string; network: string; aliases: string[]};
type Before = {connected: boolean};

export const connectNetwork = step<Input, Before>({
	id: 'connect-network',
	risk: 'restarts',
	says: ({service, network, aliases}) =>
		say(
			`Connect ${service} to the network \`${network}\`, where others know it as ${aliases.map(name => `\`${name}\``).join(', ')}`,
			`把 ${service} 接入网络 \`${network}\`，其他服务以 ${aliases.map(name => `\`${name}\``).join('、')} 访问它`,
		),
	like: ({service, network, aliases}) =>
		`docker network connect ${aliases.map(name => `--alias ${name}`).join(' ')} ${network} <${service} container>`,
	async before({service, network}, world) {
		const {networks} = await containerNow(world, service);
		return {connected: networks.some(({name}) => name === network)};
	},
	async apply({service, network, aliases}, _before, world) {
		await world.write.docker.connect(network, (await containerNow(world, service)).id, aliases);
	},
	async undo({service, network}, {connected}, world) {
		if (!connected) await world.write.docker.disconnect(network, (await containerNow(world, service)).id);
	},
});
