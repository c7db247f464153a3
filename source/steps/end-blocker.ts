import {setTimeout as sleep} from 'node:timers/promises';
import {say} from '../core/say.ts';
import {quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';

type Input = SqlWay & {
	service: string;
	pid: number;
	/** When the session and its transaction began: the same pid with other moments is somebody else, or has moved on. */
	born: string;
	transaction: string;
	state: string;
	/** For people: role, service, program; and its last statement without values. */
	who: string;
	query: string;
};

/** Milliseconds that a statement gets to stop when it is asked to. */
const politely = 5000;
const patience = 15_000;
const between = 250;

/** The session as it was shown, in the transaction that it was shown in. */
const same = ({pid, born, transaction}: Input): string =>
	`a.pid = ${pid} and a.backend_start = ${quoteLiteral(born)}::timestamptz and a.xact_start = ${quoteLiteral(transaction)}::timestamptz and a.backend_type = 'client backend'`;

/** A cancelled statement leaves an aborted transaction open that holds nothing any more: only who still blocks is ended. */
const blocks =
	"exists (select from pg_stat_activity w where w.wait_event_type = 'Lock' and a.pid = any (pg_blocking_pids(w.pid)))";

const ask = async (world: WriteWorld, input: Input, what: string, condition: string): Promise<boolean> => {
	const sql = `select count(${what}) from pg_stat_activity a where ${same(input)} and ${condition};`;
	return Number((await world.write.sql(input.service, sql, optionsOf(input))).stdout.trim()) > 0;
};

/** @returns whether it stopped blocking within that time */
async function letsGo(world: WriteWorld, input: Input, milliseconds: number): Promise<boolean> {
	for (const end = Date.now() + milliseconds; ; await sleep(between, undefined, {signal: world.signal})) {
		if (!(await ask(world, input, '*', blocks))) return true;
		if (Date.now() > end) return false;
	}
}

/** Ends the transaction that others wait for: its statement is asked to stop where one runs, and the session is ended else. */
export const endBlocker = step<Input, Record<string, never>>({
	id: 'end-blocker',
	risk: 'restarts',
	says: ({who, pid, state, transaction, query}) =>
		say(
			`End the transaction of ${who}, pid ${pid}, \`${state}\`, begun ${transaction.slice(0, 19)}Z; its last statement: \`${query}\``,
			`结束 ${who} 的事务，pid ${pid}，\`${state}\`，始于 ${transaction.slice(0, 19)}Z；其最后一条语句：\`${query}\``,
		),
	like: input =>
		likeSql(
			input.service,
			input,
			[
				...(input.state === 'active'
					? [
							`SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity a WHERE ${same(input)}; -- and if it does not stop:`,
						]
					: []),
				`SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE ${same(input)};`,
			].join('\n'),
		),
	before: async () => ({}),
	async apply(input, _before, world, report) {
		if (await ask(world, input, 'pg_cancel_backend(a.pid)', `a.state = 'active' and ${blocks}`)) {
			report(say('Its statement is asked to stop', '正在请其语句停止'));
			if (await letsGo(world, input, politely)) return;
		}
		await ask(world, input, 'pg_terminate_backend(a.pid)', blocks);
		if (await letsGo(world, input, patience)) return;
		throw new Trouble('still-blocking', say(`The session ${input.pid} does not end.`, `会话 ${input.pid} 没有结束。`), {
			why: say(
				'It may be in the middle of something that PostgreSQL can’t break off, such as a rollback.',
				'它可能正处于 PostgreSQL 无法中断的操作中，例如回滚。',
			),
			next: say('Wait and diagnose again.', '请稍候再重新诊断。'),
		});
	},
	undo: say(
		'A transaction that was rolled back can’t be brought back: its client has to do the work again.',
		'已回滚的事务无法恢复：客户端需要重新执行。',
	),
});
