import {plainEvents, readServerLog} from '../core/pg-log.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {settling} from '../core/symptoms.ts';
import type {Container, LogLine} from '../core/world.ts';
import {stackById} from '../stacks/index.ts';
import {presentContainer} from './present-container.ts';

/** One event of a log: a PostgreSQL message with its DETAIL and HINT glued on, or a plain line. Redacted, free of control characters. */
export type LogEvent = {
	at: string;
	/** PostgreSQL's severity, or `error` / `info` for other programs' lines as far as they tell. */
	severity: 'LOG' | 'WARNING' | 'ERROR' | 'FATAL' | 'PANIC' | 'error' | 'info';
	text: string;
	detail: string | null;
	hint: string | null;
	/** The server process, when the line names one. */
	pid: number | null;
};

export type ServiceLog = {
	/** Events since the container's last start, oldest first, at most the last 400. */
	events: LogEvent[];
	/**
	 * A database's last words before that start, while it is caught between two crashes: the reason stands there, and the new run
	 * has said nothing yet. Empty otherwise.
	 */
	lastWords?: LogEvent[];
	/** The container's last start; null when it never started. */
	since: string | null;
};

const mostEvents = 400;
const mostLines = 2000;

/** How much of the run before belongs to a crash that has just happened. */
const lastWords = 15_000;

/** A crowded engine notes a start some time after the process has begun to speak. */
const late = {known: 1000, guessed: 150};

/**
 * The earliest moment of the last run's lines. Where the end of the run before is known, what was said closer to the start than to
 * that end is the new run's; else little is allowed, because a crash may lie just before.
 */
function runStart(startedAt: string, finishedAt: string | null): number {
	const start = Date.parse(startedAt);
	const before = finishedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(finishedAt);
	return before < start ? Math.max((before + start) / 2, start - late.known) : start - late.guessed;
}

/**
 * Where reading starts: the last start. A service that is caught between two crashes has its reason in the run before, which ended
 * a moment ago.
 */
function readFrom({finishedAt, restartCount, createdAt}: Container, startedAt: string, now: Date): number {
	const start = runStart(startedAt, finishedAt);
	if (restartCount === 0 || finishedAt === null) return start;
	// A container that has just come back has often said nothing yet.
	if (now.getTime() - Date.parse(startedAt) > settling || Date.parse(finishedAt) > Date.parse(startedAt)) return start;
	return Math.min(Math.max(Date.parse(finishedAt) - lastWords, Date.parse(createdAt)), start);
}

export const serviceLog = probe<ServiceLog>({
	id: 'service-log',
	title: service => say(`Reading the log of ${service}`, `读取 ${service} 的日志`),
	like: service => `docker compose logs --since <last start> ${service}`,
	deadline: 10_000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container?.startedAt) return {events: [], since: null};
		const isDatabase = stackById(world.target.stack).roleOf(container) === 'database';
		const start = container.startedAt;
		const since = new Date(readFrom(container, start, world.now())).toISOString();
		const lines = await world.docker.logs(container.id, {since, tail: mostLines, signal});
		if (!isDatabase) return {events: plainEvents(lines).slice(-mostEvents), since: start};
		// A database's own start is never mixed with an older one.
		const ownStart = runStart(start, container.finishedAt);
		const isOld = ({at}: LogLine): boolean => Date.parse(at) < ownStart;
		return {
			events: readServerLog(lines.filter(line => !isOld(line))).slice(-mostEvents),
			lastWords: readServerLog(lines.filter(isOld)).slice(-mostEvents),
			since: start,
		};
	},
});
