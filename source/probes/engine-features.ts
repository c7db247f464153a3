import {type Feature, featuresIn} from '../core/compose-features.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {readComposeProject} from '../world/compose-project.ts';

/** What the project's files ask of the engine that not every engine has. */
export const engineFeatures = probe<Feature[]>({
	id: 'engine-features',
	title: () => say('Reading what the Compose files ask of the engine', '读取 Compose 文件对引擎的要求'),
	like: () => 'grep -nE "start_interval|mac_address|type: image" docker-compose.yaml',
	async observe(world) {
		const {files, contents} = await readComposeProject(await world.place(), world.files);
		return featuresIn(files.map(({file}) => contents.get(file)?.toString('utf8') ?? ''));
	},
});
