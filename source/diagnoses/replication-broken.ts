import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {healthOf} from '../probes/data-looks.ts';
import {type DatabaseScope, databaseName} from '../probes/looks.ts';
import {brokenSubscriptions, standbyState, streamingFailure} from '../probes/replication-looks.ts';
import {sampleFacts} from './samples.ts';

export const replicationBroken = diagnosis<DatabaseScope>({
	id: 'replication-broken',
	severity: 'failure',
	name: say('Replication has stopped', '复制已中断'),
	title: ({database}) =>
		say(
			`${database || 'The database'} no longer receives what it should replicate`,
			`${database || '数据库'} 不再收到应复制的数据`,
		),
	about: say(
		'A standby follows its primary’s write-ahead log, a subscription follows a publication. When the other side is gone, refuses, has removed what is needed next, or when a row can’t be applied, the copy stays as old as it was and tells nobody but its log.',
		'备库跟随主库的预写日志，订阅跟随发布。当对方消失、拒绝、删除了接下来需要的日志，或某一行无法应用时，副本就停留在旧状态，而且只写在日志里。',
	),
	beware: say(
		'Do not promote a standby to make the error go away: from then on there are two databases that differ. Do not skip a transaction of a subscription without knowing what is in it.',
		'不要为消除报错而提升备库：从那时起就有两个不同的数据库。不要在不知道内容的情况下跳过订阅中的事务。',
	),
	lookAlikes: [
		{
			id: 'wrong-server',
			tell: say(
				'A client that gets `read-only transaction` may simply have been pointed to a healthy standby: replication runs there.',
				'客户端收到 `read-only transaction` 也可能只是连到了健康的备库：那里的复制是正常的。',
			),
		},
		{
			id: 'slot-retains-wal',
			tell: say(
				'On the primary the same trouble shows as a slot without consumer that keeps old log.',
				'在主库上，同样的问题表现为没有消费者、却保留旧日志的复制槽。',
			),
		},
	],
	certainty: (see, {database}) =>
		standbyState(see, database) === 'told' || brokenSubscriptions(see, database).length > 0 ? 'certain' : 'likely',
	because(see, {database}) {
		const name = databaseName(see, database);
		const source = `log of ${database}`;
		const standby = healthOf(see, database)?.standby;
		const failure = streamingFailure(see, database);
		const last =
			standby?.lag == null
				? say('', '')
				: say(`; what it has is ${standby.lag} s old`, `；现有数据已是 ${standby.lag} 秒前的`);
		return [
			...(standbyState(see, database) === 'fine'
				? []
				: [
						points(
							say(
								`${name} is a standby, and no receiver streams from its primary${last.en}`,
								`${name} 是备库，但没有接收进程从主库接收数据${last.zh}`,
							),
							'server-health',
						),
						...(failure
							? [points(say(`It says: ${failure.text}`, `它的日志：${failure.text}`), source, failure.at)]
							: []),
					]),
			...brokenSubscriptions(see, database).flatMap(({name: subscription, database: where, enabled, event}) => [
				points(
					enabled
						? say(
								`The subscription \`${subscription}\` in \`${where ?? '?'}\` is switched on and no worker receives for it`,
								`\`${where ?? '?'}\` 中的订阅 \`${subscription}\` 已启用，但没有进程在接收`,
							)
						: say(
								`The server switched the subscription \`${subscription}\` in \`${where ?? '?'}\` off after an error`,
								`服务器在出错后停用了 \`${where ?? '?'}\` 中的订阅 \`${subscription}\``,
							),
					'server-health',
				),
				points(say(`It says: ${event.text}`, `它的日志：${event.text}`), source, event.at),
			]),
		];
	},
	affects: (_see, {database}) => (database ? [database] : []),
	fixes: [],
	noFix: say(
		"Read the line above. Other side not reachable: start it, or correct the address with `alter system set primary_conninfo = '…'` and `select pg_reload_conf()` (a subscription: `alter subscription NAME connection '…'`). Slot missing: make it again on the primary with `select pg_create_physical_replication_slot('NAME')`. `has already been removed`: the standby must be copied anew with `pg_basebackup` into an empty directory, beside the old one. A row that can’t be applied: correct it on this side, replication goes on by itself.",
		"看上面的日志行。对方连不上：启动它，或用 `alter system set primary_conninfo = '…'` 和 `select pg_reload_conf()` 改正地址（订阅：`alter subscription NAME connection '…'`）。复制槽不存在：在主库上用 `select pg_create_physical_replication_slot('NAME')` 重建。`has already been removed`：必须用 `pg_basebackup` 把备库重新复制到旧目录旁边的空目录。某行无法应用：在本端改正，复制会自动继续。",
	),
	examples: [
		() =>
			sampleFacts({
				health: {standby: {follows: true, archive: false, receiver: null, lag: 4000}},
				logs: {
					db: [
						{
							severity: 'FATAL',
							text: 'could not connect to the primary server: connection to server at "10.0.0.9" refused',
						},
					],
				},
			}),
		() => sampleFacts({health: {standby: {follows: true, archive: false, receiver: null, lag: null}}}),
		() =>
			sampleFacts({
				health: {subscriptions: [{name: 'orders', database: 'dify', enabled: true, working: false}]},
				logs: {
					db: [
						{severity: 'ERROR', pid: 90, text: 'duplicate key value violates unique constraint "orders_pkey"'},
						{
							severity: 'LOG',
							pid: 1,
							text: 'background worker "logical replication worker" (PID 90) exited with exit code 1',
						},
					],
				},
			}),
	],
});
