import {setTimeout as sleep} from 'node:timers/promises';
import {harmlessAll} from '../core/hostile.ts';
import {asleep, type IdleSession, lookScript} from '../core/idle-session.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

/** `processes`: no session is left for us, so the server's processes were watched for so many seconds. */
export type IdleSessions =
	| {kind: 'read'; sessions: IdleSession[]}
	| {kind: 'processes'; watched: number; sessions: IdleSession[]};

/** Enough for a pool that checks its sessions, and for an application that asks every few seconds. */
const watched = 5;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Client sessions that wait for their client, oldest first. Kept are those over the local socket, programs that copy or maintain,
 * and whoever holds an advisory lock: applications elect a leader with those.
 */
const query = `
	select a.pid, ${moment('a.backend_start')} as "born", a.usename as "role", a.datname as "database",
		nullif(a.application_name, '') as "application", host(a.client_addr) as "address", a.state,
		${moment('a.state_change')} as "since", extract(epoch from now() - a.state_change)::int as "idle",
		a.client_addr is null
			or a.application_name ~* '^(pg_dump|pg_restore|pg_basebackup|vacuumdb|reindexdb|pgbackrest|barman|wal-g|compose-medic)'
			or exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.granted) as "kept"
	from pg_stat_activity a
	where a.backend_type = 'client backend' and a.pid <> pg_backend_pid() and a.state like 'idle%'
	order by a.state_change, a.pid limit 500`;

async function watch(world: ReadWorld, service: string, signal: AbortSignal): Promise<IdleSessions> {
	const container = await presentContainer(world, service);
	if (container?.status !== 'running') throw new Error('the server does not run');
	const look = async (): Promise<string> =>
		(await world.docker.exec(container.id, ['sh', '-c', lookScript], {signal})).stdout;
	const before = await look();
	await sleep(watched * 1000, undefined, {signal});
	return {kind: 'processes', watched, sessions: asleep(before, await look())};
}

export const idleSessions = probe<IdleSessions>({
	id: 'idle-sessions',
	title: service =>
		say(
			`Looking which sessions of ${service || 'the database'} do nothing`,
			`查看 ${service || '数据库'} 的哪些会话处于空闲`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c "select pid, usename, client_addr, state, state_change from pg_stat_activity where state like 'idle%'"`,
	deadline: 20_000,
	async observe(world, service, signal) {
		const redact = (text: string): string => world.redact(text);
		try {
			const sessions = (await world.database(service).query(query, {signal})) as IdleSession[];
			return harmlessAll({kind: 'read' as const, sessions}, redact);
		} catch (error) {
			if (!(error instanceof Trouble) || world.target.kind !== 'compose') throw error;
			return harmlessAll(await watch(world, service, signal), redact);
		}
	},
});
