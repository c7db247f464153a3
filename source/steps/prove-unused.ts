import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {containerOf} from '../world/server-place.ts';
import {requireUnused} from './parts/unused.ts';

type Input = {service: string; place: DataPlace; hostIsChecked: boolean};

/** Looks before anything stops; the step that needs it looks again when the server is down. */
export const proveUnused = step<Input, Record<string, never>>({
	id: 'prove-unused',
	risk: 'none',
	says: ({service}) =>
		say(
			`Prove that nothing but ${service} itself uses its data directory`,
			`证明除 ${service} 自身以外没有谁在使用其数据目录`,
		),
	like: ({place}) =>
		`docker ps --filter volume=${place.source}; docker ps -q | xargs docker inspect --format '{{.Name}} {{.Mounts}}'; pgrep -a postgres`,
	async before({service, place, hostIsChecked}, world) {
		await requireUnused(world, await containerOf(world, service), place, {run: true, hostIsChecked});
		return {};
	},
	apply: async () => {},
	undo: say('Nothing was changed.', '没有任何改动。'),
});
