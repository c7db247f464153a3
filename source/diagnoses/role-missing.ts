import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {createRole} from '../fixes/create-role.ts';
import {type ClientScope, catalogOf, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const roleMissing = diagnosis<ClientScope>({
	id: 'role-missing',
	severity: 'failure',
	name: say('A role does not exist in the database', '数据库里没有这个角色'),
	title: ({credential}) =>
		say(`The role \`${credential.user}\` does not exist in the database`, `数据库里没有角色 \`${credential.user}\``),
	about: say(
		'The client logs in as a role that the server does not know. Over the network PostgreSQL answers such a login like a wrong password; only its own log and catalog tell. The role was renamed in the configuration after the first start, an init script did not run, or this is another data directory.',
		'客户端使用了服务器不认识的角色。PostgreSQL 在网络上对此的回答与密码错误相同，只有它自己的日志和系统表能区分。可能是首次启动后配置里改了用户名、初始化脚本没有执行，或这是另一个数据目录。',
	),
	beware: say(
		'Look first whether this is the right data: an empty server has no roles either.',
		'先确认这是不是正确的数据：空服务器里同样没有这些角色。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'The client hears the same words. There the role stands in `pg_roles`; here it does not, and the server’s own log says `Role "…" does not exist.`',
				'客户端看到的报错相同。那种情况下 `pg_roles` 里有这个角色；这里没有，服务器自己的日志写着 `Role "…" does not exist.`。',
			),
		},
		{
			id: 'init-scripts-skipped',
			tell: say(
				'There a script in `/docker-entrypoint-initdb.d` creates the role, and it never ran because the data directory was not empty; here no script mentions it.',
				'那种情况下 `/docker-entrypoint-initdb.d` 里有脚本创建该角色，但数据目录非空，脚本从未执行；这里没有脚本提到它。',
			),
		},
		{
			id: 'data-dir-emptied',
			tell: say(
				'There every role and database of the application is gone, and the data directory was initialised only just now; here the rest of them is present.',
				'那种情况下应用的所有角色和数据库都不见了，数据目录是刚刚初始化的；这里其他的都还在。',
			),
		},
		{
			id: 'wrong-server',
			tell: say(
				'There another database server of the deployment has the role.',
				'那种情况下部署里的另一个数据库服务器有这个角色。',
			),
		},
	],
	certainty: (see, {database}) => (catalogOf(see, database) ? 'certain' : 'likely'),
	because(see, {database, credential}) {
		const catalog = catalogOf(see, database);
		return catalog
			? [
					points(
						say(
							`The roles of the server are: ${list(catalog.roles.filter(({canLogin}) => canLogin).map(({name}) => name)).en}`,
							`服务器中可登录的角色有：${list(catalog.roles.filter(({canLogin}) => canLogin).map(({name}) => name)).zh}`,
						),
						'database-catalog',
					),
				]
			: [
					points(
						say(
							`The server’s log says that \`${credential.user}\` does not exist`,
							`服务器日志说明 \`${credential.user}\` 不存在`,
						),
						`log of ${database}`,
					),
				];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [createRole],
	examples: [() => sampleFacts({credentials: {api: {user: 'dify'}}, proofs: {api: {verdict: 'role-missing'}}})],
});
