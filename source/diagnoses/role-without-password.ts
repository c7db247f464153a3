import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {type ClientScope, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const roleWithoutPassword = diagnosis<ClientScope>({
	id: 'role-without-password',
	severity: 'failure',
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
