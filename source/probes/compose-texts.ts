import {maskCompose, shownVariables} from '../core/compose-mask.ts';
import {parseTemplate, references} from '../core/compose-template.ts';
import {harmless, tame} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {readComposeProject} from '../world/compose-project.ts';

export type ComposeTexts = {
	/**
	 * The Compose files in the order in which they are read, later ones over earlier ones, then those that are extended from;
	 * with their limits, images, ports and mounts, and marks in place of all other values.
	 */
	files: {
		path: string;
		text: string;
		/** Only extended from: its services are none of the project's. */
		extended: boolean;
	}[];
	/** What `.env` and the shell say for names that those limits, images, ports and mounts are made of. */
	values: Record<string, string>;
};

const shown = ['deploy', 'image', 'mem_limit', 'memswap_limit', 'ports', 'shm_size', 'tmpfs', 'volumes'];
const mayBeSecret = /PASS|PWD|SECRET|KEY|TOKEN|CRED|AUTH|DSN|URL/i;

export const composeTexts = probe<ComposeTexts>({
	id: 'compose-texts',
	title: () => say('Reading where limits, images and ports are set', '读取内存上限、镜像与端口的设置位置'),
	like: () => 'cat docker-compose.yaml',
	async observe(world) {
		const place = await world.place();
		const {files, services, contents, env, serviceEnv, lookup} = await readComposeProject(place, world.files);
		const redact = (text: string): string => tame(world.redact(text), Number.POSITIVE_INFINITY);
		const envPaths = [...env, ...[...serviceEnv.values()].flat()].map(({path}) => path);
		const own = files.map(({file}) => file);
		const others = [...contents.keys()].filter(path => !own.includes(path) && !envPaths.includes(path));
		const texts = [...services.values()].flatMap(({image, others: values, environment}) => [
			...(image ? [image.text] : []),
			...[...environment].flatMap(([name, {text}]) => (shownVariables.test(name) && text !== null ? [text] : [])),
			...values.flatMap(({key, value}) => (shown.includes(key) ? [value.text] : [])),
		]);
		const names = new Set(texts.flatMap(text => references(parseTemplate(text).pieces, lookup).map(({name}) => name)));
		return {
			files: [...own, ...others].map(path => ({
				path,
				extended: !own.includes(path),
				text: maskCompose(contents.get(path)?.toString('utf8') ?? '', redact),
			})),
			values: Object.fromEntries(
				[...names].flatMap(name => {
					const value = mayBeSecret.test(name) ? undefined : lookup(name);
					return value === undefined ? [] : [[name, harmless(value, text => world.redact(text))] as const];
				}),
			),
		};
	},
});
