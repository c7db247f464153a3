import {diagnosis} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {vacuumFreeze} from '../fixes/vacuum-freeze.ts';
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
	fixes: [vacuumFreeze],
	examples: [
		() =>
			sampleFacts({
				health: {databases: [{name: 'dify', age: 1_400_000_000, multi: 1, failures: null, failedAt: null}]},
			}),
	],
});
