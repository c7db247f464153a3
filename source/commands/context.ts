import {tame} from '../core/hostile.ts';
import type {DiagnosisReport} from '../core/report.ts';
import type {Language, Text} from '../core/say.ts';
import type {ExitCode} from '../core/trouble.ts';
import type {Target} from '../core/world.ts';
import type {PlainOptions} from '../report/plain.ts';
import type {Input} from './input.ts';
import type {Options} from './options.ts';
import type {Output} from './output.ts';

/** Everything a command may use. Made once by the entry. */
export type Context = {
	options: Options;
	/** Words after the command. */
	words: readonly string[];
	language: Language;
	out: Output;
	input: Input;
	environment: NodeJS.ProcessEnv;
	/** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
	signal: AbortSignal;
	version: string;
	/** Whether standard output is coloured. */
	colour: boolean;
	/** Hands signals over to whoever draws on the screen. */
	leaveSignals: () => void;
	/** Takes out every secret of this run; commands replace it once they have opened a world. */
	redact: (text: string) => string;
	/** What to say when the run is interrupted: what state things are in. */
	interrupted: Text | null;
	/** The wizard plays by itself: for the demo and for pictures. */
	auto: boolean;
};

export type CommandModule = {run(context: Context): Promise<ExitCode>};

const quoteWord = (word: string): string =>
	/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command of this program for the same deployment, ready to be pasted. Never carries a password. */
export function commandFor({options}: Pick<Context, 'options'>, target: Target | null): (rest: string) => string {
	const where: string[] = [];
	if (target?.kind === 'compose') where.push('--project', target.project);
	else if (options.databaseUrl && options.databaseUrl !== '-')
		where.push('--database-url', withoutPassword(options.databaseUrl));
	else if (options.databaseUrl) where.push('--database-url', '-');
	if (options.envFile) where.push('--env-file', options.envFile);
	if (options.context) where.push('--context', options.context);
	if (options.host) where.push('--host', options.host);
	for (const file of options.files) where.push('--file', file);
	return rest => tame(['compose-medic', rest, ...where.map(quoteWord)].join(' '));
}

/** `postgres://user:…@host/db` -> `postgres://user@host/db` */
export const withoutPassword = (url: string): string =>
	url.replace(/(:\/\/[^\s:/?#@]*):[^\s]*@/, '$1@').replace(/([?&])password=[^&]*/gi, '$1');

export const plainOptions = (
	context: Context,
	report: Pick<DiagnosisReport, 'target'> | null,
	stream: 'data' | 'note' = 'data',
): PlainOptions => ({
	language: context.language,
	width: context.out.width,
	paint: stream === 'data' ? context.out.paint : context.out.notePaint,
	command: commandFor(context, report?.target ?? null),
});

/** Signs that a terminal would obey or hide although JSON allows them as they are. */
const unsafe = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** One JSON object, and a line feed at its end. Harmless in a terminal, and the same value for every parser. */
export const jsonText = (value: unknown): string =>
	`${JSON.stringify(value, null, '\t').replace(unsafe, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;

export const printJson = ({out}: Pick<Context, 'out'>, value: unknown): void => out.data(jsonText(value));
