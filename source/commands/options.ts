import type {Language} from '../core/say.ts';
import {pickLanguage} from '../core/say.ts';

/** What was asked for on the command line, read once. Options are already checked by `core/flags.ts`. */
export type Options = {
	project: string | undefined;
	directory: string | undefined;
	files: string[];
	context: string | undefined;
	host: string | undefined;
	databaseUrl: string | undefined;
	envFile: string | undefined;
	language: Language;
	plain: boolean;
	accessible: boolean;
	input: boolean;
	/** Milliseconds, or undefined for each probe's own deadline. */
	timeout: number | undefined;
	verbose: boolean;
	quiet: boolean;
	json: boolean;
	markdown: boolean;
	logs: string | undefined;
	only: string | undefined;
	list: boolean;
	record: string | undefined;
	plan: boolean;
	/** A saved plan. */
	apply: string | undefined;
	yes: boolean;
	confirm: string | undefined;
	set: string[];
	resume: boolean;
	all: boolean;
};

/** @param flags as the parser gives them: camel case, `--no-input` as `input: false` */
export function readOptions(flags: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): Options {
	const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
	const yes = (name: string): boolean => flags[name] === true;
	const many = (name: string): string[] =>
		[flags[name]].flat().filter((value): value is string => typeof value === 'string');
	const lang = text('lang');
	const timeout = Number(flags.timeout);
	return {
		project: text('project'),
		directory: text('directory'),
		files: many('file'),
		context: text('context'),
		host: text('host'),
		databaseUrl: text('databaseUrl'),
		envFile: text('envFile'),
		language: pickLanguage(lang === 'en' || lang === 'zh' ? lang : undefined, environment),
		plain: yes('plain'),
		accessible: yes('accessible') || !['', '0', 'false', undefined].includes(environment.ACCESSIBLE),
		input: flags.input !== false,
		timeout: timeout > 0 ? timeout * 1000 : undefined,
		verbose: yes('verbose'),
		quiet: yes('quiet'),
		json: yes('json'),
		markdown: yes('markdown'),
		logs: text('logs'),
		only: text('only'),
		list: yes('list'),
		record: text('record'),
		plan: yes('plan'),
		apply: text('apply'),
		yes: yes('yes'),
		confirm: text('confirm'),
		set: many('set'),
		resume: yes('resume'),
		all: yes('all'),
	};
}
