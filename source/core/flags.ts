import {say, type Text} from './say.ts';

/** One option of the command line. `on` names the commands that know it; `where` and `how` options belong to all. */
export type Flag = {
	name: string;
	short?: string;
	type: 'boolean' | 'string' | 'number';
	multiple?: true;
	/** The placeholder in the help, such as `NAME`. */
	value?: string;
	says: Text;
	on: 'where' | 'how' | readonly string[];
};

export const flags: readonly Flag[] = [
	{
		name: 'json',
		type: 'boolean',
		on: ['diagnose', 'fix', 'undo', 'snapshot', 'forget', 'replay', 'lab', 'explain'],
		says: say('print one JSON object on standard output', '在标准输出打印一个 JSON 对象'),
	},
	{
		name: 'markdown',
		type: 'boolean',
		on: ['diagnose', 'replay'],
		says: say('print Markdown, for an issue or a chat', '打印 Markdown，便于贴到工单或聊天中'),
	},
	{
		name: 'logs',
		type: 'string',
		value: 'FILE|-',
		on: ['diagnose'],
		says: say(
			'read a pasted log instead of a deployment; `-` reads standard input',
			'读取粘贴的日志而不是检查部署；`-` 表示标准输入',
		),
	},
	{
		name: 'only',
		type: 'string',
		value: 'ID',
		on: ['diagnose'],
		says: say('report this diagnosis only', '只报告这一种诊断'),
	},
	{
		name: 'list',
		type: 'boolean',
		on: ['diagnose', 'undo'],
		says: say('list what there is and do nothing', '只列出，不执行'),
	},
	{
		name: 'record',
		type: 'string',
		value: 'FILE',
		on: ['diagnose'],
		says: say('also save all facts, without secrets, for `replay`', '同时保存全部事实（不含密码），供 `replay` 使用'),
	},
	{
		name: 'plan',
		type: 'boolean',
		on: ['fix'],
		says: say('show the plan and change nothing', '只显示计划，不做任何更改'),
	},
	{
		name: 'apply',
		type: 'string',
		value: 'FILE',
		on: ['fix'],
		says: say(
			'apply a plan saved with `--plan --json`, if nothing has moved since',
			'执行用 `--plan --json` 保存的计划，前提是此后情况没有变化',
		),
	},
	{
		name: 'yes',
		short: 'y',
		type: 'boolean',
		on: ['fix', 'undo', 'snapshot'],
		says: say('agree without being asked; never covers losing data', '无需询问直接同意；绝不包括可能丢失数据的操作'),
	},
	{
		name: 'confirm',
		type: 'string',
		value: 'NAME',
		on: ['fix', 'forget'],
		says: say(
			'the exact name that is asked for before data is moved or a copy removed',
			'移动数据或删除副本前要求输入的确切名称',
		),
	},
	{
		name: 'set',
		type: 'string',
		multiple: true,
		value: 'KEY=VALUE',
		on: ['fix'],
		says: say(
			'answer a question of the fix; `KEY=-` reads one line from standard input',
			'回答修复所需的问题；`KEY=-` 从标准输入读取一行',
		),
	},
	{
		name: 'resume',
		type: 'boolean',
		on: ['undo'],
		says: say('finish an interrupted fix instead of undoing it', '继续完成中断的修复，而不是撤销'),
	},
	{name: 'all', type: 'boolean', on: ['lab'], says: say('remove every deployment of the lab', '移除实验室的所有部署')},

	{
		name: 'project',
		short: 'p',
		type: 'string',
		value: 'NAME',
		on: 'where',
		says: say('the Compose project, from any folder', 'Compose 项目，可在任意目录使用'),
	},
	{
		name: 'directory',
		type: 'string',
		value: 'DIR',
		on: 'where',
		says: say('the folder of the project', '项目所在目录'),
	},
	{
		name: 'file',
		short: 'f',
		type: 'string',
		multiple: true,
		value: 'FILE',
		on: 'where',
		says: say(
			'a Compose file, as in `docker compose -f`; may be repeated',
			'Compose 文件，同 `docker compose -f`，可重复',
		),
	},
	{name: 'context', type: 'string', value: 'NAME', on: 'where', says: say('the Docker context', 'Docker context')},
	{
		name: 'host',
		type: 'string',
		value: 'URL',
		on: 'where',
		says: say('the Docker endpoint, as in `DOCKER_HOST`', 'Docker 端点，同 `DOCKER_HOST`'),
	},
	{
		name: 'database-url',
		type: 'string',
		value: 'URL',
		on: 'where',
		says: say('an external PostgreSQL; `-` reads it from standard input', '外部 PostgreSQL；`-` 表示从标准输入读取'),
	},
	{
		name: 'env-file',
		type: 'string',
		value: 'FILE',
		on: 'where',
		says: say('the environment file of the deployment', '部署所用的环境变量文件'),
	},

	{
		name: 'lang',
		type: 'string',
		value: 'en|zh',
		on: 'how',
		says: say('language; default from LC_ALL, LC_MESSAGES, LANG', '语言；默认取自 LC_ALL、LC_MESSAGES、LANG'),
	},
	{name: 'plain', type: 'boolean', on: 'how', says: say('plain lines, no screen', '纯文本输出，不使用全屏界面')},
	{
		name: 'accessible',
		type: 'boolean',
		on: 'how',
		says: say('linear text for screen readers', '适合屏幕阅读器的线性文本'),
	},
	{
		name: 'no-color',
		type: 'boolean',
		on: 'how',
		says: say('no colours (also `NO_COLOR`)', '不使用颜色（也可设置 `NO_COLOR`）'),
	},
	{
		name: 'no-input',
		type: 'boolean',
		on: 'how',
		says: say('never ask; ends with 5 where consent is needed', '从不询问；需要同意时以退出码 5 结束'),
	},
	{
		name: 'timeout',
		type: 'number',
		value: 'S',
		on: 'how',
		says: say('seconds that one look may take', '每次探测的秒数上限'),
	},
	{
		name: 'verbose',
		type: 'boolean',
		on: 'how',
		says: say('also print every look and how long it took', '同时打印每次探测及其耗时'),
	},
	{name: 'quiet', short: 'q', type: 'boolean', on: 'how', says: say('no progress and no hints', '不打印进度和提示')},
	{name: 'version', type: 'boolean', on: 'how', says: say('print the version', '打印版本号')},
	{name: 'help', short: 'h', type: 'boolean', on: 'how', says: say('print this help', '打印本帮助')},
];

export const knownOn = (command: string): Flag[] =>
	flags.filter(({on}) => typeof on === 'string' || on.includes(command));
