import {say, type Text} from '../core/say.ts';
import type {CommandModule} from './context.ts';

/** One command: how it is written, what it is for, and where its code is. Loaded only when it runs. */
export type Command = {
	name: string;
	usage: readonly string[];
	says: Text;
	/** More words for its own help. */
	about: readonly Text[];
	/** How many words may follow. */
	words: {least: number; most: number; missing: Text};
	examples: readonly [string, Text][];
	load(): Promise<CommandModule>;
};

const none = {least: 0, most: 0, missing: say('', '')};

export const commands: readonly Command[] = [
	{
		name: '',
		usage: ['compose-medic [where]'],
		says: say('the wizard: look, understand, repair', '向导：检查、了解、修复'),
		about: [
			say(
				'Needs a terminal. Without one it prints what `diagnose` prints.',
				'需要终端；没有终端时，输出与 `diagnose` 相同。',
			),
		],
		words: none,
		examples: [],
		load: () => import('./wizard.ts'),
	},
	{
		name: 'diagnose',
		usage: [
			'compose-medic diagnose [--json | --plain | --markdown] [--only ID] [--record FILE]',
			'compose-medic diagnose --logs FILE|- [--json | --plain | --markdown] [--only ID]',
			'compose-medic diagnose --list',
		],
		says: say('one pass over the tree, no questions', '完整检查一遍，不提问'),
		about: [
			say(
				'Reads only. Nothing is changed in containers, files or databases.',
				'只读操作，不更改任何容器、文件或数据库。',
			),
			say(
				'Ends with 0 when all is well, 3 when something makes the system fail, 4 when there are only warnings or things it could not see, 10 when the Docker engine does not answer.',
				'一切正常时退出码为 0；发现故障为 3；只有警告或无法查看的项目为 4；Docker 引擎无响应为 10。',
			),
		],
		words: none,
		examples: [
			[
				'compose-medic diagnose --project docker',
				say('a project by name, from any folder', '按名称指定项目，可在任意目录运行'),
			],
			[
				'compose-medic diagnose --json --record facts.json',
				say('for scripts, and keep the facts', '供脚本使用，并保存事实'),
			],
			[
				'docker compose logs | compose-medic diagnose --logs -',
				say('what somebody pasted, without any engine', '分析粘贴的日志，无需引擎'),
			],
		],
		load: () => import('./diagnose.ts'),
	},
	{
		name: 'fix',
		usage: [
			'compose-medic fix FIX|DIAGNOSIS [--plan] [--yes] [--confirm NAME] [--set KEY=VALUE]',
			'compose-medic fix --apply FILE [--yes] [--confirm NAME]',
		],
		says: say('plan, ask, apply, prove', '制定计划、征得同意、执行、验证'),
		about: [
			say(
				'Looks first, shows every command before it runs, proves the cure afterwards, and can be undone.',
				'先检查，执行前显示每条命令，事后验证修复效果，并且可以撤销。',
			),
			say(
				'`--yes` agrees to restarts and to changes that can be undone. Where data is moved, the plan asks for a name: scripts give it with `--confirm`.',
				'`--yes` 表示同意重启和可撤销的更改。需要移动数据时，计划会要求输入名称；脚本中用 `--confirm` 给出。',
			),
			say(
				'Passwords are never taken from the command line: `--set old-password=-` reads one line from standard input.',
				'命令行不接受密码：`--set old-password=-` 从标准输入读取一行。',
			),
		],
		words: {least: 0, most: 1, missing: say('', '')},
		examples: [
			[
				'compose-medic fix stale-volume-password --plan',
				say('what would be done, and nothing else', '只显示将要执行的操作'),
			],
			[
				'compose-medic fix change-password --plan --json > plan.json',
				say('keep the plan, for somebody to read', '保存计划，供他人审阅'),
			],
			[
				'compose-medic fix --apply plan.json',
				say('apply it, unless anything has moved since', '执行该计划；若此后情况有变则拒绝'),
			],
			['compose-medic fix change-password --yes', say('without a question', '不再询问')],
		],
		load: () => import('./fix.ts'),
	},
	{
		name: 'undo',
		usage: ['compose-medic undo [ID] [--yes]', 'compose-medic undo --list', 'compose-medic undo [ID] --resume'],
		says: say('undo a repair, or finish an interrupted one', '撤销修复，或继续中断的修复'),
		about: [
			say('Without an ID: the latest repair of this deployment.', '不指定 ID 时：此部署最近一次修复。'),
			say(
				'`--list` also tells what is kept of each: where it lies, how large and old it is, and whether it is proven.',
				'`--list` 同时列出每次修复保留的内容：位置、大小、时间，以及是否验证过。',
			),
		],
		words: {least: 0, most: 1, missing: say('', '')},
		examples: [],
		load: () => import('./undo.ts'),
	},
	{
		name: 'snapshot',
		usage: ['compose-medic snapshot [SERVICE] [--yes] [--json]'],
		says: say('make a proven copy of the database', '为数据库制作一份经过验证的副本'),
		about: [
			say(
				'Stops the database and its clients, copies the data to a volume of its own, compares every file, starts a throwaway server on a copy of the copy and counts the rows, and starts everything again. Whether there is room is found out before anything stops.',
				'停止数据库及其客户端，把数据复制到单独的卷，逐个文件比对，在副本的副本上启动一次性服务器并统计行数，最后重新启动一切。空间是否足够，会在停止任何服务之前查明。',
			),
			say(
				'It tells how far it got: written, checked, proven. Ends with 4 when the copy is checked and no server starts on it. Also works for a database that is stopped or does not start.',
				'会说明进行到哪一步：已写入、已比对、已验证。副本已比对但无法在其上启动服务器时，退出码为 4。数据库停止或无法启动时也可使用。',
			),
		],
		words: {least: 0, most: 1, missing: say('', '')},
		examples: [
			['compose-medic snapshot --yes', say('before an upgrade, say', '例如在升级之前')],
			['compose-medic undo --list', say('what is kept, and how large it is', '查看保留的内容及大小')],
		],
		load: () => import('./snapshot.ts'),
	},
	{
		name: 'forget',
		usage: ['compose-medic forget ID|VOLUME [--confirm NAME] [--json]'],
		says: say('remove what is kept of a finished repair', '删除已结束的修复所保留的内容'),
		about: [
			say(
				'Removes the copy and the private files of one repair, for good: it can’t be undone afterwards. The name of the volume has to be typed; scripts give it with `--confirm`. `--yes` does not exist here.',
				'永久删除某次修复的副本和私有文件：之后无法再撤销。必须输入卷名；脚本中用 `--confirm` 给出。此命令没有 `--yes`。',
			),
			say(
				'It refuses whatever this program did not make, what a container mounts, and what an unfinished repair may still need.',
				'以下内容会被拒绝：不是由本程序创建的、正被容器挂载的，以及未结束的修复可能还需要的。',
			),
		],
		words: {
			least: 1,
			most: 1,
			missing: say(
				'`forget` needs an ID or a volume. `compose-medic undo --list` lists them.',
				'`forget` 需要 ID 或卷名。`compose-medic undo --list` 可列出。',
			),
		},
		examples: [],
		load: () => import('./forget.ts'),
	},
	{
		name: 'replay',
		usage: ['compose-medic replay FILE [--json | --plain | --markdown]'],
		says: say('walk the tree over recorded facts, without any engine', '用记录的事实重新诊断，无需引擎'),
		about: [],
		words: {least: 1, most: 1, missing: say('`replay` needs a file.', '`replay` 需要指定文件。')},
		examples: [],
		load: () => import('./replay.ts'),
	},
	{
		name: 'explain',
		usage: ['compose-medic explain [ID]'],
		says: say('what a diagnosis or a fix is; works offline', '解释一种诊断或修复；可离线使用'),
		about: [say('Without an ID: all of them.', '不指定 ID 时：列出全部。')],
		words: {least: 0, most: 1, missing: say('', '')},
		examples: [],
		load: () => import('./explain.ts'),
	},
	{
		name: 'lab',
		usage: ['compose-medic lab list', 'compose-medic lab up FAULT', 'compose-medic lab down [NAME] [--all]'],
		says: say('throwaway deployments with one real fault', '带有一个真实故障的一次性部署'),
		about: [
			say(
				'Everything in it carries the label `compose-medic.lab` and is gone after `lab down`.',
				'其中所有内容都带有 `compose-medic.lab` 标签，执行 `lab down` 后全部移除。',
			),
		],
		words: {least: 0, most: 3, missing: say('', '')},
		examples: [],
		load: () => import('./lab.ts'),
	},
];

/** Words of the contract that this version does not have yet. They are refused by name and not shown as working. */
export const later: readonly string[] = [
	'status',
	'backup',
	'restore',
	'bundle',
	'diff',
	'reproduce',
	'preflight',
	'completion',
];
