import type {Text} from './say.ts';

/** Exit codes of the command line. They are part of the contract with scripts. */
export const exitCode = {
	well: 0,
	ownError: 1,
	usage: 2,
	diagnosed: 3,
	warnings: 4,
	unconfirmed: 5,
	rolledBack: 6,
	rollBackFailed: 7,
	engineUnreachable: 10,
	locked: 11,
	leak: 12,
	interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Something the user can act on: what happened, why, and what to do next. Anything else that is thrown is a bug of ours. */
export class Trouble extends Error {
	readonly what: Text;
	readonly why: Text | null;
	readonly next: Text | null;
	readonly exitCode: ExitCode;
	/** A short stable word for scripts, such as `engine-unreachable`. */
	readonly code: string;

	constructor(code: string, what: Text, options: {why?: Text; next?: Text; exitCode?: ExitCode; cause?: unknown} = {}) {
		super(what.en, {cause: options.cause});
		this.name = 'Trouble';
		this.code = code;
		this.what = what;
		this.why = options.why ?? null;
		this.next = options.next ?? null;
		this.exitCode = options.exitCode ?? exitCode.ownError;
	}
}
