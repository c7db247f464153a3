import {type PostmasterPid, readPostmasterPid} from '../core/postmaster-pid.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container, LogLine, ReadWorld} from '../core/world.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

export type Readiness =
	/** Answers over TCP. */
	| {state: 'accepting'}
	/** Alive and refusing for now (SQLSTATE 57P03). */
	| {state: 'rejecting'; phase: 'starting' | 'recovery' | 'stopping'}
	/** The container runs and no server listens on its address: first initialisation, a temporary server, or `listen_addresses`. */
	| {
			state: 'no-answer';
			phase: 'initdb' | 'init-scripts' | 'starting' | 'socket-only' | 'unknown';
			listens: string | null;
			port: number | null;
	  }
	/** The container does not run. */
	| {state: 'down'};

const mostLines = 2000;

/** A server that has just been started writes its pid file within this time. */
const young = 10_000;

async function postmasterPid(world: ReadWorld, container: Container): Promise<PostmasterPid | null> {
	const path = `${await dataPathOf(world, container)}/postmaster.pid`;
	const file = await world.docker.readFile(container.id, path).catch(() => null);
	return file && readPostmasterPid(file.content.toString('latin1'));
}

const lastLine = (lines: readonly LogLine[], pattern: RegExp): number =>
	lines.findLastIndex(({text}) => pattern.test(text));

/** A server that refuses for now says in its log whether it replays its write-ahead log. */
function refusing(lines: readonly LogLine[], pid: PostmasterPid | null): 'starting' | 'recovery' | 'stopping' {
	const ready = lastLine(lines, /database system is ready to accept/);
	const stopping = lastLine(lines, /received (?:fast|smart|immediate) shutdown request/);
	if (pid?.status === 'stopping' || stopping > ready) return 'stopping';
	const recovery = lastLine(
		lines,
		/automatic recovery in progress|redo starts at|redo in progress|was interrupted|entering standby mode/,
	);
	return recovery > ready ? 'recovery' : 'starting';
}

/**
 * Why nobody listens, from the image's own marks (docker-library/postgres, docker-entrypoint.sh): the bootstrap script while
 * initdb runs, then a temporary server that listens on its socket only while the init scripts run.
 */
function silence(
	lines: readonly LogLine[],
	pid: PostmasterPid | null,
	age: number,
): Extract<Readiness, {state: 'no-answer'}> {
	const done = lastLine(lines, /init process complete|Skipping initialization/);
	const initdb = lastLine(
		lines,
		/files belonging to this database system|running bootstrap script|performing post-bootstrap/,
	);
	const temporary = lastLine(lines, /waiting for server to start/);
	const about = {state: 'no-answer', listens: pid?.address ?? null, port: pid?.port ?? null} as const;
	if (temporary > done) return {...about, phase: 'init-scripts'};
	// A long import pushes that mark out of what was read. The server proper takes the first process number, or, behind an init
	// process, one of the next; the temporary one comes after everything that the entrypoint and initdb ran.
	const cut = lines.length >= mostLines && done < 0;
	if (cut && pid?.address === '' && (pid.pid ?? 0) > 9) return {...about, phase: 'init-scripts'};
	if (initdb > done && !pid) return {...about, phase: 'initdb'};
	if (pid && pid.status !== 'starting' && pid.status !== '') return {...about, phase: 'socket-only'};
	return {...about, phase: pid || age < young ? 'starting' : 'unknown'};
}

/** Readiness over TCP to the server's own address: the socket says yes too early, the published port accepts too early. */
export const databaseReadiness = probe<Readiness>({
	id: 'database-readiness',
	title: service =>
		say(
			`Asking ${service || 'the database'} over TCP whether it is ready`,
			`通过 TCP 询问 ${service || '数据库'} 是否就绪`,
		),
	like: service => `docker compose exec ${service} pg_isready -h <container address>`,
	deadline: 10_000,
	async observe(world, service, signal) {
		if (world.target.kind === 'database') {
			const answer = await world.database('').ready(signal);
			if (answer === 'accepting') return {state: 'accepting'};
			return answer === 'rejecting'
				? {state: 'rejecting', phase: 'starting'}
				: {state: 'no-answer', phase: 'unknown', listens: null, port: null};
		}
		const container = await presentContainer(world, service);
		if (container?.status === 'paused') return {state: 'no-answer', phase: 'unknown', listens: null, port: null};
		if (container?.status !== 'running' || !container.startedAt) return {state: 'down'};
		const answer = await world
			.database(service)
			.ready(signal)
			.catch(async error => {
				signal.throwIfAborted();
				// A container that falls while it is asked takes the question with it.
				if (error instanceof Trouble && ['not-running', 'conflict', 'exec-lost'].includes(error.code))
					return 'fallen' as const;
				const now = await presentContainer(world, service);
				if (now?.status === 'running' && now.startedAt === container.startedAt) throw error;
				return 'fallen' as const;
			});
		if (answer === 'fallen') return {state: 'down'};
		if (answer === 'accepting') return {state: 'accepting'};
		const [lines, pid] = await Promise.all([
			world.docker.logs(container.id, {since: container.startedAt, tail: mostLines, signal}),
			postmasterPid(world, container),
		]);
		if (answer === 'rejecting') return {state: 'rejecting', phase: refusing(lines, pid)};
		return silence(lines, pid, world.now().getTime() - Date.parse(container.startedAt));
	},
});
