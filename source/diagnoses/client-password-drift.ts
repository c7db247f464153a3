import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {syncClientPassword} from '../fixes/sync-client-password.ts';
import {type ClientScope, handOver, proofOf, siblings} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const clientPasswordDrift = diagnosis<ClientScope>({
	id: 'client-password-drift',
	severity: 'failure',
	name: say('One client uses another password than the database', '某个客户端的密码与数据库不同'),
	title: ({credential}) =>
		say(
			`${credential.service} uses another password than the database`,
			`${credential.service} 使用的密码与数据库不同`,
		),
	about: say(
		'The server and at least one other configuration agree on the password, and this client differs. The fault is in the client’s configuration, not in the database.',
		'服务器与至少一处其他配置的密码一致，只有这个客户端不同。问题在客户端的配置，不在数据库。',
	),
	beware: say(
		'Do not change the password in the database: that would break the clients that work now.',
		'不要去改数据库里的密码：那会让现在正常的客户端全部失败。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'There no configured password fits the stored one, not even the database’s own; here at least one other service logs in.',
				'那种情况下没有任何配置的密码与保存的一致，连数据库自己的也不一致；这里至少有一个其他服务能登录。',
			),
		},
		{
			id: 'env-value-mangled',
			tell: say(
				'There the client’s password becomes right when a carriage return, a quote or a `$` is taken back; here it is another one.',
				'那种情况下还原回车符、引号或 `$` 之后客户端的密码就是对的；这里就是另一个密码。',
			),
		},
		{
			id: 'wrong-server',
			tell: say(
				'There the client’s password fits another database server of the deployment, so its host is wrong and its password right.',
				'那种情况下客户端的密码与部署里的另一个数据库服务器相符：错的是主机，密码是对的。',
			),
		},
	],
	certainty: (see, scope) =>
		['verifier', 'login'].includes(proofOf(see, scope.database, scope.credential.id)?.method ?? 'none')
			? 'certain'
			: 'likely',
	because(see, scope) {
		const {credential, database} = scope;
		const variable = credential.variables.password ?? credential.variables.url ?? credential.id;
		const right = siblings(see, scope).filter(({id}) => proofOf(see, database, id)?.verdict === 'fits');
		const names = [...new Set(right.map(({service}) => service))];
		return [
			points(
				say(
					`\`${variable}\` of ${credential.service} does not fit the password stored for \`${credential.user}\``,
					`${credential.service} 的 \`${variable}\` 与为 \`${credential.user}\` 保存的密码不一致`,
				),
				'password-proof',
			),
			points(
				say(`The configured password of ${list(names).en} fits`, `${list(names).zh} 配置的密码一致`),
				'password-proof',
			),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({credential}) => credential.service,
	hands: (_see, scope) => handOver(scope),
	fixes: [syncClientPassword, changePassword],
	examples: [
		() =>
			sampleFacts({
				services: {worker: {status: 'restarting', restartCount: 3, exitCode: 1}},
				proofs: {worker: {verdict: 'wrong'}},
			}),
	],
});
