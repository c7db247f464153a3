import type {ComposeFiles, VariableUse} from '../probes/compose-files.ts';
import {type EnvText, referencesOf} from './compose-dotenv.ts';
import {type Lookup, parseTemplate, references, sources} from './compose-template.ts';
import type {ComposeService, Written} from './compose-text.ts';

/** An `env_file:` of a service as it was read; null when it is not there. */
export type ServiceEnvFile = {path: string; text: EnvText | null};

type Origin = ComposeFiles['origins'][number];

function usesOf(service: string, key: string, {text, file}: Written, lookup: Lookup): VariableUse[] {
	return references(parseTemplate(text).pieces, lookup).map(({name, kind}) => ({
		name,
		service,
		key,
		hasDefault: kind === 'default' || kind === 'replacement',
		required: kind === 'required',
		defined: lookup(name) !== undefined,
		file,
	}));
}

/**
 * Every variable that a service's part of the Compose files refers to, once for each key.
 * @param lookup what `.env` and the shell define
 */
export function variableUses(service: ComposeService, lookup: Lookup): VariableUse[] {
	const environment = [...service.environment].flatMap(([key, value]) =>
		value.text === null ? [] : usesOf(service.name, key, value, lookup),
	);
	const others = service.others.flatMap(({key, value}) => usesOf(service.name, key, value, lookup));
	const seen = new Set<string>();
	return [...environment, ...others].filter(({name, key}) => {
		const id = `${key}\0${name}`;
		return !seen.has(id) && seen.add(id);
	});
}

/** Where a service's variables come from. What stands under `environment:` wins over `env_file:`, later files over earlier ones. */
export function variableOrigins(
	service: ComposeService,
	envFiles: readonly ServiceEnvFile[],
	projectEnv: readonly string[],
	lookup: Lookup,
): Origin[] {
	const found = new Map<string, Origin>();
	for (const {path, text} of envFiles)
		for (const entry of text?.lines ?? []) {
			const names = projectEnv.includes(path) ? [entry.name] : referencesOf(entry, lookup);
			const place = {file: path, line: entry.line};
			found.set(entry.name, {
				service: service.name,
				variable: entry.name,
				names,
				whole: projectEnv.includes(path),
				literal: names.length === 0,
				...place,
			});
		}
	for (const [variable, {text, file, line}] of service.environment) {
		const {pieces} = parseTemplate(text ?? '');
		const names = text === null ? [variable] : [...new Set(sources(pieces, lookup))];
		const whole = text === null || (pieces.length === 1 && typeof pieces[0] !== 'string' && names.length === 1);
		found.set(variable, {service: service.name, variable, names, whole, literal: names.length === 0, file, line});
	}
	return [...found.values()];
}
