import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {createDatabase} from '../fixes/create-database.ts';
import {type ClientScope, catalogOf, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const databaseMissing = diagnosis<ClientScope>({
	id: 'database-missing',
	severity: 'failure',
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
