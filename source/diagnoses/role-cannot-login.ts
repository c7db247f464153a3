import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {allowLogin} from '../fixes/allow-login.ts';
import {type ClientScope, handOver, roleOf} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const roleCannotLogin = diagnosis<ClientScope>({
	id: 'role-cannot-login',
	severity: 'failure',
	name: say('A role is not allowed to log in', '角色不允许登录'),
	title: ({credential}) =>
		say(`The role \`${credential.user}\` is not allowed to log in`, `角色 \`${credential.user}\` 不允许登录`),
	about: say(
		'The role exists and the password fits, and one of the role’s own settings forbids the login: NOLOGIN, a validity that has passed (VALID UNTIL), or a connection limit that is used up.',
		'角色存在且密码一致，但角色自身的设置禁止登录：NOLOGIN、有效期已过（VALID UNTIL），或连接数上限已用尽。',
	),
	beware: say('Do not make the role a superuser to get around it.', '不要为了绕过去而把角色改成超级用户。'),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'A passed VALID UNTIL is refused with the words of a wrong password; the server’s own log adds `has an expired password.` here.',
				'超过 VALID UNTIL 时，报错与密码错误相同；只有这里服务器自己的日志会补充 `has an expired password.`。',
			),
		},
		{
			id: 'too-many-connections',
			tell: say(
				'Here `too many connections for role` counts one role only; there nobody gets in any more (`too many clients already`, `remaining connection slots are reserved`).',
				'这里的 `too many connections for role` 只针对一个角色；那种情况下谁都进不去（`too many clients already`、`remaining connection slots are reserved`）。',
			),
		},
	],
	certainty: 'certain',
	because(see, scope) {
		const role = roleOf(see, scope);
		if (!role) return [];
		const evidence: Evidence[] = [];
		if (!role.canLogin)
			evidence.push(
				points(say(`\`${role.name}\` is set to NOLOGIN`, `\`${role.name}\` 被设为 NOLOGIN`), 'database-catalog'),
			);
		if (role.expired)
			evidence.push(
				points(
					say(
						`The password of \`${role.name}\` was valid until ${role.validUntil ?? ''}`,
						`\`${role.name}\` 的密码有效期到 ${role.validUntil ?? ''} 为止`,
					),
					'database-catalog',
				),
			);
		if (role.connectionLimit >= 0)
			evidence.push(
				points(
					say(
						`The connection limit of \`${role.name}\` is ${role.connectionLimit}, and ${role.connections} are in use`,
						`\`${role.name}\` 的连接数上限是 ${role.connectionLimit}，已用 ${role.connections}`,
					),
					'database-catalog',
				),
			);
		return evidence;
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [allowLogin],
	examples: [() => sampleFacts({roles: {postgres: {canLogin: false}}})],
});
