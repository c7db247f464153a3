import {rawAt} from '../../core/compose-service.ts';
import {editServices} from '../../core/compose-service-edit.ts';
import {declaredVolumes, declareVolume, mountEntries} from '../../core/compose-volumes.ts';
import {lineDiff} from '../../core/line-diff.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {composeTexts} from '../../probes/compose-texts.ts';
import {volumeNames} from '../../probes/volume-names.ts';
import type {Edits, NoPlace} from './configure.ts';
import {filledIn, layersOf} from './service-place.ts';

/** What a person writes when no file can be changed from here. */
export const byHand = (service: string, key: string, target: string): Text =>
	say(
		`Mount a named volume at \`${target}\` of ${service} yourself: \`${key}:${target}\` in its \`volumes:\`, and \`${key}:\` under the \`volumes:\` of the file; copy the old folder into it with \`cp -a\` first, and give it to the server’s user.`,
		`请自行把命名卷挂载到 ${service} 的 \`${target}\`：在其 \`volumes:\` 中写 \`${key}:${target}\`，并在文件的 \`volumes:\` 下写 \`${key}:\`；事先用 \`cp -a\` 把旧目录复制进去，并交给服务器的用户。`,
	);

/** The name that the engine gives to a volume of a project. */
export const volumeOf = (project: string, key: string): string => `${project}_${key}`;

/** A name for the new volume that no file declares yet, and under which the engine has none: one might hold data of an earlier move. */
export function freeKey(see: See, project: string, service: string): string {
	const taken = new Set(see(composeTexts).files.flatMap(({text}) => declaredVolumes(text)));
	const present = new Set(see(volumeNames));
	const base = `${service.replaceAll(/[^\w.-]+/g, '-')}-data`;
	for (let count = 1; ; count++) {
		const key = count === 1 ? base : `${base}-${count}`;
		if (!taken.has(key) && !present.has(volumeOf(project, key))) return key;
	}
}

/**
 * The edits by which a service mounts a named volume where it has something else today: the volume is declared and the entry of the
 * mount changed, both in the file that has the entry. Nothing else of the file changes.
 */
export function mountVolume(see: See, service: string, target: string, key: string): Edits | NoPlace {
	const fill = (text: string): string => filledIn(see, text);
	for (const {file, service: name, raw} of layersOf(see, service)) {
		const entry = mountEntries(rawAt(raw, ['volumes']), fill).find(one => one.target === target);
		if (!entry) continue;
		const text = see(composeTexts).files.find(({path}) => path === file)?.text ?? '';
		// What a service inherits by `extends`, others may inherit too.
		if (name !== service) return {why: byHand(service, key, target)};
		try {
			const declared = declareVolume(text, key);
			const edits = [{path: ['volumes', entry.index], was: entry.raw, to: `${key}:${target}`}];
			const mounted = editServices(declared, service, edits);
			return {
				steps: [
					{step: 'declare-volume', input: {file, key, shown: lineDiff(file, text, declared)}},
					{step: 'edit-compose-service', input: {file, service, edits, shown: lineDiff(file, declared, mounted)}},
				],
				files: [file],
				services: [service],
			};
		} catch {
			return {why: byHand(service, key, target)};
		}
	}
	return {why: byHand(service, key, target)};
}
