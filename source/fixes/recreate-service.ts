import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {databases, isExternal} from '../probes/looks.ts';
import {composeFlags, filesUnreadable, recreate} from './parts/configure.ts';
import {notApplicable, patients} from './parts/login-plan.ts';
import {runs, servicesMeant} from './parts/one-service.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

export const recreateService = fix({
	id: 'recreate-service',
	title: say('Recreate the container from the Compose files', '按 Compose 文件重建容器'),
	risk: 'restarts',
	about: say(
		'Removes the container and makes it anew from the Compose files as they are now. Volumes and bind mounts stay.',
		'删除容器并按当前的 Compose 文件重新创建。卷和绑定挂载保持不变。',
	),
	limits: say(
		'What was written into the container’s own layer, outside of volumes, is lost.',
		'写在容器自身可写层（卷之外）的内容会丢失。',
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
		const made = recreate(see, services);
		if (made.length === 0) return notApplicable(say('There is no container to recreate.', '没有可以重建的容器。'));
		const ill = patients(
			see,
			finding,
			services.filter(name => !databases(see).includes(name)),
		);
		const back = [...services.filter(name => databases(see).includes(name)), ...ill];
		return {
			kind: 'plan',
			fix: 'recreate-service',
			route: composeFlags(see) === null ? filesUnreadable : null,
			steps: [...saveEvidence(back), ...made, ...returnServices(back)],
			afterUndo: [],
			loses: say(
				'What the container wrote into its own layer, outside of volumes and bind mounts, and its log; the log is kept as evidence.',
				'容器写在自身可写层（卷和绑定挂载之外）的内容及其日志；日志会作为证据保存。',
			),
			restarts: services,
			takes: say('under a minute', '不到一分钟'),
			undo: say('The old container is gone; there is nothing to put back.', '旧容器已不存在，无法恢复。'),
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
