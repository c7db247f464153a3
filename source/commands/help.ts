import {type Flag, flags} from '../core/flags.ts';
import {type Language, say, type Text, tell} from '../core/say.ts';
import {hang, wrap} from '../report/wrap.ts';
import {type Command, commands} from './table.ts';

const spelled = ({name, short, value}: Flag): string =>
	`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;

/** Help for one command, or for the whole program. Every option and command comes from the tables. */
export function helpFor(command: Command, language: Language, width: number): string {
	const word = (text: Text): string => tell(text, language);
	const rows = (entries: readonly [string, string][]): string[] => {
		const longest = Math.min(26, Math.max(...entries.map(([left]) => left.length)));
		return entries.map(([left, right]) => {
			const column = `  ${left.padEnd(longest)}  `;
			return left.length > longest && width < 80
				? `  ${left}\n${hang('      ', right, width)}`
				: hang(column, right, width);
		});
	};
	const section = (title: Text, lines: readonly string[]): string[] =>
		lines.length > 0 ? [`${word(title)}`, ...lines, ''] : [];
	const options = (on: Flag['on'] | string): [string, string][] =>
		flags
			.filter(flag => (typeof flag.on === 'string' ? flag.on === on : flag.on.includes(String(on))))
			.map(flag => [spelled(flag), word(flag.says)]);
	const main = command.name === '';
	const lines = [
		...(main
			? [
					...wrap(
						word(
							say(
								'Finds out why a self-hosted Docker Compose deployment with PostgreSQL is broken, and repairs it without losing data.',
								'查明自托管的 Docker Compose + PostgreSQL 部署为何出故障，并在不丢数据的前提下修复。',
							),
						),
						width,
					),
					'',
				]
			: [...wrap(word(command.says), width), '']),
		...section(
			say('Usage', '用法'),
			(main ? [...command.usage, 'compose-medic COMMAND --help'] : command.usage).map(line => `  ${line}`),
		),
		...(main
			? section(
					say('Commands', '命令'),
					rows(
						commands.map(({name, says, words}) => [
							name ? `${name}${words.least > 0 ? ' …' : ''}` : say('(none)', '（无）')[language],
							word(says),
						]),
					),
				)
			: []),
		...command.about.flatMap(text => [...wrap(word(text), width), '']),
		...(main ? [] : section(say('Options', '选项'), rows(options(command.name)))),
		...section(say('Where', '对象'), rows(options('where'))),
		...(main
			? [
					...wrap(
						word(
							say(
								'Default: the folder you stand in, else a list to choose from.',
								'默认：当前目录中的项目；没有时列出项目供选择。',
							),
						),
						width,
					),
					'',
				]
			: []),
		...section(say('How', '方式'), rows(options('how'))),
		...section(
			say('Examples', '示例'),
			command.examples.flatMap(([like, text]) => [`  ${like}`, hang('      ', word(text), width)]),
		),
		...(main
			? section(
					say('Exit codes', '退出码'),
					rows([
						['0', word(say('all well, nothing unknown', '一切正常，没有未知项'))],
						['1', word(say('an error of this program', '本程序自身的错误'))],
						['2', word(say('wrong usage', '用法错误'))],
						['3', word(say('at least one diagnosis of a failing system', '至少有一项故障诊断'))],
						['4', word(say('only warnings, or things it could not see', '只有警告，或有无法查看的项目'))],
						['5', word(say('consent is needed and was not given', '需要同意但未获得'))],
						['6', word(say('applied, proof failed, rolled back', '已执行，验证失败，已回滚'))],
						['7', word(say('applied, proof failed, roll-back failed', '已执行，验证失败，回滚也失败'))],
						['10', word(say('the Docker engine does not answer or denies access', 'Docker 引擎无响应或拒绝访问'))],
						['11', word(say('another run is at work on this deployment', '另一个进程正在处理此部署'))],
						['130', word(say('interrupted', '被中断'))],
					]),
				)
			: []),
	];
	return `${lines.join('\n').trimEnd()}\n`;
}
