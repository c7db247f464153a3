import type {Fix, Setting} from '../core/fix.ts';
import {say, tell} from '../core/say.ts';
import {Secret} from '../core/secret.ts';
import {nearest} from '../core/suggest.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Context} from './context.ts';

/** Answers to what a fix asks. A secret one is in the vault, and the plan sees only its name, `setting:<key>`. */
export type Settings = {plain: Record<string, string>; secrets: Map<string, Secret>};

export function answer(settings: Settings, key: string, value: string | Secret): void {
	if (value instanceof Secret) settings.secrets.set(key, value);
	settings.plain[key] = value instanceof Secret ? `setting:${key}` : value;
}

const refuse = (code: string, en: [string, string], zh: [string, string]): Trouble =>
	new Trouble(code, say(en[0], zh[0]), {next: say(en[1], zh[1]), exitCode: exitCode.usage});

/** @returns key and value of `KEY=VALUE` */
function split(given: string): [string, string] {
	const equals = given.indexOf('=');
	if (equals < 1)
		throw refuse(
			'setting-wrong',
			['`--set` takes `KEY=VALUE`', 'write for example `--set route=socket`'],
			['`--set` 的格式是 `KEY=VALUE`', '例如 `--set route=socket`'],
		);
	return [given.slice(0, equals), given.slice(equals + 1)];
}

function check(setting: Setting, value: string): void {
	const {key, choices} = setting;
	if (setting.secret && value !== '-')
		throw new Trouble(
			'secret-in-argv',
			say(`\`${key}\` is a secret and was written on the command line`, `\`${key}\` 是机密，却写在了命令行中`),
			{
				why: say(
					'every user of this machine can read it in the process list, and the shell keeps it in its history',
					'本机任何用户都能在进程列表中看到它，shell 还会将其写入历史记录',
				),
				next: say(
					`use \`--set ${key}=-\` and give it on standard input; consider it disclosed`,
					`请使用 \`--set ${key}=-\` 并从标准输入提供；该值应视为已泄露`,
				),
				exitCode: exitCode.usage,
			},
		);
	if (choices && value !== '-' && !choices.includes(value))
		throw refuse(
			'setting-wrong',
			[`\`${key}\` can't be \`${value}\``, `it is one of ${choices.map(choice => `\`${choice}\``).join(', ')}`],
			[`\`${key}\` 不能是 \`${value}\``, `可选值：${choices.map(choice => `\`${choice}\``).join('、')}`],
		);
}

function settingOf(key: string, known: readonly Setting[], owners: string): Setting {
	const setting = known.find(one => one.key === key);
	if (setting) return setting;
	const keys = known.map(one => one.key);
	const meant = nearest(key, keys);
	const next = meant
		? say(`did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`)
		: keys.length > 0
			? say(
					`it takes ${keys.map(one => `\`${one}\``).join(', ')}`,
					`可用的键：${keys.map(one => `\`${one}\``).join('、')}`,
				)
			: say('leave `--set` out', '请去掉 `--set`');
	throw new Trouble('setting-unknown', say(`${owners} has no setting \`${key}\``, `${owners} 没有设置项 \`${key}\``), {
		next,
		exitCode: exitCode.usage,
	});
}

/**
 * Reads `--set`. `KEY=-` takes the next line of standard input, in the order of the options.
 * @param fixes the fixes that may be meant
 * @throws Trouble with exit code 2 for unknown keys, wrong values and secrets on the command line
 */
export async function readSettings(context: Context, fixes: readonly Fix[]): Promise<Settings> {
	const settings: Settings = {plain: {}, secrets: new Map()};
	const known = fixes.flatMap(fix => fix.settings);
	const given = context.options.set.map(split);
	for (const [key, value] of given) check(settingOf(key, known, fixes.map(({id}) => `\`${id}\``).join(', ')), value);
	for (const [key, value] of given) {
		const setting = settingOf(key, known, '');
		if (value !== '-') {
			answer(settings, key, value);
			continue;
		}
		const line = await context.input.line();
		if (line === null || line === '')
			throw refuse(
				'setting-missing',
				[`standard input has no line for \`${key}\``, `pipe it in: \`compose-medic fix … --set ${key}=- < file\``],
				[`标准输入中没有 \`${key}\` 的内容`, `请通过管道传入：\`compose-medic fix … --set ${key}=- < file\``],
			);
		// Only the line end is ours: blanks around a password may belong to it.
		const clean = line.replace(/\r$/, '');
		answer(settings, key, setting.secret ? new Secret(clean) : clean);
	}
	return settings;
}

/** Asks a person. @returns false when there is nobody to ask */
export async function askSettings(context: Context, asked: readonly Setting[], settings: Settings): Promise<boolean> {
	const {input, language, out, signal} = context;
	if (!input.canAsk) return false;
	for (const setting of asked) {
		const choices = setting.choices ? ` (${setting.choices.join(' | ')})` : '';
		const question = `? ${tell(setting.says, language)}${choices}: `;
		for (;;) {
			const value = setting.secret ? await input.askSecret(question, signal) : await input.ask(question, signal);
			const empty = value instanceof Secret ? value.equals(new Secret('')) : value.trim() === '';
			if (empty) return false;
			if (typeof value === 'string' && setting.choices && !setting.choices.includes(value.trim())) {
				out.note(`  ${setting.choices.join(' | ')}`);
				continue;
			}
			answer(settings, setting.key, typeof value === 'string' ? value.trim() : value);
			break;
		}
	}
	return true;
}
