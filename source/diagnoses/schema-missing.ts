import {findRelation} from '../core/database-content.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {list, say} from '../core/say.ts';
import {contentFor, contentsOf} from '../probes/data-looks.ts';
import type {ClientScope} from '../probes/looks.ts';
import {missingRelations} from '../probes/schema-looks.ts';
import {sampleFacts} from './samples.ts';

export const schemaMissing = diagnosis<ClientScope>({
	id: 'schema-missing',
	severity: 'failure',
	name: say('The tables that the application asks for are not there', '应用需要的表不存在'),
	title: ({credential}) =>
		say(
			`The tables that ${credential.service || 'the client'} asks for are not in \`${credential.database}\``,
			`\`${credential.database}\` 中没有 ${credential.service || '客户端'} 需要的表`,
		),
	about: say(
		'The login works and the database is there, but not the tables: the migrations never ran, they ran in another database or schema, or this is a new data directory and the old one is elsewhere.',
		'登录正常，数据库也在，但表不在：迁移从未执行，或在别的数据库、别的 schema 中执行，或者这是新的数据目录，旧的在别处。',
	),
	beware: say(
		'Before you run the migrations make sure that this is the right data: on the wrong data directory they make a fresh, empty application beside the old rows.',
		'执行迁移之前，先确认这是正确的数据：在错误的数据目录上，迁移会在旧数据之外建立一个全新的空应用。',
	),
	lookAlikes: [
		{
			id: 'migration-failed',
			tell: say(
				'There most tables exist and the migration tool’s own table tells of a change that was cut off.',
				'那种情况下大多数表都在，而迁移工具自己的表记录了被中断的变更。',
			),
		},
		{
			id: 'database-missing',
			tell: say(
				'There the login itself says that the database does not exist.',
				'那种情况下登录本身就会说数据库不存在。',
			),
		},
	],
	certainty: (see, scope) =>
		missingRelations(see, scope).some(({where}) => where === 'missing') ? 'certain' : 'likely',
	because(see, scope) {
		const {credential, database} = scope;
		const missing = missingRelations(see, scope);
		const names = missing.map(({name}) => name);
		const tables = contentFor(see, scope)?.relations.length ?? 0;
		const last = missing.at(-1);
		const others = ifKnown(() => contentsOf(see, database)) ?? [];
		const there = others.filter(
			({name, content}) =>
				name !== credential.database && names.every(relation => findRelation(content, relation) === 'exists'),
		);
		return [
			...missing.map(({name, where}) =>
				where === 'missing'
					? points(
							say(
								`\`${credential.database}\` has no relation \`${name}\` in any schema`,
								`\`${credential.database}\` 的任何 schema 中都没有 \`${name}\``,
							),
							'database-content',
						)
					: points(
							say(
								`\`${name}\` is only in the schema \`${where.schema}\`, where this client does not look`,
								`\`${name}\` 只在 schema \`${where.schema}\` 中，客户端不会到那里查找`,
							),
							'database-content',
						),
			),
			points(
				tables === 0
					? say(`\`${credential.database}\` is empty`, `\`${credential.database}\` 是空的`)
					: say(
							`\`${credential.database}\` has ${tables} other relations`,
							`\`${credential.database}\` 另有 ${tables} 个表或视图`,
						),
				'database-content',
			),
			...(last
				? [
						points(
							say(`It was refused: ${last.event.text}`, `请求被拒绝：${last.event.text}`),
							`log of ${credential.service}`,
							last.event.at,
						),
					]
				: []),
			...(there.length > 0
				? [
						points(
							say(
								`All of them are in ${list(there.map(({name}) => `\`${name}\``)).en} of the same server`,
								`它们都在同一服务器的 ${list(there.map(({name}) => `\`${name}\``)).zh} 中`,
							),
							'database-content',
						),
					]
				: []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.database} ${credential.service}`,
	fixes: [],
	noFix: say(
		"First compare what is there: `docker compose exec db psql -U postgres -d NAME -c '\\dt *.*' -c '\\l+'`. If old tables are in another database, point the application to it. If the data is right and only the tables are missing, run the application’s own migrations (Dify: `docker compose exec api flask db upgrade`; Prisma: `npx prisma migrate deploy`; Django: `python manage.py migrate`). Put your own superuser for `postgres`.",
		"先核对现有内容：`docker compose exec db psql -U postgres -d NAME -c '\\dt *.*' -c '\\l+'`。如果旧表在另一个数据库，就让应用指向它。如果数据正确、只是缺表，执行应用自己的迁移（Dify：`docker compose exec api flask db upgrade`；Prisma：`npx prisma migrate deploy`；Django：`python manage.py migrate`）。`postgres` 请换成你自己的超级用户。",
	),
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				content: {relations: [], bookkeeping: []},
				logs: {
					api: [{severity: 'error', text: 'psycopg2.errors.UndefinedTable: relation "dify_setups" does not exist'}],
				},
			}),
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				content: {relations: ['app.users'], bookkeeping: []},
				logs: {api: [{severity: 'error', text: 'relation "users" does not exist'}]},
			}),
	],
});
