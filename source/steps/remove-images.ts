import {say} from '../core/say.ts';
import {step} from '../core/step.ts';

type Input = {ids: string[]};

/** Removes exactly the images that the plan has shown, each only while nobody uses it and it has no name. */
export const removeImages = step<Input, Record<string, never>>({
	id: 'remove-images',
	risk: 'none',
	says: ({ids}) =>
		say(
			`Remove ${ids.length} images that have no name and that no container uses`,
			`删除 ${ids.length} 个没有名称且没有容器使用的镜像`,
		),
	like: ({ids}) => `docker rmi --no-prune ${ids.map(id => id.replace('sha256:', '').slice(0, 12)).join(' ')}`,
	before: async () => ({}),
	async apply({ids}, _before, world, report) {
		for (const [index, id] of ids.entries()) {
			world.signal.throwIfAborted();
			report(say('Removing images', '正在删除镜像'), index, ids.length);
			await world.write.docker.removeDanglingImage(id);
		}
	},
	undo: say(
		'A removed image can’t be brought back: it has to be pulled or built again. No container was made from it.',
		'删除的镜像无法恢复，只能重新拉取或构建。没有容器使用它。',
	),
});
