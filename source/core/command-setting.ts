import {type Raw, rawAt} from './compose-service.ts';
import type {ServiceEdit} from './compose-service-edit.ts';

/** A setting of a server on the command line of its service, as it is written there. */
export type CommandSetting = {
	/** Before Compose replaces anything, without quotes. */
	value: string;
	with: (value: string) => ServiceEdit[];
	without: () => ServiceEdit[];
};

/** A dash is as good as an underscore on the command line (postgres(1)). */
const plainName = (name: string): string => name.toLowerCase().replaceAll('-', '_');

function inList(words: readonly Raw[], name: string): CommandSetting | null {
	for (let index = words.length - 1; index >= 0; index--) {
		const word = words[index];
		const [, prefix = '', written = '', value = ''] =
			(typeof word === 'string' ? /^(--|-c)?([A-Za-z_][\w.-]*)=(.*)$/s.exec(word) : null) ?? [];
		if (typeof word !== 'string' || plainName(written) !== name) continue;
		const apart = prefix === '' && words[index - 1] === '-c';
		if (prefix === '' && !apart) continue;
		const path = ['command', index];
		return {
			value,
			with: to => [{path, was: word, to: `${prefix}${written}=${to}`}],
			without: () => [
				{path, was: word, to: null},
				...(apart ? [{path: ['command', index - 1], was: '-c', to: null}] : []),
			],
		};
	}
	return null;
}

/** `-c name=value`, `-c 'name=value'`, `-c name='value'`, `--name=value`, in a command that is one text. */
const option =
	/(?<lead>(?:^|\s+)(?:-c\s*|--))(?:(?<quote>["'])(?<one>[A-Za-z_][\w.-]*)=(?<inner>.*?)\k<quote>|(?<two>[A-Za-z_][\w.-]*)=(?:(?<mark>["'])(?<held>.*?)\k<mark>|(?<bare>(?:\$\{[^}]*\}|[^\s"'])*)))/gs;

function inText(text: string, name: string): CommandSetting | null {
	const found = [...text.matchAll(option)].findLast(
		({groups = {}}) => plainName(groups['one'] ?? groups['two'] ?? '') === name,
	);
	if (!found) return null;
	const {lead = '', quote = '', one, two, inner, mark = '', held, bare} = found.groups ?? {};
	const value = inner ?? held ?? bare ?? '';
	const edit = (by: string): ServiceEdit => ({
		path: ['command'],
		was: text,
		to: text.slice(0, found.index) + by + text.slice(found.index + found[0].length),
	});
	return {
		value,
		with: to => [edit(`${lead}${quote}${one ?? two}=${mark}${to}${mark}${quote}`)],
		without: () => [edit('')],
	};
}

/**
 * Finds a server setting in `command:` of a service; of several the last one counts (PostgreSQL manual, "Setting Parameters").
 * @returns null where it does not stand there, or inside a shell's own text
 */
export function commandSetting(service: Raw, name: string): CommandSetting | null {
	const command = rawAt(service, ['command']);
	if (Array.isArray(command)) return inList(command, plainName(name));
	return typeof command === 'string' ? inText(command, plainName(name)) : null;
}
