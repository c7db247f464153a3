import {userInfo} from 'node:os';
import {EngineTrouble} from '../core/engine-trouble.ts';
import {say, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';

const unreachable = new Set([
	'ENOENT',
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ETIMEDOUT',
	'ECONNRESET',
	'EPIPE',
	'ENOTSOCK',
	'ERR_STREAM_PREMATURE_CLOSE',
	'ECONNABORTED',
	'HPE_INVALID_CONSTANT',
]);
const denied = new Set(['EACCES', 'EPERM']);

const currentUser = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A container may run under an id that has no name.
		return String(process.getuid?.() ?? '?');
	}
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What the engine itself said, without the client library's frame around it. */
function engineWords(error: unknown): string {
	const json = (error as {json?: unknown}).json;
	const message = json && typeof json === 'object' ? (json as {message?: unknown}).message : undefined;
	if (typeof message === 'string') return message;
	return textOf(error)
		.replace(/^\(HTTP code \d+\) .*? - /s, '')
		.trim();
}

/** The engine's HTTP status behind an error of the client library or a `Trouble` made of one; null for anything else. */
export function statusOf(error: unknown): number | null {
	const own = (error as {statusCode?: unknown} | null)?.statusCode;
	if (typeof own === 'number') return own;
	const cause = error instanceof Error ? error.cause : undefined;
	return cause === undefined ? null : statusOf(cause);
}

/**
 * Turns what the client library throws into a Trouble: `engine-unreachable` and `engine-denied` (exit code 10), `not-found`,
 * `conflict`, `engine-error`. Aborts and our own errors pass as they are.
 * @param redact for the engine's words, which may quote a command or a mount
 */
export function engineError(error: unknown, endpoint: string, redact: (text: string) => string): unknown {
	if (error instanceof Trouble) return error;
	const {code, name} = error as NodeJS.ErrnoException;
	if (name === 'AbortError' || code === 'ABORT_ERR') return error;
	const says = redact(engineWords(error));
	if (code && denied.has(code)) return new EngineTrouble('denied', {endpoint, user: currentUser(), says, cause: error});
	if (
		(code && (unreachable.has(code) || code.startsWith('ERR_TLS') || code.startsWith('HPE_'))) ||
		/socket hang up/.test(says)
	)
		return new EngineTrouble('unreachable', {endpoint, user: currentUser(), says, cause: error});
	const status = statusOf(error);
	if (status === null) return error;
	return new Trouble(
		status === 404 ? 'not-found' : status === 409 ? 'conflict' : 'engine-error',
		say(`The Docker engine answered: ${says}`, `Docker 引擎回答：${says}`),
		{why: verbatim(says), cause: error},
	);
}
