import {say} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {type Opened, openWorldOrBlind, type Where} from '../world/open.ts';
import type {Context} from './context.ts';

const hasPassword = (url: string): boolean => /:\/\/[^\s:/?#@]*:[^\s]+@/.test(url) || /[?&]password=./i.test(url);

async function databaseUrl({options, input, out, language}: Context): Promise<Secret | undefined> {
	const {databaseUrl: given} = options;
	if (given === undefined) return undefined;
	if (given === '-') {
		const line = await input.line();
		if (!line)
			throw new Trouble(
				'value-missing',
				say('`--database-url -` found nothing on standard input', '`--database-url -` 未从标准输入读到内容'),
				{
					next: say('pipe one line with the URL into it', '请通过管道传入一行 URL'),
					exitCode: exitCode.usage,
				},
			);
		return new Secret(line.trim());
	}
	if (hasPassword(given))
		out.note(
			{
				en: '! A password on the command line can be read in the process list. `--env-file FILE`, PGPASSWORD in the environment, or `--database-url -` avoid that.',
				zh: '! 命令行中的密码可在进程列表中看到。可改用 `--env-file FILE`、环境变量 PGPASSWORD 或 `--database-url -`。',
			}[language],
		);
	return new Secret(given);
}

/** What the command line says about the deployment. Reads standard input when the URL comes from there, so ask once. */
export async function whereFrom(context: Context): Promise<Where> {
	const {project, directory, files, context: dockerContext, host, envFile} = context.options;
	return {
		project,
		directory,
		files: files.length > 0 ? files : undefined,
		context: dockerContext,
		host,
		databaseUrl: await databaseUrl(context),
		envFile,
		environment: context.environment,
	};
}

/** Opens the deployment, hands it over, and closes it whatever happens. An engine that can't be asked is for the diagnosis to tell. */
export async function withWorld<Value>(context: Context, use: (opened: Opened) => Promise<Value>): Promise<Value> {
	const opened = await openWorldOrBlind(await whereFrom(context));
	context.redact = text => opened.world.redact(text);
	try {
		return await use(opened);
	} finally {
		await opened.close();
	}
}
