import process from 'node:process';
import meow, {type AnyFlag, type AnyFlags} from 'meow';
import {checkArguments, firstWord, seeHelp} from '../core/check-arguments.ts';
import {type Flag, knownOn} from '../core/flags.ts';
import {createRedactor} from '../core/redact.ts';
import {pickLanguage, say, tell} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {announceColour, wantsColour} from './colour.ts';
import type {Context} from './context.ts';
import {reportFailure} from './failure.ts';
import {helpFor} from './help.ts';
import {createInput} from './input.ts';
import {listenForStop} from './interrupt.ts';
import {type Options, readOptions} from './options.ts';
import {createOutput} from './output.ts';
import {type Command, commands, later} from './table.ts';

const wizard = commands.find(({name}) => name === '') as Command;

/** @throws Trouble with exit code 2 for a word that is no command */
function commandNamed(word: string | null): Command {
	if (word === null) return wizard;
	const found = commands.find(({name}) => name === word);
	if (found) return found;
	if (later.includes(word))
		throw new Trouble('not-in-this-version', say(`\`${word}\` is not in this version.`, `当前版本没有 \`${word}\`。`), {
			next: seeHelp(''),
			exitCode: exitCode.usage,
		});
	const meant = nearest(word, commands.map(({name}) => name).filter(Boolean));
	throw new Trouble('unknown-command', say(`There is no command \`${word}\`.`, `没有命令 \`${word}\`。`), {
		next: meant ? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`) : seeHelp(''),
		exitCode: exitCode.usage,
	});
}

/** meow's names: camel case, and `no-input` as the opposite of `input`. */
const meowFlags = (known: readonly Flag[]): AnyFlags =>
	Object.fromEntries(
		known.map(({name, type, short, multiple}): [string, AnyFlag] => {
			const key = name.replace(/^no-/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
			if (multiple) return [key, {type: 'string', isMultiple: true, shortFlag: short}];
			if (type === 'boolean') return [key, {type, shortFlag: short, default: name.startsWith('no-')}];
			return [key, type === 'number' ? {type, shortFlag: short} : {type, shortFlag: short}];
		}),
	);

/** What can be said about the language and the form of answers before anything is checked: errors need it too. */
function glimpse(
	argv: readonly string[],
	environment: NodeJS.ProcessEnv,
): Pick<Options, 'language' | 'json' | 'quiet' | 'verbose'> {
	const at = argv.findIndex(word => word === '--lang' || word.startsWith('--lang='));
	const lang = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
	return {
		language: pickLanguage(lang === 'en' || lang === 'zh' ? lang : undefined, environment),
		json: argv.includes('--json'),
		quiet: argv.includes('--quiet') || argv.includes('-q'),
		verbose: argv.includes('--verbose'),
	};
}

/** Reads the command line, runs one command and sets the exit code. Never throws. */
export async function main(
	argv: readonly string[] = process.argv.slice(2),
	environment: NodeJS.ProcessEnv = process.env,
	auto = false,
): Promise<void> {
	const {stdin, stdout, stderr} = process;
	const {language, json, quiet, verbose} = glimpse(argv, environment);
	const color = argv.includes('--no-color') ? false : undefined;
	const colour = {
		stdout: wantsColour({color}, environment, stdout.isTTY === true),
		stderr: wantsColour({color}, environment, stderr.isTTY === true),
	};
	announceColour(colour.stdout, environment);
	const linear = argv.includes('--plain') || argv.includes('--accessible') || environment.TERM === 'dumb';
	const out = createOutput({stdout, stderr, colour, quiet, redraws: !linear && !verbose});
	let context: Context | null = null;
	const stop = listenForStop(
		() => context?.interrupted ?? null,
		text => out.note(tell(text, language)),
	);
	let code: ExitCode;
	try {
		const {command, flags, words, version} = parse(argv, language, out.width);
		if (flags.help === true || flags.version === true) {
			out.data(flags.help === true ? helpFor(command, language, out.width) : `${version}\n`);
			code = exitCode.well;
		} else {
			const options = readOptions(flags, environment);
			const canAsk = options.input && stdin.isTTY === true && stderr.isTTY === true;
			context = {
				options,
				words,
				language: options.language,
				out,
				input: createInput(stdin, stderr, canAsk),
				environment,
				signal: stop.signal,
				version,
				colour: colour.stdout,
				leaveSignals: stop.ignore,
				redact: createRedactor().redact,
				interrupted: null,
				auto,
			};
			const {run} = await command.load();
			code = await run(context);
		}
	} catch (error) {
		code = reportFailure(error, {
			out,
			language: context?.language ?? language,
			json,
			verbose,
			aborted: stop.signal.aborted,
			state: context?.interrupted ?? null,
			redact: context?.redact ?? createRedactor().redact,
		});
	}
	stop.ignore();
	process.exitCode = code;
	// Sockets and watchers of libraries must not keep a finished program alive; what was written is flushed first.
	await Promise.all(
		[stdout, stderr].map(
			stream => new Promise<void>(done => (stream.writable ? stream.write('', () => done()) : done())),
		),
	);
	process.exit(code);
}

function parse(
	argv: readonly string[],
	language: Options['language'],
	width: number,
): {command: Command; flags: Record<string, unknown>; words: string[]; version: string} {
	const word = firstWord(argv);
	const asksForHelp = argv.includes('--help') || argv.includes('-h');
	const asksForVersion = argv.includes('--version');
	const command = commandNamed(word);
	const checked = checkArguments(argv, command.name);
	const parsed = meow(helpFor(command, language, width), {
		importMeta: import.meta,
		argv: checked,
		autoHelp: false,
		autoVersion: false,
		flags: meowFlags(knownOn(command.name)),
	});
	const words = command.name ? parsed.input.slice(1) : parsed.input;
	if (!asksForHelp && !asksForVersion) {
		const {least, most, missing} = command.words;
		if (words.length < least)
			throw new Trouble('word-missing', missing, {next: seeHelp(command.name), exitCode: exitCode.usage});
		const extra = words[most];
		if (extra !== undefined)
			throw new Trouble('too-many-words', say(`\`${extra}\` is one word too many.`, `多余的参数 \`${extra}\`。`), {
				next: seeHelp(command.name),
				exitCode: exitCode.usage,
			});
	}
	return {command, flags: parsed.flags, words, version: String(parsed.pkg.version ?? '')};
}
