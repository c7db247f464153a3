import type {LogEvent} from '../probes/service-log.ts';

/** A log line as it is read: cleaned, so that a TAB has become two spaces. */
type Line = {at: string; text: string};

/**
 * A message of a PostgreSQL server: anything as prefix (`log_line_prefix`, by default `%m [%p] `), the severity, a colon and two
 * spaces (PostgreSQL's elog.c, `send_message_to_server_log`).
 */
const message =
	/^(.*?)\b(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION|BACKTRACE): {2}(.*)$/s;
const longestPrefix = 160;

/** The default prefix first; `%p` stands between brackets in most others too. */
const processId = /\[(\d+)(?:-\d+)?\]/;

/** How the server writes the rest of a message of several lines. */
const continuation = /^(?:\t| {2})(?=\S)/;

const severities = {
	LOG: 'LOG',
	INFO: 'LOG',
	NOTICE: 'LOG',
	WARNING: 'WARNING',
	ERROR: 'ERROR',
	FATAL: 'FATAL',
	PANIC: 'PANIC',
} as const satisfies Record<string, LogEvent['severity']>;

const trouble =
	/\b(?:error|errors|fatal|panic|exception|traceback|critical|crit|emerg|failed|failure|refused|denied|cannot|could not|can't|unable to|not permitted)\b|"level":\s*"(?:error|fatal|panic)"/i;
/** Words about trouble that say there is none. */
const noTrouble = /\b(?:no|0|without) (?:errors?|failures?)\b|\berrors?[=:] ?0\b/i;

const severityOf = (text: string): 'error' | 'info' => (trouble.test(text) && !noTrouble.test(text) ? 'error' : 'info');

type Part = 'text' | 'detail' | 'hint' | 'dropped';
const parts: Record<string, Part> = {DETAIL: 'detail', HINT: 'hint'};

/** The one CONTEXT that does not repeat what a client sent: the place of an error in the server's own files. */
const ownPlace = /^line \d+ of configuration file "/;

const join = (known: string | null, more: string): string => (known ? `${known} ${more}` : more);

/** Lines that belong to no server message: other programs' output, and the entrypoint's of the database image. */
export const plainEvents = (lines: readonly Line[]): LogEvent[] =>
	lines
		.filter(({text}) => text.trim() !== '')
		.map(({at, text}) => ({at, severity: severityOf(text), text, detail: null, hint: null, pid: null}));

/**
 * Puts a database's log together: one event for each message, with its DETAIL and HINT, and the continuation lines of both glued
 * on. STATEMENT and CONTEXT are left out: they repeat what a client sent, unless it is a place in the server's own files. Lines of other programs stay events of their own.
 */
export function readServerLog(lines: readonly Line[]): LogEvent[] {
	const events: LogEvent[] = [];
	/** The last event of each server process, since messages of several processes mix. */
	const byProcess = new Map<number | null, LogEvent>();
	let last: LogEvent | null = null;
	let part: Part = 'text';
	for (const {at, text} of lines) {
		if (text.trim() === '') continue;
		const [, prefix = '', word = '', rest = ''] = message.exec(text) ?? [];
		if (word !== '' && prefix.length <= longestPrefix) {
			const found = processId.exec(prefix)?.[1];
			const pid = found === undefined ? null : Number(found);
			const severity = word.startsWith('DEBUG') ? 'LOG' : severities[word as keyof typeof severities];
			if (severity) {
				last = {at, severity, text: rest, detail: null, hint: null, pid};
				part = 'text';
				byProcess.set(pid, last);
				events.push(last);
				continue;
			}
			last = byProcess.get(pid) ?? last;
			part = parts[word] ?? (ownPlace.test(rest) ? 'detail' : 'dropped');
			if (last && part === 'detail') last.detail = join(last.detail, rest);
			if (last && part === 'hint') last.hint = join(last.hint, rest);
			continue;
		}
		if (last && continuation.test(text)) {
			const more = text.trim();
			if (part === 'text') last.text = join(last.text, more);
			else if (part !== 'dropped') last[part] = join(last[part], more);
			continue;
		}
		last = null;
		events.push(...plainEvents([{at, text}]));
	}
	return events;
}
