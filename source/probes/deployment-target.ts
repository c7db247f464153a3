import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Target} from '../core/world.ts';

/** Which deployment is looked at: kept as a fact, so that a record says it too. */
export const deploymentTarget = probe<Target>({
	id: 'deployment-target',
	title: () => say('Choosing what to look at', '确定要检查的部署'),
	like: () => 'docker compose ls',
	async observe(world) {
		return world.target;
	},
});
