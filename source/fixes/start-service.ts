import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {list, say, type Text} from '../core/say.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {portHolders} from '../probes/port-holders.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs, servicesMeant} from './parts/one-service.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

/** Starting would fail again: whose port it is, is for the user to decide. */
const portHeld = (service: string, port: number, holder: string | null): Text =>
	say(
		`Port ${port} is still held by ${holder ?? 'a program of this machine'}. Stop that if it is not needed, or give ${service} another port in the Compose file or \`.env\`, then \`docker compose up -d ${service}\`.`,
		`端口 ${port} 仍被 ${holder ?? '本机的某个程序'} 占用。若不需要请将其停止，或在 Compose 文件或 \`.env\` 中为 ${service} 换一个端口，然后执行 \`docker compose up -d ${service}\`。`,
	);

export const startService = fix({
	id: 'start-service',
	title: say('Start the service', '启动服务'),
	risk: 'restarts',
	about: say('Starts the stopped container with the configuration it already has.', '用现有配置启动已停止的容器。'),
	limits: say(
		'It does not remove what stopped it: read the log of the last run if it stops again.',
		'这不会消除停止的原因：如果再次停止，请查看上一次运行的日志。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'service',
			says: say('Which service, or several parted by commas', '哪个服务；多个用逗号分隔'),
			secret: false,
		},
	],
	plan(see, finding, settings) {
		const services = servicesMeant(see, finding, settings['service']);
		const stopped = services.filter(name =>
			['created', 'exited', 'dead'].includes(serviceNamed(see, name)?.status ?? ''),
		);
		if (stopped.length === 0)
			return notApplicable(say('It runs already, or has no container to start.', '它已在运行，或没有可以启动的容器。'));
		for (const service of stopped) {
			const held =
				(serviceNamed(see, service)?.wantedPorts.length ?? 0) > 0
					? see(portHolders, service).find(({holder}) => holder !== null)
					: undefined;
			if (held?.holder)
				return notApplicable(
					portHeld(
						service,
						held.port,
						held.holder.kind === 'container' ? held.holder.name : (held.holder.says ?? null),
					),
				);
		}
		return {
			kind: 'plan',
			fix: 'start-service',
			route: null,
			steps: [
				...saveEvidence(stopped),
				{step: 'start-service', input: {services: stopped}},
				...returnServices(stopped),
			],
			afterUndo: [],
			loses: say('Nothing.', '不丢失任何东西。'),
			restarts: stopped,
			takes: say('a few seconds', '几秒钟'),
			undo: say(`${list(stopped).en} is stopped again.`, `再次停止 ${list(stopped).zh}。`),
			confirm: null,
			assumes: assume(see, {services: stopped}),
		};
	},
	verify(_finding, plan) {
		return plan.restarts.map(service => ({
			says: say(`${service} runs`, `${service} 正在运行`),
			passes: see => runs(see, service),
		}));
	},
});
