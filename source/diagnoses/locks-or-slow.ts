import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {terminateBlockers} from '../fixes/terminate-blockers.ts';
import {blockersOf, serviceAt, sessionName} from '../probes/data-looks.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const locksOrSlow = diagnosis<DatabaseScope>({
	id: 'locks-or-slow',
	severity: 'failure',
	name: say('One session keeps others waiting for a lock', '一个会话让其他会话一直等锁'),
	title: ({database}) =>
		say(
			`A session of ${database || 'the database'} keeps others waiting for a lock`,
			`${database || '数据库'} 中有会话让其他会话一直等锁`,
		),
	about: say(
		'A transaction keeps its locks until it ends. One that was begun and never committed (`idle in transaction`), a migration, or a long write holds up everybody who needs the same rows or tables, and whoever queues behind them.',
		'事务在结束前一直持有锁。开始后从未提交的事务（`idle in transaction`）、迁移或耗时的写入，会卡住所有需要相同行或表的会话，以及排在它们后面的会话。',
	),
	beware: say(
		'Ending the waiting sessions helps nobody: the first one in the queue blocks the next ones. Do not end a migration that still works.',
		'结束正在等待的会话没有用：队首的会话仍会挡住后面的。不要结束仍在运行的迁移。',
	),
	lookAlikes: [
		{
			id: 'too-many-connections',
			tell: say(
				'There logins are refused at once; here logins work and statements do not come back.',
				'那种情况下登录会立即被拒绝；这里登录正常，但语句迟迟不返回。',
			),
		},
	],
	certainty: 'certain',
	because: (see, {database}) =>
		blockersOf(see, database).flatMap(({session, waiting, longest}) => {
			const name = `${sessionName(see, session)}, pid ${session.pid}`;
			const names = list([...new Set(waiting.map(one => sessionName(see, one)))]);
			return [
				points(
					say(
						`${name} on \`${session.database ?? ''}\` is \`${session.state ?? '?'}\`, its transaction is ${session.transaction ?? '?'} s old, and it waits for nobody`,
						`${name} 在 \`${session.database ?? ''}\` 上处于 \`${session.state ?? '?'}\`，事务已持续 ${session.transaction ?? '?'} 秒，且不在等任何会话`,
					),
					'server-health',
				),
				points(
					say(
						`${waiting.length} sessions wait behind it, the longest for ${longest} s: ${names.en}`,
						`有 ${waiting.length} 个会话在等它，最久 ${longest} 秒：${names.zh}`,
					),
					'server-health',
				),
			];
		}),
	affects: (see, {database}) => [
		...new Set(
			blockersOf(see, database).flatMap(({waiting}) => waiting.flatMap(({address}) => serviceAt(see, address) ?? [])),
		),
	],
	fixes: [terminateBlockers],
	examples: [
		() => {
			const session = {role: 'postgres', database: 'dify', application: null, address: '172.20.0.3'};
			return sampleFacts({
				health: {
					sessions: [
						{...session, pid: 71, state: 'idle in transaction', transaction: 640},
						{...session, pid: 80, state: 'active', transaction: 300},
					],
					waits: [{pid: 80, blocker: 71, waited: 299}],
				},
				facts: {
					'root-sessions db': {
						sessions: [
							{
								...session,
								...{pid: 71, born: '2026-01-02T02:00:00.000000Z', kind: 'client backend', state: 'idle in transaction'},
								...{transaction: '2026-01-02T02:53:25.000000Z', query: 'lock table accounts'},
							},
						],
						prepared: [],
					},
				},
			});
		},
	],
});
