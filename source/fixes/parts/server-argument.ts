import {type Path, rawAt} from '../../core/compose-service.ts';
import type {See} from '../../core/probe.ts';
import {say} from '../../core/say.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {type Edits, type NoPlace, setEnv} from './configure.ts';
import {envPlace} from './places.ts';
import {editsIn, layersOf, referenceIn, servesOthers} from './service-place.ts';

/** `-c name=value`, `-cname=value`, `--name=value`; a dash is as good as an underscore (postgres(1)). A list has them as items. */
const argument = (name: string): RegExp =>
	new RegExp(`((?:^|[\\s"'])(?:-c\\s*|--)?["']?${name.replaceAll('_', '[_-]')}=)(\\$\\{[^}]*\\}|\\$\\w+|[^\\s"']+)`);

type Found = {file: string; path: Path; text: string; value: string; own: boolean};

/** Where the Compose files give the server this setting on its command line; the nearest file that has a command counts. */
function found(see: See, service: string, name: string): Found | null {
	for (const layer of layersOf(see, service)) {
		const command = rawAt(layer.raw, ['command']);
		if (command === null) continue;
		const texts = Array.isArray(command)
			? command.map((item, index) => ({path: ['command', index] as Path, text: item}))
			: [{path: ['command'] as Path, text: command}];
		for (const {path, text} of texts.toReversed()) {
			const value = typeof text === 'string' ? argument(name).exec(text)?.[2] : undefined;
			if (typeof text === 'string' && value !== undefined)
				return {file: layer.file, path, text, value, own: layer.service === service};
		}
		return null;
	}
	return null;
}

/**
 * Gives a server's setting another value where its command line takes it from: in `.env` when that is a variable which nothing else is
 * made of, else in the command itself. Everything around the value stays as it is written.
 */
export function changeArgument(see: See, service: string, name: string, to: string): Edits | NoPlace {
	const files = see(composeFiles);
	const place = files.readable ? found(see, service, name) : null;
	if (!place?.own)
		return {
			why: say(
				`\`${name}\` stands on the command line of \`${service}\`, which counts over everything else, and that line is in no Compose file that can be changed here: change it to ${to} where the container is made, and make it anew.`,
				`\`${name}\` 写在 \`${service}\` 的命令行中，优先于其他任何设置，而该命令行不在此处可以修改的 Compose 文件里：请在创建该容器的地方改为 ${to}，并重建容器。`,
			),
		};
	const variable = referenceIn(place.value)?.name;
	if (variable !== undefined && !servesOthers(see, variable, service, 'command')) {
		const env = envPlace(files, variable);
		if (env.kind === 'env')
			return {
				steps: [setEnv(env.file, variable, {value: {text: to}})],
				files: [env.file],
				services: [service],
			};
	}
	const text = place.text.replace(argument(name), (_all, before: string) => before + to);
	return editsIn(see, place.file, service, [{path: place.path, was: place.text, to: text}]);
}
