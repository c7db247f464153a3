import {realpath} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {evaluateEnv, parseEnv} from '../core/compose-dotenv.ts';
import {parseTemplate, substitute} from '../core/compose-template.ts';
import {parseCompose} from '../core/compose-text.ts';
import {normalisedName} from '../core/deployment-place.ts';
import {say} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {ComposePlace, ComposeProject, FileReader} from '../core/world.ts';

/** A project as a folder describes it, whether or not it has containers. */
export type FolderProject = ComposePlace & {
	name: string;
	workingDirectory: string /** `--env-file` was given. */;
	envFileNamed: boolean;
};

export type FolderChoice = {
	project?: string;
	directory?: string;
	files?: string[];
	envFile?: string;
	environment?: Readonly<Record<string, string | undefined>>;
};

/** In the order in which Compose prefers them (Compose specification, "The Compose file"). */
const mainNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
	'compose.override.yml',
	'compose.override.yaml',
	'docker-compose.override.yml',
	'docker-compose.override.yaml',
];

/** The nearest Compose file in a folder or above it, as Compose itself looks for it. */
async function nearest(files: FileReader, directory: string): Promise<string[] | null> {
	for (let folder = directory; ; folder = dirname(folder)) {
		for (const name of mainNames) {
			const path = join(folder, name);
			if (!(await files.exists(path))) continue;
			const overrides = overrideNames.map(override => join(folder, override));
			const there = await Promise.all(overrides.map(override => files.exists(override)));
			return [path, ...overrides.filter((_, index) => there[index]).slice(0, 1)];
		}
		if (folder === dirname(folder)) return null;
	}
}

async function readOrComplain(files: FileReader, path: string): Promise<Buffer> {
	const content = await files.read(path);
	if (content) return content;
	throw new Trouble('no-file', say(`\`${path}\` does not exist.`, `\`${path}\` 不存在。`), {exitCode: exitCode.usage});
}

/**
 * The Compose project of a folder: its files, env file and name, by Compose's own rules. The name comes from `--project`,
 * COMPOSE_PROJECT_NAME, the top-level `name:` or the folder's name, in this order.
 * @returns null when the folder and those above it have no Compose file
 * @throws Trouble (usage) when a file that was named does not exist
 */
export async function folderProject(files: FileReader, choice: FolderChoice): Promise<FolderProject | null> {
	const environment = choice.environment ?? {};
	const shell = (name: string): string | undefined => environment[name];
	const start = resolve(choice.directory ?? '.');
	const base = choice.directory === undefined ? process.cwd() : start;
	const atStart = [choice.envFile ? resolve(choice.envFile) : join(start, '.env')];
	if (choice.envFile) await readOrComplain(files, resolve(choice.envFile));
	const early = evaluateEnv(await envTexts(files, atStart), shell);
	const named = choice.files?.length
		? choice.files
		: splitFiles(shell('COMPOSE_FILE') ?? early.get('COMPOSE_FILE'), shell);
	const configFiles = named
		? named.map(file => resolve(choice.files?.length ? process.cwd() : base, file))
		: await nearest(files, start);
	const [main] = configFiles ?? [];
	if (!configFiles || !main) return null;
	const contents = await Promise.all(configFiles.map(file => readOrComplain(files, file)));
	const workingDirectory = choice.directory && named ? start : dirname(main);
	const envFiles = choice.envFile ? atStart : [join(workingDirectory, '.env')];
	const values = evaluateEnv(await envTexts(files, envFiles), shell);
	const lookup = (name: string): string | undefined => shell(name) ?? values.get(name);
	const written = contents
		.map((content, index) => parseCompose(configFiles[index] ?? '', content.toString('utf8')).name)
		.findLast(name => name !== null);
	const name =
		choice.project ||
		lookup('COMPOSE_PROJECT_NAME') ||
		(written ? substitute(parseTemplate(written).pieces, lookup) : '') ||
		normalisedName(basename(workingDirectory));
	return {name, workingDirectory, configFiles, envFiles, shell, envFileNamed: choice.envFile !== undefined};
}

const envTexts = async (files: FileReader, paths: readonly string[]) =>
	(await Promise.all(paths.map(path => files.read(path)))).flatMap(content => (content ? [parseEnv(content)] : []));

/** COMPOSE_FILE holds paths parted by `:` (`;` on Windows), or by COMPOSE_PATH_SEPARATOR. */
function splitFiles(value: string | undefined, shell: (name: string) => string | undefined): string[] | null {
	const separator = shell('COMPOSE_PATH_SEPARATOR') || (process.platform === 'win32' ? ';' : ':');
	const files = value?.split(separator).filter(file => file !== '') ?? [];
	return files.length > 0 ? files : null;
}

const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/**
 * The project with containers that a folder means. Containers that were made from these very files count first, whatever they
 * are called; then those of the project name.
 */
export async function matchingProjects(
	folder: FolderProject,
	projects: readonly ComposeProject[],
): Promise<ComposeProject[]> {
	const directory = await real(folder.workingDirectory);
	const own = new Set(await Promise.all(folder.configFiles.map(real)));
	const fits = await Promise.all(
		projects.map(async ({workingDirectory, configFiles}) => {
			if (workingDirectory === null || (await real(workingDirectory)) !== directory) return false;
			const theirs = await Promise.all(configFiles.map(file => real(resolve(workingDirectory, file))));
			return theirs.length === 0 || theirs.some(file => own.has(file));
		}),
	);
	const here = projects.filter((_, index) => fits[index]);
	const byName = projects.filter(({name}) => name === folder.name);
	const both = here.filter(({name}) => name === folder.name);
	if (both.length > 0) return both;
	return here.length > 0 ? here : byName;
}
