import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {type ClientScope, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const roleWithoutPassword = diagnosis<ClientScope>({
	id: 'role-without-password',
	severity: 'failure',
	name: say('A role has no password in the database', '角色在数据库里没有密码'),
	title: ({credential}) =>
		say(
			`The role \`${credential.user}\` has no password in the database`,
			`角色 \`${credential.user}\` 在数据库里没有密码`,
		),
	about: say(
		'The role exists and no password is stored for it, so every login that needs one fails with the words of a wrong password.',
		'角色存在，但没有保存密码，因此所有需要密码的登录都会失败，而报错与密码错误相同。',
	),
	beware: say(
		'Do not change pg_hba.conf to `trust` for it: set the password.',
		'不要为此把 pg_hba.conf 改成 `trust`：设置密码即可。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'The client hears the same words. There `pg_authid.rolpassword` of the role holds a value; here it is NULL, and the server’s own log says `has no password assigned.`',
				'客户端看到的报错相同。那种情况下该角色的 `pg_authid.rolpassword` 有值；这里为 NULL，服务器自己的日志写着 `has no password assigned.`。',
			),
		},
		{
			id: 'auth-method-unsupported',
			tell: say(
				'There a password is stored, as an md5 hash: the server’s own log says `does not have a valid SCRAM secret.`',
				'那种情况下保存了密码，只是 md5 散列：服务器自己的日志写着 `does not have a valid SCRAM secret.`。',
			),
		},
	],
	certainty: 'certain',
	because: (_see, {credential}) => [
		points(
			say(
				`\`pg_authid.rolpassword\` of \`${credential.user}\` is NULL`,
				`\`${credential.user}\` 的 \`pg_authid.rolpassword\` 为 NULL`,
			),
			'password-proof',
		),
	],
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [changePassword],
	examples: [
		() => sampleFacts({proofs: {api: {verdict: 'no-stored-password'}, worker: {verdict: 'no-stored-password'}}}),
	],
});
