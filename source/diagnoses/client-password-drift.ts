import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {syncClientPassword} from '../fixes/sync-client-password.ts';
import {type ClientScope, handOver, proofOf, siblings} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const clientPasswordDrift = diagnosis<ClientScope>({
	id: 'client-password-drift',
	severity: 'failure',
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
