import {say} from '../core/say.ts';
import {step} from '../core/step.ts';

type Input = {ids: string[]};

/** Removes exactly the records that the plan has shown; the engine keeps those that something uses by now. */
export const removeBuildCache = step<Input, Record<string, never>>({
	id: 'remove-build-cache',
	risk: 'none',
	says: ({ids}) =>
		say(`Remove ${ids.length} unused records of the build cache`, `删除 ${ids.length} 条未使用的构建缓存`),
	like: ({ids}) => ids.map(id => `docker builder prune --all --filter id=${id}`).join('\n'),
	before: async () => ({}),
	async apply({ids}, _before, world, report) {
		for (const [index, id] of ids.entries()) {
			world.signal.throwIfAborted();
			report(say('Removing build cache', '正在删除构建缓存'), index, ids.length);
			await world.write.docker.removeBuildCache(id);
		}
	},
	undo: say(
		'Removed build cache can’t be brought back: the next build takes longer and makes it anew.',
		'删除的构建缓存无法恢复：下次构建会更慢，并重新生成。',
	),
});
