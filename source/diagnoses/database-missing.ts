import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {createDatabase} from '../fixes/create-database.ts';
import {type ClientScope, catalogOf, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const databaseMissing = diagnosis<ClientScope>({
	id: 'database-missing',
	severity: 'failure',
	name: say('A database does not exist on the server', '服务器上没有这个数据库'),
	title: ({credential}) =>
		say(
			`The database \`${credential.database}\` does not exist on the server`,
			`服务器上没有数据库 \`${credential.database}\``,
		),
	about: say(
		'The login itself works, and the database that the client names is not there: `POSTGRES_DB` is used only at the first start, the name was changed later, or this is another data directory.',
		'登录本身没有问题，但客户端指定的数据库不存在：`POSTGRES_DB` 只在首次启动时起作用，名字是后来改的，或这是另一个数据目录。',
	),
	beware: say(
		'Look first whether this is the right data: creating an empty database hides that the old one is elsewhere.',
		'先确认这是不是正确的数据：新建空库会掩盖旧库在别处的事实。',
	),
	lookAlikes: [
		{
			id: 'schema-missing',
			tell: say(
				'There the login succeeds and a query fails with `relation "…" does not exist`; here the login itself ends with `database "…" does not exist`.',
				'那种情况下登录成功，查询报 `relation "…" does not exist`；这里登录本身就以 `database "…" does not exist` 结束。',
			),
		},
		{
			id: 'data-dir-emptied',
			tell: say(
				'There no database of the application is left and the data directory was initialised only just now; here others of its databases or roles are present.',
				'那种情况下应用的数据库一个都不剩，数据目录是刚刚初始化的；这里它的其他数据库或角色还在。',
			),
		},
		{
			id: 'half-initialised',
			tell: say(
				'There pg_hba.conf also lacks the line `host all all all`, because the first initialisation was cut off before its end.',
				'那种情况下 pg_hba.conf 还缺少 `host all all all` 这一行，因为首次初始化中途中断。',
			),
		},
		{
			id: 'wrong-server',
			tell: say(
				'There another database server of the deployment has the database.',
				'那种情况下部署里的另一个数据库服务器有这个数据库。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database, credential}) {
		const names = catalogOf(see, database)?.databases.map(({name}) => name);
		return [
			names
				? points(
						say(`The databases of the server are: ${list(names).en}`, `服务器上的数据库有：${list(names).zh}`),
						'database-catalog',
					)
				: points(
						say(
							`A real login was refused: database \`${credential.database}\` does not exist`,
							`实际登录被拒绝：数据库 \`${credential.database}\` 不存在`,
						),
						'password-proof',
					),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.database}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [createDatabase],
	examples: [() => sampleFacts({credentials: {api: {database: 'dify_new'}}})],
});
