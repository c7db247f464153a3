import {fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {blockersOf, serviceAt} from '../probes/data-looks.ts';
import {isExternal} from '../probes/looks.ts';
import {type RootSession, rootSessions} from '../probes/root-sessions.ts';
import {unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

const whoIs = (see: See, {role, address, application, database}: RootSession): string =>
	`${role ?? 'PostgreSQL'}@${address === null ? 'the local socket' : (serviceAt(see, address) ?? address)}${application ? ` (${application})` : ''} → ${database ?? '?'}`;

/** Why a session is not ours to end, or null. */
function untouchable({kind, pid, query, transaction}: RootSession): Text | null {
	if (kind === 'autovacuum worker')
		return /to prevent wraparound/.test(query)
			? say(
					`pid ${pid} is the autovacuum that keeps the transaction ids from running out: it must come to its end.`,
					`pid ${pid} 是防止事务 ID 耗尽的 autovacuum：必须让它完成。`,
				)
			: say(
					`pid ${pid} is an autovacuum, which steps aside by itself after a second.`,
					`pid ${pid} 是 autovacuum，一秒后会自行让开。`,
				);
	if (kind !== 'client backend')
		return say(
			`pid ${pid} is a \`${kind}\` of the server, not a client: it is not ended.`,
			`pid ${pid} 是服务器的 \`${kind}\`，不是客户端：不会结束它。`,
		);
	return transaction === null
		? say(
				`pid ${pid} holds its lock outside any transaction (an advisory lock of its application): restart that client.`,
				`pid ${pid} 在事务之外持有锁（其应用的咨询锁）：请重启该客户端。`,
			)
		: null;
}

const preparedWords = (names: readonly string[]): Text => {
	const all = list(names.map(name => `\`ROLLBACK PREPARED '${name}'\``));
	return say(
		`A prepared transaction holds the lock; whether it must be committed or rolled back only its coordinator knows. By hand, in its database: ${all.en}, or \`COMMIT PREPARED\`.`,
		`锁由一个已准备的事务持有；该提交还是回滚，只有其协调者知道。请在其数据库中手动执行：${all.zh}，或 \`COMMIT PREPARED\`。`,
	);
};

function planFor(see: See, database: string, affects: readonly string[]): PlanAnswer {
	const {sessions, prepared} = see(rootSessions, database);
	const long = new Set(blockersOf(see, database).map(({session}) => session.pid));
	const roots = sessions.filter(({pid}) => long.has(pid));
	const left = [
		...roots.flatMap(one => untouchable(one) ?? []),
		...(prepared.length > 0 ? [preparedWords(prepared)] : []),
	];
	const ended = roots.filter(one => untouchable(one) === null);
	const reasons = say(left.map(({en}) => en).join(' '), left.map(({zh}) => zh).join(''));
	if (ended.length === 0)
		return notApplicable(
			left.length > 0 ? reasons : say('Nobody keeps others waiting any more.', '已没有会话让其他会话等待。'),
		);
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return notApplicable(way.why);
	const stops = around(way);
	const clients = isExternal(see) ? [] : unique(affects).filter(name => name !== database && name !== '');
	return {
		kind: 'plan',
		fix: 'terminate-blockers',
		route: left.length > 0 ? reasons : null,
		steps: [
			...(way.service ? saveEvidence([database]) : []),
			...stops.before,
			...ended.map(one => ({
				step: 'end-blocker',
				input: {
					service: database,
					...{pid: one.pid, born: one.born, transaction: one.transaction, state: one.state ?? '?'},
					...{who: whoIs(see, one), query: one.query},
					...way.way,
				},
			})),
			...stops.after,
			...returnServices(clients),
		],
		afterUndo: [],
		loses: say(
			'That transaction is rolled back: whatever it has written and not committed is gone, and its client gets an error. Do not do this to a migration that still works.',
			'该事务会被回滚：已写入而未提交的内容会消失，其客户端会收到错误。不要这样对待仍在运行的迁移。',
		),
		restarts: clients,
		takes: say('a few seconds; a long transaction rolls back at once', '几秒钟；再长的事务也会立即回滚'),
		undo: say(
			'A transaction that was rolled back can’t be brought back: its client has to do the work again.',
			'已回滚的事务无法恢复：客户端需要重新执行。',
		),
		confirm: null,
		assumes: assumptions(way),
	};
}

export const terminateBlockers = fix({
	id: 'terminate-blockers',
	title: say('End the transaction that all others wait for', '结束让其他会话等待的事务'),
	risk: 'restarts',
	about: say(
		'Ends only the session at the head of the queue, while it still is in the same transaction: a running statement is asked to stop first (`pg_cancel_backend`), then the session is ended (`pg_terminate_backend`). Whoever waited goes on.',
		'只结束排在队首、且仍处于同一事务中的会话：先请正在运行的语句停止（`pg_cancel_backend`），不行再结束会话（`pg_terminate_backend`）。等待者随即继续。',
	),
	limits: say(
		'The program that forgot to commit does it again: `idle_in_transaction_session_timeout` ends such sessions by itself. A prepared transaction is nobody’s session: it is named, and ended by hand.',
		'忘记提交的程序还会再犯：`idle_in_transaction_session_timeout` 可自动结束这类会话。已准备的事务不属于任何会话：只会列出，由人手动结束。',
	),
	settings: [],
	plan: (see, finding) => planFor(see, finding.subject ?? '', finding.affects),
	verify(finding) {
		return [
			{
				says: say('Nobody waits for long for a lock', '没有会话长时间等锁'),
				passes: see => blockersOf(see, finding.subject ?? '').length === 0,
			},
		];
	},
});
