import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {LogLine} from '../core/world.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** What the log still tells of the start that made the data directory. */
export type FirstStart = {
	/** Whether this very container made the directory, and its log reaches back to it. */
	seen: boolean;
	/** Whether the entrypoint said that it was done; null when the log is too long to know. */
	finished: boolean | null;
	/** The init script that was running when it ended. */
	script: string | null;
	/** What was said last about it. */
	says: {at: string; text: string} | null;
};

const mostLines = 5000;
/** An init script that takes longer than this is still running for all we can tell. */
const longest = 6 * 60 * 60 * 1000;

const began =
	/files belonging to this database system|creating subdirectories|initializing|waiting for server to start/;
const done = /PostgreSQL init process complete/;
const nextStart = /Skipping initialization/;
const script = /(?:running|sourcing) (\/docker-entrypoint-initdb\.d\/\S+)/;
const complaint =
	/^psql:|: line \d+:|cannot execute|bad interpreter|cannot open directory|required file not found|command not found|(?:permission|Permission) denied|No such file/;

/** Reads the lines of the first run: from where the container began to where a later start found the directory made. */
export function readFirstStart(lines: readonly LogLine[], truncated: boolean): FirstStart {
	const next = lines.findIndex(({text}) => nextStart.test(text));
	const run = next < 0 ? lines : lines.slice(0, next);
	if (!run.some(({text}) => began.test(text))) return {seen: false, finished: null, script: null, says: null};
	if (run.some(({text}) => done.test(text))) return {seen: true, finished: true, script: null, says: null};
	const at = run.findLastIndex(({text}) => script.test(text));
	const after = run.slice(Math.max(0, at + 1)).filter(({text}) => text.trim() !== '');
	const last = after.findLast(({text}) => complaint.test(text)) ?? after.at(-1) ?? null;
	return {
		seen: true,
		finished: next < 0 && truncated ? null : false,
		script: (at < 0 ? null : script.exec(run[at]?.text ?? '')?.[1]) ?? null,
		says: last && {at: last.at, text: last.text},
	};
}

export const firstStart = probe<FirstStart>({
	id: 'first-start',
	title: service => say(`Reading how the first start of ${service} went`, `查看 ${service} 首次启动的过程`),
	like: service => `docker compose logs ${service} | head`,
	async observe(world, service, signal) {
		const unseen = {seen: false, finished: null, script: null, says: null};
		const container = await presentContainer(world, service);
		if (!container?.startedAt) return unseen;
		const version = await world.docker.stat(container.id, `${await dataPathOf(world, container)}/PG_VERSION`);
		const made = Date.parse(version?.modifiedAt ?? container.createdAt);
		if (made < Date.parse(container.createdAt)) return unseen;
		const lines = await world.docker.logs(container.id, {
			since: container.createdAt,
			until: new Date(Math.min(made + longest, world.now().getTime() + 60_000)).toISOString(),
			tail: mostLines,
			signal,
		});
		return readFirstStart(lines, lines.length >= mostLines);
	},
});
