import {setTimeout as sleep} from 'node:timers/promises';
import {say} from '../core/say.ts';
import {quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {type Report, step} from '../core/step.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {serverOf} from '../world/server-place.ts';

/** `who` is for people: role, service and program. */
export type SessionToEnd = {pid: number; born: string; who: string; state: string; since: string | null};

type Input = {
	service: string;
	sessions: SessionToEnd[];
	/** How SQL reaches the server; null when no session is left for us: the processes are asked to end by signal then. */
	way: SqlWay | null;
};

/** Enough to recognise whose they are; the statement names all. */
const named = 40;
const patience = 15_000;
const between = 300;

/** Rows of those sessions, as long as they are the same and have done nothing since they were shown. */
const still = (sessions: readonly SessionToEnd[]): string =>
	`from pg_stat_activity a join (values ${sessions
		.map(
			({pid, born, state, since}) =>
				`(${pid}, ${quoteLiteral(born)}::timestamptz, ${quoteLiteral(state)}, ${quoteLiteral(since ?? born)}::timestamptz)`,
		)
		.join(
			', ',
		)}) shown (pid, born, state, since) on a.pid = shown.pid and a.backend_start = shown.born where a.backend_type = 'client backend' and a.state = shown.state and a.state_change = shown.since`;

/**
 * The same by SIGTERM, which is what pg_terminate_backend sends: one `pid start state` on each line. A process is one of the server's
 * sessions when the server is its parent, it began at that moment, and its title ends in the state that was shown.
 */
const script = `
read -r server <"$1/postmaster.pid"
while read -r pid born state; do
	[ -n "$pid" ] || break
	p=/proc/$pid
	read -r name <"$p/comm" && [ "$name" = postgres ] || continue
	read -r stat <"$p/stat" || continue
	set -- \${stat##*) }
	[ "$2" = "$server" ] && [ "\${20}" = "$born" ] || continue
	case $(tr -d '\\000' <"$p/cmdline") in
	*") $state") if [ "$act" = end ]; then kill -TERM "$pid"; fi; echo "$pid" ;;
	esac
done 2>/dev/null
true`;

async function bySignal(world: WriteWorld, {service, sessions}: Input, act: 'end' | 'look'): Promise<number> {
	const {container, data, owner} = await serverOf(world, service);
	const lines = sessions.map(({pid, born, state}) => `${pid} ${born} ${state}\n`).join('');
	const {stdout} = await world.write.docker.exec(container.id, ['sh', '-c', script, 'sh', data], {
		user: owner,
		stdin: `${lines}\n`,
		environment: {LC_ALL: 'C', act},
	});
	return stdout.split('\n').filter(line => line !== '').length;
}

async function bySql(world: WriteWorld, input: Input, way: SqlWay, act: 'end' | 'look'): Promise<number> {
	const what = act === 'end' ? 'count(pg_terminate_backend(a.pid))' : 'count(*)';
	const {stdout} = await world.write.sql(input.service, `select ${what} ${still(input.sessions)};`, optionsOf(way));
	return Number(stdout.trim());
}

const both = (world: WriteWorld, input: Input, act: 'end' | 'look'): Promise<number> =>
	input.way ? bySql(world, input, input.way, act) : bySignal(world, input, act);

/** A process that was told to end does so within moments; the slot is free only then. */
async function gone(world: WriteWorld, input: Input, report: Report): Promise<void> {
	const total = input.sessions.length;
	for (const end = Date.now() + patience; Date.now() < end; ) {
		const left = await both(world, input, 'look');
		report(
			say(`${total - left} of ${total} have ended`, `${total} 个中已有 ${total - left} 个结束`),
			total - left,
			total,
		);
		if (left === 0) return;
		await sleep(between, undefined, {signal: world.signal});
	}
}

/** Ends exactly the sessions that were shown before consent. Whoever has moved since is left alone. */
export const endSessions = step<Input, Record<string, never>>({
	id: 'end-sessions',
	risk: 'restarts',
	says({sessions}) {
		const names = sessions
			.slice(0, named)
			.map(({pid, who, state, since}) => `${who}, pid ${pid}, ${state}${since ? ` ${since.slice(0, 19)}Z` : ''}`)
			.join('; ');
		const more = sessions.length - named;
		return say(
			`End ${sessions.length} sessions that are still the same and still idle: ${names}${more > 0 ? `; and ${more} more, below` : ''}`,
			`结束 ${sessions.length} 个仍是同一会话且仍空闲的会话：${names}${more > 0 ? `；以及下方另外 ${more} 个` : ''}`,
		);
	},
	like: ({service, sessions, way}) =>
		way
			? likeSql(service, way, `SELECT pg_terminate_backend(a.pid) ${still(sessions)};`)
			: `docker compose exec -u postgres ${service} kill -TERM ${sessions.map(({pid}) => pid).join(' ')}`,
	before: async () => ({}),
	async apply(input, _before, world, report) {
		await both(world, input, 'end');
		await gone(world, input, report);
	},
	undo: say(
		'A session that was ended can’t be brought back; its client opens a new one when it needs it.',
		'已结束的会话无法恢复；客户端需要时会自行建立新的。',
	),
});
