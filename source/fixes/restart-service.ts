import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {isExternal} from '../probes/looks.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs, servicesMeant} from './parts/one-service.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

export const restartService = fix({
	id: 'restart-service',
	title: say('Restart the service', '重启服务'),
	risk: 'restarts',
	about: say('Stops and starts the container with the configuration it already has.', '用现有配置停止并重新启动容器。'),
	limits: say(
		'A changed `.env` or Compose file is not read by a restart: that takes `fix recreate-service`.',
		'重启不会读取修改过的 `.env` 或 Compose 文件：那需要 `fix recreate-service`。',
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
		if (services.length === 0) return notApplicable(say('There is no container to restart.', '没有可以重启的容器。'));
		return {
			kind: 'plan',
			fix: 'restart-service',
			route: null,
			steps: [...saveEvidence(services), {step: 'restart-service', input: {services}}, ...returnServices(services)],
			afterUndo: [],
			loses: say('Nothing but the connections of the moment.', '只会断开当前的连接。'),
			restarts: services,
			takes: say('a few seconds', '几秒钟'),
			undo: say('There is nothing to take back.', '没有可以撤销的更改。'),
			confirm: null,
			assumes: assume(see, {services}),
		};
	},
	verify(_finding, plan) {
		return plan.restarts.map(service => ({
			says: say(`${service} runs`, `${service} 正在运行`),
			passes: see => runs(see, service),
		}));
	},
});
