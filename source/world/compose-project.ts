import {dirname, resolve} from 'node:path';
import {type EnvText, evaluateEnv, parseEnv} from '../core/compose-dotenv.ts';
import {mergeCompose} from '../core/compose-merge.ts';
import {type Lookup, parseTemplate, substitute} from '../core/compose-template.ts';
import {type ComposeService, type ComposeText, parseCompose} from '../core/compose-text.ts';
import type {ServiceEnvFile} from '../core/compose-uses.ts';
import type {ComposePlace, FileReader} from '../core/world.ts';

/** A project's files, read. Values are clear text here; what leaves a probe holds none. */
export type ComposeProjectFiles = {
	files: ComposeText[];
	services: Map<string, ComposeService>;
	/** Env files of the project that exist. */
	env: {path: string; text: EnvText}[];
	/** `env_file:` of each service, in order. */
	serviceEnv: Map<string, ServiceEnvFile[]>;
	/** Bytes of every file that was read, by path. */
	contents: Map<string, Buffer>;
	/** Config files that are not there or may not be read. */
	missing: string[];
	lookup: Lookup;
	problem: string | null;
};

const mostFiles = 50;

/** Reads all Compose files of a project, those that are included or extended from, and its env files. */
export async function readComposeProject(place: ComposePlace, reader: FileReader): Promise<ComposeProjectFiles> {
	const contents = new Map<string, Buffer>();
	const missing: string[] = [];
	let problem: string | null = null;
	const read = async (path: string): Promise<Buffer | null> => {
		const known = contents.get(path);
		if (known) return known;
		const content = await reader.read(path).catch(() => null);
		if (content) contents.set(path, content);
		return content;
	};
	const folder = place.workingDirectory ?? '/';

	const env: ComposeProjectFiles['env'] = [];
	for (const path of place.envFiles) {
		const content = await read(path);
		if (content) env.push({path, text: parseEnv(content)});
	}
	const values = evaluateEnv(
		env.map(({text}) => text),
		place.shell,
	);
	const lookup: Lookup = name => place.shell(name) ?? values.get(name);
	const fill = (text: string): string => substitute(parseTemplate(text).pieces, lookup);
	for (const {path, text} of env) if (text.problem) problem ??= `${path}:${text.problem.line}: ${text.problem.says}`;

	const files: ComposeText[] = [];
	const queue = [...place.configFiles];
	for (let index = 0; index < queue.length && index < mostFiles; index++) {
		const path = queue[index] ?? '';
		const content = await read(path);
		if (!content) {
			missing.push(path);
			continue;
		}
		const text = parseCompose(path, content.toString('utf8'));
		if (text.problem) problem ??= `${path}: ${text.problem}`;
		files.push(text);
		queue.push(
			...text.include
				.map(included => resolve(dirname(path), fill(included)))
				.filter(included => !queue.includes(included)),
		);
	}

	const extended = new Map<string, ComposeText>();
	for (const {services} of files)
		for (const {extends: parent} of services.values()) {
			if (!parent?.file || extended.has(parent.file)) continue;
			const path = resolve(folder, fill(parent.file));
			const content = await read(path);
			if (content) extended.set(parent.file, parseCompose(path, content.toString('utf8')));
		}
	const services = mergeCompose(files, extended);

	const serviceEnv = new Map<string, ServiceEnvFile[]>();
	for (const {name, envFiles} of services.values()) {
		const own: ServiceEnvFile[] = [];
		for (const {path: written, required} of envFiles) {
			const path = resolve(folder, fill(written.text));
			const content = await read(path);
			const text = content ? parseEnv(content) : null;
			if (!text && required) problem ??= `${written.file}:${written.line}: env file ${path} not found`;
			if (text?.problem) problem ??= `${path}:${text.problem.line}: ${text.problem.says}`;
			own.push({path, text});
		}
		serviceEnv.set(name, own);
	}
	for (const {others, environment} of services.values())
		for (const value of [...others.map(other => other.value), ...environment.values()])
			if (value.text !== null && parseTemplate(value.text).problem)
				problem ??= `${value.file}:${value.line}: ${parseTemplate(value.text).problem}`;
	return {files, services, env, serviceEnv, contents, missing, lookup, problem};
}
