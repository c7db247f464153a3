import {commandSetting} from '../../core/command-setting.ts';
import type {See} from '../../core/probe.ts';
import {say} from '../../core/say.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {type Edits, type NoPlace, setEnv} from './configure.ts';
import {envPlace} from './places.ts';
import {editsIn, layersOf, referenceIn} from './service-place.ts';

/** Whether any other command, or anything but a command, is made of a name. Other settings of the same command have names of their own. */
const servesOthers = (see: See, name: string, service: string): boolean =>
	see(composeFiles).uses.some(
		use => use.name === name && use.key !== name && (use.service !== service || use.key !== 'command'),
	);

/**
 * Changes a server setting that stands on the command line of its service: in the `.env` variable that it is made of, else in
 * `command:` itself.
 * @param to null takes the setting off the command line
 * @returns null where the command says nothing of it
 */
export function changeCommandSetting(
	see: See,
	service: string,
	name: string,
	to: string | null,
): Edits | NoPlace | null {
	const layer = layersOf(see, service).find(({raw}) => typeof raw === 'object' && raw !== null && 'command' in raw);
	const found = layer ? commandSetting(layer.raw, name) : null;
	if (!layer || !found) return null;
	const variable = referenceIn(found.value)?.name;
	if (variable !== undefined && to !== null && !servesOthers(see, variable, service)) {
		const place = envPlace(see(composeFiles), variable);
		if (place.kind === 'env')
			return {steps: [setEnv(place.file, variable, {value: {text: to}})], files: [place.file], services: [service]};
		if (place.kind === 'nowhere') return {why: place.why};
	}
	if (layer.service !== service)
		return {
			why: say(
				`The command of ${service} is taken over from ${layer.service} by \`extends\`, which others may do as well: change it there by hand.`,
				`${service} 的启动命令是通过 \`extends\` 从 ${layer.service} 继承的，其他服务也可能继承它：请在那里手动修改。`,
			),
		};
	return editsIn(see, layer.file, service, to === null ? found.without() : found.with(to));
}
