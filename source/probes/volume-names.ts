import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** Names of all volumes of the engine: `docker volume create` would silently take one that is there, with whatever it holds. */
export const volumeNames = probe<string[]>({
	id: 'volume-names',
	title: () => say('Looking which volumes there are', '查看已有哪些卷'),
	like: () => 'docker volume ls --quiet',
	observe: async ({docker}) => (await docker.volumes()).map(({name}) => name).sort(),
});
