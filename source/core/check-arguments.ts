import {type Flag, flags, knownOn} from './flags.ts';
import {say, type Text} from './say.ts';
import {nearest} from './suggest.ts';
import {exitCode, Trouble} from './trouble.ts';

/** Options that contradict each other, with why. */
const contradictions: readonly [string, string][] = [
	['json', 'plain'],
	['json', 'markdown'],
	['plain', 'markdown'],
	['plan', 'yes'],
	['plan', 'confirm'],
	['plan', 'apply'],
	['quiet', 'verbose'],
	['list', 'resume'],
	['list', 'record'],
	['list', 'only'],
	['list', 'yes'],
	['logs', 'record'],
	['logs', 'list'],
	['logs', 'project'],
	['logs', 'directory'],
	['logs', 'file'],
	['logs', 'context'],
	['logs', 'host'],
	['logs', 'database-url'],
	['logs', 'env-file'],
	['context', 'host'],
	['database-url', 'project'],
	['database-url', 'directory'],
	['database-url', 'file'],
];

const usage = (code: string, what: Text, more: {why?: Text; next?: Text} = {}): Trouble =>
	new Trouble(code, what, {...more, exitCode: exitCode.usage});

export const seeHelp = (command: string): Text => {
	const like = `compose-medic ${command ? `${command} ` : ''}--help`;
	return say(`See \`${like}\`.`, `参见 \`${like}\`。`);
};

function unknownFlag(given: string, command: string): Trouble {
	const elsewhere = flags.find(({name}) => `--${name}` === given);
	if (elsewhere && typeof elsewhere.on !== 'string') {
		const owners = elsewhere.on.map(name => `\`${name}\``);
		return usage(
			'flag-not-here',
			command
				? say(`\`${command}\` has no option \`${given}\`.`, `\`${command}\` 没有选项 \`${given}\`。`)
				: say(`\`${given}\` needs a command.`, `\`${given}\` 需要配合命令使用。`),
			{why: say(`It belongs to ${owners.join(', ')}.`, `它属于 ${owners.join('、')}。`), next: seeHelp(command)},
		);
	}
	const meant = nearest(
		given,
		knownOn(command).map(({name}) => `--${name}`),
	);
	return usage('unknown-flag', say(`There is no option \`${given}\``, `没有选项 \`${given}\`。`), {
		next: meant ? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`) : seeHelp(command),
	});
}

/**
 * The command is the first word that is neither an option nor the value of one.
 * Needs no knowledge of commands: an unknown word is told apart by the caller.
 */
export function firstWord(argv: readonly string[]): string | null {
	for (let index = 0; index < argv.length; index++) {
		const token = argv[index] ?? '';
		if (token === '--') return argv[index + 1] ?? null;
		if (!token.startsWith('-') || token === '-') return token;
		const flag = flags.find(({name, short}) => token === `--${name}` || token === `-${short}`);
		if (flag && flag.type !== 'boolean') index++;
	}
	return null;
}

/**
 * Refuses what would otherwise be guessed: unknown options, options of another command, missing and superfluous values,
 * an option given twice, contradictions.
 * @returns the same command line with every value glued to its option, so that no parser takes a lone `-` for a word
 * @throws Trouble with exit code 2
 */
export function checkArguments(argv: readonly string[], command: string): string[] {
	const known = knownOn(command);
	const given = new Set<string>();
	const glued: string[] = [];
	for (let index = 0; index < argv.length; index++) {
		const token = argv[index] ?? '';
		if (token === '--') {
			glued.push(...argv.slice(index));
			break;
		}
		if (!token.startsWith('-') || token === '-') {
			glued.push(token);
			continue;
		}
		const equals = token.indexOf('=');
		const word = equals < 0 ? token : token.slice(0, equals);
		const flag = known.find(({name, short}) => word === `--${name}` || (short && word === `-${short}`));
		if (!flag) throw unknownFlag(word, command);
		if (given.has(flag.name) && !flag.multiple && flag.type !== 'boolean')
			throw usage('flag-twice', say(`\`--${flag.name}\` is given twice.`, `\`--${flag.name}\` 出现了两次。`), {
				next: seeHelp(command),
			});
		given.add(flag.name);
		if (flag.type === 'boolean') {
			glued.push(`--${flag.name}`);
			if (equals >= 0)
				throw usage('value-not-taken', say(`\`--${flag.name}\` takes no value.`, `\`--${flag.name}\` 不接受值。`), {
					next: seeHelp(command),
				});
			continue;
		}
		const value = equals < 0 ? argv[++index] : token.slice(equals + 1);
		glued.push(`--${flag.name}=${checkValue(flag, value, equals >= 0, command)}`);
	}
	for (const [one, other] of contradictions)
		if (given.has(one) && given.has(other))
			throw usage(
				'contradiction',
				say(`\`--${one}\` and \`--${other}\` contradict each other.`, `\`--${one}\` 与 \`--${other}\` 互相矛盾。`),
				{next: say('Give only one of them.', '请只使用其中一个。')},
			);
	return glued;
}

function checkValue(flag: Flag, value: string | undefined, glued: boolean, command: string): string {
	if (value === undefined || value === '' || (!glued && value.startsWith('-') && value !== '-'))
		throw usage('value-missing', say(`\`--${flag.name}\` needs a value.`, `\`--${flag.name}\` 需要一个值。`), {
			next: say(
				`write \`--${flag.name} ${flag.value ?? 'VALUE'}\``,
				`请写成 \`--${flag.name} ${flag.value ?? 'VALUE'}\``,
			),
		});
	if (flag.type === 'number' && !(Number(value) > 0 && Number.isFinite(Number(value))))
		throw usage(
			'value-wrong',
			say(`\`--${flag.name}\` needs a positive number.`, `\`--${flag.name}\` 需要一个正数。`),
			{
				next: seeHelp(command),
			},
		);
	if (flag.name === 'lang' && value !== 'en' && value !== 'zh')
		throw usage('value-wrong', say('`--lang` is `en` or `zh`.', '`--lang` 只能是 `en` 或 `zh`。'), {
			why: say('These are the languages of this program.', '本程序支持这两种语言。'),
		});
	return value;
}
