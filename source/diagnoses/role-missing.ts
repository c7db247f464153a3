import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {createRole} from '../fixes/create-role.ts';
import {type ClientScope, catalogOf, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const roleMissing = diagnosis<ClientScope>({
	id: 'role-missing',
	severity: 'failure',
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
