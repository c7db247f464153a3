import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {repairHba} from '../fixes/repair-hba.ts';
import {addressOf, ruleFor} from '../probes/hba-look.ts';
import {type ClientScope, handOver, proofOf} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const hbaRejects = diagnosis<ClientScope>({
	id: 'hba-rejects',
	severity: 'failure',
	name: say('pg_hba.conf does not let a client in', 'pg_hba.conf 不允许客户端连接'),
	title: ({credential}) =>
		say(
			`pg_hba.conf does not let ${credential.service || 'the client'} in`,
			`pg_hba.conf 不允许 ${credential.service || '客户端'} 连接`,
		),
	about: say(
		'The server decides by the first line of pg_hba.conf that matches connection type, database, role and address. For this client no line matches, or the first one that does says `reject`.',
		'服务器按 pg_hba.conf 中第一条匹配连接类型、数据库、角色和地址的规则决定。对这个客户端，没有规则匹配，或第一条匹配的规则是 `reject`。',
	),
	beware: say(
		'Do not add a `trust` line for a whole subnet: it lets everybody in without a password.',
		'不要给整个网段加 `trust` 规则：那会让所有人免密登录。',
	),
	lookAlikes: [
		{
			id: 'half-initialised',
			tell: say(
				'There the first initialisation was cut off: the line `host all all all` is missing together with the database of `POSTGRES_DB` or `postgres` itself.',
				'那种情况下首次初始化中途中断：缺少 `host all all all` 这一行的同时，`POSTGRES_DB` 的数据库或 `postgres` 库也不存在。',
			),
		},
		{
			id: 'stale-volume-password',
			tell: say(
				'There the refusal says `password authentication failed` and the password was looked at; here it names pg_hba.conf and the password was never asked for.',
				'那种情况下拒绝信息是 `password authentication failed`，说明核对过密码；这里提到 pg_hba.conf，密码根本没有被询问。',
			),
		},
		{
			id: 'auth-method-unsupported',
			tell: say(
				'There a line of pg_hba.conf matches and only the kind of the stored password does not suit its method.',
				'那种情况下 pg_hba.conf 有匹配的规则，只是保存的密码类型不符合规则的方法。',
			),
		},
	],
	certainty: 'certain',
	because(see, scope) {
		const {database, credential} = scope;
		const rule = ruleFor(see, scope);
		const login = proofOf(see, database, credential.id)?.login;
		return [
			rule === null
				? points(
						say(`A real login was refused: ${login?.message ?? ''}`, `实际登录被拒绝：${login?.message ?? ''}`),
						'password-proof',
					)
				: rule === 'no-entry'
					? points(
							say(
								`No line of pg_hba.conf matches \`${credential.user}\` on \`${credential.database}\` from ${addressOf(see, scope) ?? '?'}`,
								`pg_hba.conf 没有规则匹配来自 ${addressOf(see, scope) ?? '?'}、访问 \`${credential.database}\` 的 \`${credential.user}\``,
							),
							'database-catalog',
						)
					: points(
							say(
								`Line ${rule.line} of pg_hba.conf matches first and says \`${rule.method}\``,
								`pg_hba.conf 第 ${rule.line} 行最先匹配，方法是 \`${rule.method}\``,
							),
							'database-catalog',
						),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database}) => database,
	hands: (see, scope) => ({...handOver(scope), address: addressOf(see, scope)}),
	on: ({database}) => database || null,
	fixes: [repairHba],
	examples: [() => sampleFacts({hba: []})],
});
