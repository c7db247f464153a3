import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {ageEvidence} from '../probes/age-words.ts';
import {isIll, saidAll} from '../probes/data-looks.ts';
import {clients, type DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const wraparound = diagnosis<DatabaseScope>({
	id: 'wraparound',
	severity: 'failure',
	name: say('Transaction ids are used up: no more writes', '事务 ID 耗尽：无法写入'),
	title: ({database}) =>
		say(
			`${database || 'The database'} has used up its transaction ids and refuses to write`,
			`${database || '数据库'} 的事务 ID 已耗尽，拒绝写入`,
		),
	about: say(
		'Transaction ids are 32 bits and go round. Vacuum marks old rows as frozen so that their ids can be used again. When something keeps vacuum from doing that for two billion transactions (a forgotten prepared transaction, a dead replication slot, a session that never ends, autovacuum turned off), the server stops giving out ids to protect the data. Reading still works.',
		'事务 ID 只有 32 位，会循环使用。vacuum 把旧行标记为冻结，ID 才能再次使用。如果二十亿个事务里一直有东西阻止它（遗忘的预备事务、失效的复制槽、从不结束的会话、关闭的 autovacuum），服务器就会停止分配 ID 以保护数据。读取仍然可用。',
	),
	beware: say(
		'Never use `pg_resetwal` to get ids back: rows disappear. Single-user mode is not needed, and `VACUUM FULL` needs an id that is not there.',
		'切勿用 `pg_resetwal` 找回 ID：行会消失。不需要单用户模式，而 `VACUUM FULL` 需要的 ID 已经没有了。',
	),
	lookAlikes: [
		{
			id: 'disk-full',
			tell: say(
				'A full disk says `No space left on device`; here the age of the database is near two billion.',
				'磁盘写满会说 `No space left on device`；这里是数据库年龄接近二十亿。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const event = database
			? saidAll(see, database, 'must-be-vacuumed').findLast(({text}) => /not accepting commands/.test(text))
			: null;
		return [
			...ageEvidence(see, database),
			...(event
				? [points(say(`The server said: ${event.text}`, `服务器日志：${event.text}`), `log of ${database}`, event.at)]
				: []),
		];
	},
	affects: (see, {database}) => [
		...(database ? [database] : []),
		...new Set(
			clients(see)
				.filter(scope => scope.database === database)
				.map(({credential}) => credential.service)
				.filter(service => service !== '' && isIll(see, service)),
		),
	],
	fixes: [],
	noFix: say(
		'Take away what holds the old ids: `select gid from pg_prepared_xacts;` then `rollback prepared …;`, `select pg_drop_replication_slot(…);` for a slot without consumer, `select pg_terminate_backend(pid);` for a session that never ends. Then in the database named above, as superuser: `vacuum;` (not full). It may take long, and no data is changed. Writing works again as soon as `select age(datfrozenxid) from pg_database` falls.',
		'先清除占住旧 ID 的东西：`select gid from pg_prepared_xacts;` 然后 `rollback prepared …;`；无人使用的复制槽用 `select pg_drop_replication_slot(…);`；从不结束的会话用 `select pg_terminate_backend(pid);`。然后在上面列出的数据库中以超级用户执行：`vacuum;`（不要用 full）。可能很久，但不改变数据。一旦 `select age(datfrozenxid) from pg_database` 下降，写入就恢复。',
	),
	examples: [
		() =>
			sampleFacts({
				health: {
					databases: [{name: 'dify', age: 2_144_483_646, multi: 1, failures: null, failedAt: null}],
					ageHolders: [{kind: 'prepared', name: 'import-7', age: 2_144_483_640}],
				},
				logs: {
					db: [
						{
							severity: 'ERROR',
							text: 'database is not accepting commands to avoid wraparound data loss in database "dify"',
						},
					],
				},
			}),
	],
});
