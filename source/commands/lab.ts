import {list as listed, say, type Text, tell, verbatim} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {faults} from '../lab/faults/index.ts';
import {labDown, labList, labUp} from '../lab/lab.ts';
import {paintCommands} from '../report/paint.ts';
import {hang} from '../report/wrap.ts';
import {type Context, printJson} from './context.ts';
import {unknownId} from './registry.ts';

const actions = ['list', 'up', 'down'];

const usage = (code: string, what: Text, next: Text): Trouble =>
	new Trouble(code, what, {next, exitCode: exitCode.usage});

export async function run(context: Context): Promise<ExitCode> {
	const [action = 'list', name, ...more] = context.words;
	const {all} = context.options;
	if (more.length > 0 || (action === 'list' && name))
		throw usage(
			'too-many-words',
			say('too many words', '参数过多'),
			say('see `compose-medic lab --help`', '参见 `compose-medic lab --help`'),
		);
	if (all && (action !== 'down' || name))
		throw usage(
			'contradiction',
			say('`--all` belongs to `lab down` without a name', '`--all` 只能用于不带名称的 `lab down`'),
			say('write `compose-medic lab down --all`', '请写成 `compose-medic lab down --all`'),
		);
	if (!actions.includes(action)) {
		const meant = nearest(action, actions) ?? 'list';
		throw usage(
			'unknown-command',
			say(`the lab can't \`${action}\``, `实验室没有 \`${action}\` 操作`),
			say(`did you mean \`lab ${meant}\`?`, `您是否想用 \`lab ${meant}\`？`),
		);
	}
	try {
		if (action === 'up') return await up(context, name);
		if (action === 'down') return await down(context, name);
		return await list(context);
	} catch (error) {
		if (error instanceof Trouble || context.signal.aborted) throw error;
		throw engineTrouble(error);
	}
}

/** The lab drives the `docker` command; what that complains about is for the user to act on. */
function engineTrouble(error: unknown): unknown {
	const reason = error instanceof Error ? error.message : String(error);
	if (
		(error instanceof Error && 'code' in error && error.code === 'ENOENT') ||
		/cannot connect to the docker daemon|permission denied.*docker|is the docker daemon running/i.test(reason)
	)
		return new Trouble(
			'engine-unreachable',
			say('the lab needs a Docker engine and its `docker` command', '实验室需要 Docker 引擎及其 `docker` 命令'),
			{
				why: verbatim(reason),
				next: say('start Docker, then try again', '请启动 Docker 后重试'),
				exitCode: exitCode.engineUnreachable,
				cause: error,
			},
		);
	return new Trouble('lab-failed', say('the lab could not do it', '实验室操作失败'), {
		why: verbatim(reason),
		cause: error,
	});
}

async function list(context: Context): Promise<ExitCode> {
	const {out, language, options} = context;
	const running = await labList().catch((error: unknown) => {
		// The faults can be listed without an engine.
		out.note(`! ${error instanceof Error ? error.message : String(error)}`);
		return [];
	});
	if (options.json) {
		printJson(context, {
			schema: 'compose-medic/lab@1',
			faults: faults.map(({id, kind, stack, title, expects}) => ({
				id,
				kind,
				stack,
				title: tell(title, language),
				expects,
			})),
			deployments: running,
		});
		return exitCode.well;
	}
	const kinds = [
		['fault', say('One fault', '单一故障')],
		['double', say('Two faults at once', '同时两个故障')],
		['trap', say('Looks ill and is well', '看似有病，其实正常')],
		['healthy', say('Healthy', '健康')],
	] as const;
	const longest = Math.max(...faults.map(({id}) => id.length));
	for (const [kind, title] of kinds) {
		out.data(`${out.paint.strong(tell(title, language))}\n`);
		for (const fault of faults.filter(one => one.kind === kind))
			out.data(`${hang(`  ${fault.id.padEnd(longest)}  `, tell(fault.title, language), out.width)}\n`);
		out.data('\n');
	}
	out.data(`${out.paint.strong(tell(say('Running now', '正在运行'), language))}\n`);
	if (running.length === 0) out.data(`  ${tell(say('none', '无'), language)}\n`);
	for (const {project, fault, running: up, total} of running)
		out.data(`  ${project}  ${out.paint.quiet(`${fault} ${up}/${total}`)}\n`);
	return exitCode.well;
}

async function up(context: Context, name: string | undefined): Promise<ExitCode> {
	const {out, language, options, signal} = context;
	const ids = faults.map(({id}) => id);
	if (!name)
		throw usage(
			'value-missing',
			say('`lab up` needs a fault', '`lab up` 需要指定一个故障'),
			say('`compose-medic lab list` lists them', '`compose-medic lab list` 可列出全部故障'),
		);
	const fault = faults.find(({id}) => id === name);
	if (!fault) throw unknownId(name, say('fault', '故障'), ids, 'compose-medic lab list');
	context.interrupted = say(
		'Interrupted. What the lab had started was removed.',
		'已中断，实验室已启动的内容均已移除。',
	);
	const report = options.quiet ? undefined : (line: Text) => out.note(tell(line, language));
	const {project, directory} = await labUp(fault, {
		project: options.project,
		directory: options.directory,
		report,
		signal,
	});
	if (options.json) {
		printJson(context, {schema: 'compose-medic/lab@1', project, directory, fault: fault.id, expects: fault.expects});
		return exitCode.well;
	}
	const lines = [
		say(
			`✔ ${project} is up with the fault \`${fault.id}\`: ${fault.title.en}`,
			`✔ ${project} 已启动，故障为 \`${fault.id}\`：${fault.title.zh}`,
		),
		say(`  files: ${directory}`, `  文件：${directory}`),
		say(`  cure it: \`compose-medic --project ${project}\``, `  开始修复：\`compose-medic --project ${project}\``),
		say(`  remove it: \`compose-medic lab down ${project}\``, `  移除：\`compose-medic lab down ${project}\``),
	];
	for (const line of lines) out.data(`${paintCommands(tell(line, language), out.paint)}\n`);
	return exitCode.well;
}

async function down(context: Context, name: string | undefined): Promise<ExitCode> {
	const {out, language, options} = context;
	const present = await labList();
	const meant = present.filter(({project, fault}) => project === name || fault === name);
	if (!name && !options.all && present.length > 1)
		throw usage(
			'value-missing',
			say(
				`the lab has ${present.length} deployments: ${listed(present.map(({project}) => project)).en}`,
				`实验室有 ${present.length} 个部署：${listed(present.map(({project}) => project)).zh}`,
			),
			say('name one, or give `--all`', '请指定其中一个，或使用 `--all`'),
		);
	if (name && meant.length === 0 && !name.startsWith('compose-medic-lab-'))
		throw unknownId(
			name,
			say('deployment of the lab', '实验室部署'),
			present.map(({project}) => project),
			'compose-medic lab list',
		);
	const gone = name
		? meant.length > 0
			? meant.map(({project}) => project)
			: [name]
		: present.map(({project}) => project);
	for (const project of gone) {
		await labDown(project);
		if (!options.json)
			out.data(`${tell(say(`✔ ${project} is removed with its data`, `✔ 已移除 ${project} 及其数据`), language)}\n`);
	}
	if (options.json) printJson(context, {schema: 'compose-medic/lab@1', removed: gone});
	else if (gone.length === 0) out.data(`${tell(say('The lab has no deployment.', '实验室没有部署。'), language)}\n`);
	return exitCode.well;
}
