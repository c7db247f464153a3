import {diagnosis, opposes, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {canRefresh, refreshCollation} from '../fixes/refresh-collation.ts';
import {changedCollations, contentsOf} from '../probes/data-looks.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const collationMismatch = diagnosis<DatabaseScope>({
	id: 'collation-mismatch',
	severity: 'warning',
	name: say('Text is sorted by other rules than when the indexes were made', '文本排序规则与建立索引时不同'),
	title: ({database}) =>
		say(
			`${database || 'The database'} sorts text by other rules than when its indexes were made`,
			`${database || '数据库'} 的文本排序规则与建立索引时不同`,
		),
	about: say(
		'Indexes on text keep the order that the C library (or ICU) gave when they were made. Another base image brings another version of those rules: Debian 11 to 12, or Debian to Alpine. Where the order differs, an index misses rows that are there, and unique constraints let duplicates in.',
		'文本索引保存的是建立时 C 库（或 ICU）给出的顺序。换了基础镜像，规则的版本也随之改变：Debian 11 到 12，或 Debian 到 Alpine。顺序不同时，索引会找不到实际存在的行，唯一约束会放进重复值。',
	),
	beware: say(
		'`ALTER DATABASE … REFRESH COLLATION VERSION` alone only silences the warning: reindex first.',
		'单独执行 `ALTER DATABASE … REFRESH COLLATION VERSION` 只是消除警告：必须先重建索引。',
	),
	lookAlikes: [
		{
			id: 'corruption-page',
			tell: say(
				'A damaged page gives an error; here everything can be read, and only lookups by index miss rows.',
				'页损坏会报错；这里一切都能读取，只是按索引查找会漏行。',
			),
		},
	],
	certainty: (see, {database}) => {
		const {databases, inside} = changedCollations(see, database);
		return databases.length + inside.length > 0 ? 'certain' : 'likely';
	},
	because(see, {database}) {
		const {databases, unrecorded, inside} = changedCollations(see, database);
		const changed = new Set([...databases, ...unrecorded].map(one => one.database));
		const touched = contentsOf(see, database).filter(({name}) => changed.has(name));
		return [
			...databases.map(({database: name, collation, recorded, actual}) =>
				points(
					say(
						`\`${name}\` (${collation}) was made with version ${recorded ?? '?'}, and the system provides ${actual ?? 'none'}`,
						`\`${name}\`（${collation}）建立时的版本是 ${recorded ?? '?'}，系统现在提供的是 ${actual ?? '无版本'}`,
					),
					'collation-versions',
				),
			),
			...unrecorded.map(({database: name, collation, actual}) =>
				points(
					say(
						`\`${name}\` (${collation}) recorded no version, as under the alpine images, and the system provides ${actual ?? '?'}`,
						`\`${name}\`（${collation}）没有记录版本，如同在 alpine 镜像下建立，而系统现在提供的是 ${actual ?? '?'}`,
					),
					'collation-versions',
				),
			),
			...(inside.length > 0
				? [
						points(
							say(
								`Indexes sort by collations that have changed: ${list(inside.map(one => `\`${one.name}\``)).en}`,
								`有索引使用了已改变的排序规则：${list(inside.map(one => `\`${one.name}\``)).zh}`,
							),
							'database-content',
						),
					]
				: []),
			...touched.map(({name, content}) =>
				content.defaultOrder > 0
					? points(
							say(
								`${content.defaultOrder} indexes of \`${name}\` sort text by it`,
								`\`${name}\` 有 ${content.defaultOrder} 个索引按它排序文本`,
							),
							'database-content',
						)
					: opposes(
							say(`No index of \`${name}\` sorts text by it`, `\`${name}\` 没有按它排序文本的索引`),
							'database-content',
						),
			),
		];
	},
	affects: (_see, {database}) => (database ? [database] : []),
	fixes: [refreshCollation],
	suits: (_fix, see, {database}) => canRefresh(see, database),
	noFix: say(
		"With a backup at hand, for each database named above: `docker compose exec db psql -U postgres -d NAME -c 'reindex database'` (`reindex database NAME` before 16; writes wait meanwhile), then `alter database NAME refresh collation version`. If `reindex` finds duplicates, it says which rows. Or go back to the image that the data was made with. Put your own superuser for `postgres`.",
		"先备份，然后对上面列出的每个数据库：`docker compose exec db psql -U postgres -d NAME -c 'reindex database'`（16 之前写作 `reindex database NAME`；期间写入会等待），再执行 `alter database NAME refresh collation version`。如果 `reindex` 发现重复值，会指出是哪些行。也可以换回建立数据时的镜像。`postgres` 请换成你自己的超级用户。",
	),
	examples: [
		() =>
			sampleFacts({
				facts: {
					'collation-versions db': [{database: 'dify', collation: 'en_US.utf8', recorded: '2.31', actual: '2.36'}],
					'collation-work db/dify': {
						indexes: [
							{
								...{index: 'public.accounts_email', table: 'accounts', bytes: 4_194_304},
								...{unique: true, concurrently: true},
							},
						],
						...{collations: [], partitioned: []},
					},
					'wal-room db': {size: 50_000_000_000, free: 6_000_000_000},
				},
			}),
		() =>
			sampleFacts({
				facts: {
					'collation-versions db': [{database: 'dify', collation: 'en_US.utf8', recorded: null, actual: '2.36'}],
				},
				content: {defaultOrder: 0},
			}),
	],
});
