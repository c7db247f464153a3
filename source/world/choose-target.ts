import {list, say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {ComposeProject, FileReader} from '../core/world.ts';
import {type DatabaseChoice, databaseFromEnvFile, databaseFromUrl} from './choose-database.ts';
import {type FolderProject, folderProject, matchingProjects} from './folder-project.ts';

/** What the command line says about the thing that is ill. */
export type Where = {
	project?: string;
	directory?: string;
	files?: string[];
	context?: string;
	host?: string;
	databaseUrl?: Secret;
	envFile?: string;
	environment?: NodeJS.ProcessEnv;
};

export type Choice =
	| {kind: 'database'; database: DatabaseChoice}
	/** `folder` when the files of the place are to be used where the containers' labels lead nowhere. */
	| {kind: 'compose'; project: string; folder: FolderProject | null};

const usage = exitCode.usage;

const known = (projects: readonly ComposeProject[]) =>
	projects.length > 0
		? say(
				`There are: ${projects.map(({name}) => name).join(', ')}.`,
				`现有项目：${list(projects.map(({name}) => name)).zh}。`,
			)
		: say('The engine has no Compose project at all.', '引擎上没有任何 Compose 项目。');

function contradictions({databaseUrl, project, files, host, context}: Where): void {
	if (!databaseUrl) return;
	const other = [project && '--project', files?.length && '--file', host && '--host', context && '--context'].find(
		Boolean,
	);
	if (!other) return;
	throw new Trouble(
		'contradictory-flags',
		say(
			`\`--database-url\` and \`${other}\` name two different things.`,
			`\`--database-url\` 与 \`${other}\` 不能同时使用。`,
		),
		{
			exitCode: usage,
		},
	);
}

/** A target that is clear without asking the engine: an external database. */
async function databaseFirst(where: Where, files: FileReader, folder: FolderProject | null): Promise<Choice | null> {
	const environment = where.environment ?? {};
	if (where.databaseUrl)
		return {kind: 'database', database: await databaseFromUrl(where.databaseUrl, environment, files)};
	if (where.project || folder) return null;
	const database = await databaseFromEnvFile({...where, environment}, files);
	if (database) return {kind: 'database', database};
	if (!where.envFile) return null;
	throw new Trouble(
		'no-credential',
		say(
			`\`${where.envFile}\` names no PostgreSQL server.`,
			`\`${where.envFile}\` 中没有指向 PostgreSQL 服务器的变量。`,
		),
		{
			why: say(
				'It needs a `DATABASE_URL`, or `DB_HOST`, `DB_USERNAME` and `DB_PASSWORD`, or `PGHOST`, `PGUSER` and `PGPASSWORD`.',
				'需要 `DATABASE_URL`，或 `DB_HOST`、`DB_USERNAME`、`DB_PASSWORD`，或 `PGHOST`、`PGUSER`、`PGPASSWORD`。',
			),
			exitCode: usage,
		},
	);
}

function byName(
	name: string,
	projects: readonly ComposeProject[],
	folder: FolderProject | null,
	fits: boolean,
): Choice {
	const found = projects.find(project => project.name === name);
	if (found || (folder && fits)) return {kind: 'compose', project: name, folder};
	throw new Trouble(
		'unknown-project',
		say(`There is no Compose project \`${name}\`.`, `没有名为 \`${name}\` 的 Compose 项目。`),
		{
			next: known(projects),
			exitCode: usage,
		},
	);
}

/**
 * Decides what is looked at: `--database-url`; `--project`, from any folder; the Compose project of the folder; a database that
 * the folder's env file names.
 * @param projects asks the engine for the projects that have containers
 * @throws Trouble (usage) `unknown-project`, `choose-project`, `contradictory-flags`, `no-file`, `no-credential`, `bad-database-url`
 */
export async function chooseTarget(
	where: Where,
	files: FileReader,
	projects: () => Promise<ComposeProject[]>,
): Promise<Choice> {
	contradictions(where);
	const natural = where.databaseUrl ? null : await folderProject(files, {...where, project: undefined});
	const folder = natural && where.project ? {...natural, name: where.project} : natural;
	const database = await databaseFirst(where, files, folder);
	if (database) return database;
	const present = await projects();
	if (where.project) {
		// The folder one happens to stand in says nothing about a project of another name.
		const named = where.files !== undefined || where.directory !== undefined || natural?.name === where.project;
		return byName(where.project, present, named ? folder : null, named);
	}
	if (folder) {
		const matching = await matchingProjects(folder, present);
		const [only] = matching;
		if (matching.length <= 1) return {kind: 'compose', project: only?.name ?? folder.name, folder};
		throw chooseProject(matching);
	}
	throw chooseProject(present);
}

function chooseProject(projects: readonly ComposeProject[]): Trouble {
	return new Trouble(
		'choose-project',
		say(
			'This folder has no Compose file, so it does not tell which project is meant.',
			'当前文件夹没有 Compose 文件，无法判断要检查哪个项目。',
		),
		{
			why: known(projects),
			next: say(
				'Name one with `--project NAME`, or go to its folder.',
				'用 `--project NAME` 指定，或进入项目所在文件夹。',
			),
			exitCode: usage,
		},
	);
}
