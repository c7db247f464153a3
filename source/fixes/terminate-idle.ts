import {fix, type PlanAnswer} from '../core/fix.ts';
import type {IdleSession} from '../core/idle-session.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {serviceAt} from '../probes/data-looks.ts';
import {idleSessions} from '../probes/idle-sessions.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {serverHealth} from '../probes/server-health.ts';
import {unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

/** A pool that is used at all has touched each of its sessions within a minute or does not need it. */
const usualAge = 60;

const whoIs = (see: See, {role, database, application, address}: IdleSession): string =>
	`${role}@${serviceAt(see, address) ?? address ?? '?'}${application ? ` (${application})` : ''} → ${database}`;

function nothingToEnd(sessions: readonly IdleSession[], age: number, others: boolean): Text {
	const oldest = Math.max(...sessions.filter(({kept}) => !kept).map(({idle}) => idle), 0);
	const inTransaction = sessions.filter(({state, kept}) => state !== 'idle' && !kept).length;
	if (!others && inTransaction > 0)
		return say(
			`No session is simply idle for ${age} s, but ${inTransaction} are idle inside a transaction. Ending those rolls their work back: \`--set transactions=end\`.`,
			`没有单纯空闲达 ${age} 秒的会话，但有 ${inTransaction} 个停在事务中空闲。结束它们会回滚其工作：\`--set transactions=end\`。`,
		);
	return say(
		`No session has been idle for ${age} s (the oldest: ${oldest} s), so none is ended. Take a smaller \`--set older-than=\`, or raise the limit by \`fix raise-max-connections\`.`,
		`没有空闲达 ${age} 秒的会话（最久 ${oldest} 秒），因此不结束任何会话。可用更小的 \`--set older-than=\`，或用 \`fix raise-max-connections\` 调高上限。`,
	);
}

function planFor(
	see: See,
	database: string,
	affects: readonly string[],
	settings: Readonly<Record<string, string>>,
): PlanAnswer {
	const wanted = settings['older-than'] ?? String(usualAge);
	if (!/^\d{1,6}$/.test(wanted))
		return notApplicable(say('`older-than` is a number of seconds.', '`older-than` 是秒数。'));
	const age = Number(wanted);
	const withTransactions = settings['transactions'] === 'end';
	const looked = see(idleSessions, database);
	const chosen = looked.kind === 'read' ? chooseWay(see, database, '', {}) : null;
	if (chosen?.kind === 'none') return notApplicable(chosen.why);
	const ended = looked.sessions.filter(
		({state, idle, kept}) => !kept && idle >= age && (state === 'idle' || withTransactions),
	);
	if (ended.length === 0) return notApplicable(nothingToEnd(looked.sessions, age, withTransactions));
	const stops = chosen ? around(chosen) : {before: [], after: []};
	const sessions = ended.map(session => ({
		pid: session.pid,
		born: session.born,
		state: session.state,
		since: session.since,
		who: whoIs(see, session),
	}));
	const clients = isExternal(see) ? [] : unique(affects).filter(name => name !== database && name !== '');
	const container = isExternal(see) ? null : serviceNamed(see, database);
	return {
		kind: 'plan',
		fix: 'terminate-idle',
		route:
			looked.kind === 'processes'
				? say(
						`No session could be opened to ask the server, so its processes were watched: these are at least ${age} s old and did not wake in ${looked.watched} s. They are asked to end by SIGTERM, as \`pg_terminate_backend\` does.`,
						`无法打开会话来查询服务器，因此观察了它的进程：这些进程至少已存在 ${age} 秒，且在 ${looked.watched} 秒内没有被唤醒。将用 SIGTERM 请它们结束，与 \`pg_terminate_backend\` 相同。`,
					)
				: say(
						`These have waited for their client for at least ${age} s. Sessions over the local socket, backups, and whoever holds an advisory lock are left alone.`,
						`这些会话已等待客户端至少 ${age} 秒。本地套接字的会话、备份以及持有咨询锁的会话不会被结束。`,
					),
		steps: [
			...(container ? saveEvidence([database]) : []),
			...stops.before,
			{step: 'end-sessions', input: {service: database, sessions, way: chosen?.way ?? null}},
			...stops.after,
			...returnServices(clients),
		],
		afterUndo: [],
		loses: withTransactions
			? say(
					'What those sessions had not committed is rolled back; their temporary tables go. Stored data stays.',
					'这些会话未提交的内容会回滚，其临时表会消失。已存储的数据不变。',
				)
			: say(
					'Temporary tables and prepared statements of those sessions; a good client simply opens a new one.',
					'这些会话的临时表和预备语句；正常的客户端会自行重新连接。',
				),
		restarts: clients,
		takes: say('a few seconds', '几秒钟'),
		undo: say(
			'Nothing can or has to be taken back: clients open new sessions.',
			'没有可以或需要撤销的内容：客户端会建立新的会话。',
		),
		confirm: null,
		assumes: chosen ? assumptions(chosen) : container ? {[`container:${database}`]: container.id} : {},
	};
}

export const terminateIdle = fix({
	id: 'terminate-idle',
	title: say('End sessions that do nothing', '结束空闲的会话'),
	risk: 'restarts',
	about: say(
		'Ends client sessions that have waited for their client for a minute or longer, each named before, so that others get a connection. Nobody who works is disturbed, and the server goes on.',
		'结束等待客户端一分钟或更久的会话（事先逐个列出），让其他客户端获得连接。正在工作的会话不受打扰，服务器继续运行。',
	),
	limits: say(
		'A pool that leaks takes the connections again: give it a maximum, or set `idle_session_timeout` (14 and later). For more connections: `fix raise-max-connections`.',
		'泄漏的连接池会再次占满连接：请为其设置上限，或设置 `idle_session_timeout`（14 起）。需要更多连接：`fix raise-max-connections`。',
	),
	settings: [
		{
			key: 'older-than',
			says: say('Seconds for which a session must have been idle', '会话至少空闲的秒数'),
			secret: false,
		},
		{
			key: 'transactions',
			says: say(
				'`end`: also those that are idle inside a transaction, which is rolled back; `keep`: not those',
				'`end`：也结束停在事务中空闲的会话（事务回滚）；`keep`：不结束',
			),
			secret: false,
			choices: ['keep', 'end'],
		},
	],
	plan: (see, finding, settings) => planFor(see, finding.subject ?? '', finding.affects, settings),
	verify(finding) {
		const database = finding.subject ?? '';
		return [
			{
				says: say('Connections are free for clients', '有可供客户端使用的连接'),
				passes(see) {
					const reading = see(serverHealth, database);
					return (
						reading.kind === 'read' &&
						reading.health.connections < reading.health.maxConnections - reading.health.reservedConnections
					);
				},
			},
		];
	},
});
