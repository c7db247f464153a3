import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Holder} from '../core/server-health.ts';
import {raiseMaxConnections} from '../fixes/raise-max-connections.ts';
import {terminateIdle} from '../fixes/terminate-idle.ts';
import {refusedClients, roomOf, sessionName} from '../probes/data-looks.ts';
import {clients, type DatabaseScope, databaseName, said} from '../probes/looks.ts';
import {serverHealth} from '../probes/server-health.ts';
import {sampleFacts} from './samples.ts';

/** The biggest groups say it; the rest is one session each. */
const shown = 5;

function holding(see: See, holders: readonly Holder[]): Evidence[] {
	return holders.slice(0, shown).map(holder => {
		const name = `${sessionName(see, holder)} → \`${holder.database ?? ''}\``;
		const state = holder.state ?? '?';
		const since = holder.longest === null ? '' : `, ${holder.longest} s`;
		return points(
			say(
				`${holder.count} held by ${name}, state \`${state}\`${since}`,
				`${name} 占用 ${holder.count} 个连接，状态 \`${state}\`${since}`,
			),
			'server-health',
		);
	});
}

export const tooManyConnections = diagnosis<DatabaseScope>({
	id: 'too-many-connections',
	severity: 'failure',
	name: say('No connection is left for clients', '没有剩余的数据库连接'),
	title: ({database}) =>
		say(
			`${database || 'The database'} has no connection left for its clients`,
			`${database || '数据库'} 已没有连接可供客户端使用`,
		),
	about: say(
		'Each client session takes one of `max_connections` slots, a few of which are kept for superusers. When pools together are bigger than that, or sessions are never closed, the next login is refused with SQLSTATE 53300.',
		'每个客户端会话占用 `max_connections` 中的一个名额，其中少数为超级用户保留。当各连接池之和超过上限，或会话从不关闭时，新的登录会被拒绝（SQLSTATE 53300）。',
	),
	beware: say(
		'Restarting the database only drops the sessions: the same pools fill it again. Never end a server process with `kill -9`: the whole server restarts.',
		'重启数据库只会断开会话，同样的连接池会再次占满。切勿用 `kill -9` 结束服务器进程：整个服务器会因此重启。',
	),
	lookAlikes: [
		{
			id: 'role-cannot-login',
			tell: say(
				'`too many connections for role` is a limit of that one role; other roles still get in.',
				'`too many connections for role` 只是该角色自己的上限；其他角色仍可登录。',
			),
		},
		{
			id: 'locks-or-slow',
			tell: say(
				'When most holders are active or wait for a lock, they pile up behind one session: look at that one first.',
				'如果大多数会话处于 active 或在等锁，它们是堵在某个会话后面：先看那一个。',
			),
		},
	],
	certainty: (see, {database}) => (roomOf(see, database) === 'ran-out' ? 'likely' : 'certain'),
	because(see, {database}) {
		const reading = see(serverHealth, database);
		const name = databaseName(see, database);
		if (reading.kind === 'full')
			return [
				points(
					say(`Even a superuser is refused: \`${reading.says}\``, `连超级用户也被拒绝：\`${reading.says}\``),
					'server-health',
				),
				...holding(see, reading.holders),
			];
		if (reading.kind !== 'read') return [];
		const {connections, maxConnections, reservedConnections, holders} = reading.health;
		return [
			points(
				say(
					`${connections} of ${maxConnections} connections of ${name} are taken, and ${reservedConnections} are kept for superusers`,
					`${name} 的 ${maxConnections} 个连接已占用 ${connections} 个，另有 ${reservedConnections} 个为超级用户保留`,
				),
				'server-health',
			),
			...refusedClients(see, database).flatMap(service => {
				const event = said(see, service, 'slots-used-up');
				return event
					? [
							points(
								say(`${service} says: ${event.text}`, `${service} 的日志：${event.text}`),
								`log of ${service}`,
								event.at,
							),
						]
					: [];
			}),
			...holding(see, holders),
		];
	},
	// Whoever has a session keeps it; everyone else who tries is refused.
	affects: (see, {database}) => [
		...new Set(
			clients(see)
				.filter(scope => scope.database === database)
				.map(({credential}) => credential.service),
		),
	],
	fixes: [terminateIdle, raiseMaxConnections],
	examples: [
		() =>
			sampleFacts({
				health: {connections: 98},
				facts: {
					'idle-sessions db': {
						kind: 'read',
						sessions: [
							{
								...{
									pid: 71,
									born: '2026-01-02T03:00:00.000000Z',
									role: 'postgres',
									database: 'dify',
									application: null,
								},
								...{address: '172.20.0.3', state: 'idle', since: '2026-01-02T03:00:01.000000Z', idle: 244, kept: false},
							},
						],
					},
					'connection-limit db': {value: 100, sharedBuffers: 134_217_728, place: {kind: 'default'}},
					'memory-use db': {
						machine: {total: 8_589_934_592, available: 4_294_967_296},
						...{machineKills: 0, containerKills: 0},
					},
				},
			}),
		() =>
			sampleFacts({
				facts: {
					'server-health db': {
						kind: 'full',
						says: 'FATAL:  sorry, too many clients already',
						holders: [
							{
								...{role: 'postgres', database: 'dify', application: null, state: 'idle', longest: null},
								address: '172.20.0.3',
								count: 100,
							},
						],
					},
				},
			}),
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 4, exitCode: 1}},
				logs: {api: [{text: 'error: sorry, too many clients already'}]},
			}),
	],
});
