import {diagnosis} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {ageEvidence} from '../probes/age-words.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const wraparoundNear = diagnosis<DatabaseScope>({
	id: 'wraparound-near',
	severity: 'warning',
	name: say('Transaction ids are running out', '事务 ID 即将耗尽'),
	title: ({database}) =>
		say(
			`${database || 'The database'} is running out of transaction ids`,
			`${database || '数据库'} 的事务 ID 即将耗尽`,
		),
	about: say(
		'Vacuum should freeze old rows after 200 million transactions, so that transaction ids can be used again. It has not done so for more than a billion. At about 2.1 billion the server refuses to write.',
		'vacuum 应在两亿个事务后冻结旧行，使事务 ID 可以再次使用。现在已超过十亿仍未完成。到约 21 亿时服务器会拒绝写入。',
	),
	beware: say(
		'Do not end the autovacuum worker that says `to prevent wraparound`: it is the cure.',
		'不要结束标有 `to prevent wraparound` 的 autovacuum 进程：它正是解药。',
	),
	lookAlikes: [
		{
			id: 'wraparound',
			tell: say('There writing is refused already; here it still works.', '那种情况下已经拒绝写入；这里还能写入。'),
		},
	],
	certainty: 'certain',
	because: (see, {database}) => ageEvidence(see, database),
	affects: (_see, {database}) => (database ? [database] : []),
	fixes: [],
	noFix: say(
		'Take away what holds the old ids: a prepared transaction with `rollback prepared …;`, a slot without consumer with `select pg_drop_replication_slot(…);`, a session that never ends with `select pg_terminate_backend(pid);`. Then `vacuum (freeze, verbose);` in the database named above at a quiet time, and see that `show autovacuum;` says on.',
		'先清除占住旧 ID 的东西：预备事务用 `rollback prepared …;`，无人使用的复制槽用 `select pg_drop_replication_slot(…);`，从不结束的会话用 `select pg_terminate_backend(pid);`。然后在空闲时段对上面列出的数据库执行 `vacuum (freeze, verbose);`，并确认 `show autovacuum;` 为 on。',
	),
	examples: [
		() =>
			sampleFacts({
				health: {databases: [{name: 'dify', age: 1_400_000_000, multi: 1, failures: null, failedAt: null}]},
			}),
	],
});
