import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {ruleFor} from '../probes/hba-look.ts';
import {type ClientScope, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const authMethodUnsupported = diagnosis<ClientScope>({
	id: 'auth-method-unsupported',
	severity: 'failure',
	name: say('A stored password is of a kind that the server no longer accepts', '保存的密码类型服务器已不接受'),
	title: ({credential}) =>
		say(
			`The stored password of \`${credential.user}\` is of a kind that the server no longer accepts`,
			`\`${credential.user}\` 保存的密码类型服务器已不接受`,
		),
	about: say(
		'The role’s password is stored as an md5 hash, from an older server or setting, and pg_hba.conf asks for `scram-sha-256`. The right password is refused with the words of a wrong one.',
		'角色的密码是以 md5 散列保存的（来自旧版本或旧设置），而 pg_hba.conf 要求 `scram-sha-256`。正确的密码也会被拒绝，报错与密码错误相同。',
	),
	beware: say(
		'Do not lower pg_hba.conf to `md5` or `trust`: store the same password anew as SCRAM.',
		'不要把 pg_hba.conf 降为 `md5` 或 `trust`：把同一个密码重新保存为 SCRAM 即可。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'The client hears the same words. Here the stored password begins with `md5` and the server’s own log says `does not have a valid SCRAM secret.`; there it begins with `SCRAM-SHA-256`.',
				'客户端看到的报错相同。这里保存的密码以 `md5` 开头，服务器自己的日志写着 `does not have a valid SCRAM secret.`；那种情况下以 `SCRAM-SHA-256` 开头。',
			),
		},
		{
			id: 'role-without-password',
			tell: say(
				'There nothing is stored: the server’s own log says `has no password assigned.`',
				'那种情况下没有保存密码：服务器自己的日志写着 `has no password assigned.`。',
			),
		},
	],
	certainty: 'certain',
	because(see, scope) {
		const rule = ruleFor(see, scope);
		return [
			points(
				say(`\`${scope.credential.user}\` has an md5 password`, `\`${scope.credential.user}\` 的密码是 md5 类型`),
				'database-catalog',
			),
			...(rule && rule !== 'no-entry'
				? [
						points(
							say(
								`Line ${rule.line} of pg_hba.conf asks for \`${rule.method}\``,
								`pg_hba.conf 第 ${rule.line} 行要求 \`${rule.method}\``,
							),
							'database-catalog',
						),
					]
				: []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [changePassword],
	examples: [() => sampleFacts({roles: {postgres: {secret: 'md5'}}})],
});
