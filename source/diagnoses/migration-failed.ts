import {migrationTools} from '../core/database-content.ts';
import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import type {ClientScope} from '../probes/looks.ts';
import {type MigrationTrouble, migrationTrouble} from '../probes/schema-looks.ts';
import {sampleFacts} from './samples.ts';

const quoted = (names: readonly string[]) => list(names.map(name => `\`${name}\``));

function proof(trouble: MigrationTrouble, {credential}: ClientScope): Evidence[] {
	const where = `\`${credential.database}\``;
	switch (trouble.kind) {
		case 'says-so':
			return [];
		case 'unfinished': {
			const {tool, table, version, state} = trouble.book;
			const name = migrationTools[tool];
			return [
				points(
					state === 'locked'
						? say(
								`\`${table}\` of ${where}: ${name} is locked by \`${version}\``,
								`${where} 的 \`${table}\`：${name} 被 \`${version}\` 锁定`,
							)
						: say(
								`\`${table}\` of ${where}: ${name} began \`${version}\` and did not finish it`,
								`${where} 的 \`${table}\`：${name} 开始了 \`${version}\` 但没有完成`,
							),
					'database-content',
				),
			];
		}
		default: {
			const stands = quoted(trouble.stands);
			const heads = quoted(trouble.heads);
			return [
				points(
					say(`\`alembic_version\` of ${where} says ${stands.en}`, `${where} 的 \`alembic_version\` 为 ${stands.zh}`),
					'database-content',
				),
				points(
					trouble.kind === 'ahead'
						? say(
								`The image of ${credential.service} does not know that revision; its newest is ${heads.en}`,
								`${credential.service} 的镜像不认识这个版本；它最新的是 ${heads.zh}`,
							)
						: say(
								`The image of ${credential.service} brings migrations up to ${heads.en}`,
								`${credential.service} 的镜像自带的迁移到 ${heads.zh}`,
							),
					'migration-files',
				),
			];
		}
	}
}

export const migrationFailed = diagnosis<ClientScope>({
	id: 'migration-failed',
	severity: 'failure',
	name: say('A database migration of the application did not finish', '应用的数据库迁移没有完成'),
	title: ({credential}) =>
		say(
			`The migrations of ${credential.service || 'the client'} in \`${credential.database}\` did not finish`,
			`${credential.service || '客户端'} 在 \`${credential.database}\` 中的数据库迁移没有完成`,
		),
	about: say(
		'Applications change their tables at start, step by step, and note how far they came. A step that fails or is cut off leaves half a schema that neither the old nor the new version of the application understands; so does an older image on data that a newer one has already migrated.',
		'应用在启动时逐步修改自己的表，并记录进度。某一步失败或被中断，就会留下新旧版本都无法识别的半成品结构；在已被新版迁移过的数据上运行旧镜像也是如此。',
	),
	beware: say(
		'Do not mark the migration as done (`alembic stamp`, `migrate force`, `prisma migrate resolve --applied`) before you have seen that its changes are there, and do not go back to an older image on migrated data.',
		'在确认变更确实存在之前，不要把迁移标记为已完成（`alembic stamp`、`migrate force`、`prisma migrate resolve --applied`），也不要在迁移过的数据上换回旧镜像。',
	),
	lookAlikes: [
		{
			id: 'schema-missing',
			tell: say(
				'There the database is empty, or the tables are in another one; no migration was begun.',
				'那种情况下数据库是空的，或表在别的库中；迁移从未开始。',
			),
		},
		{
			id: 'extension-privilege',
			tell: say(
				'A migration that stops at `create extension` is not broken itself: the role lacks a right.',
				'停在 `create extension` 的迁移本身没有问题：是角色缺少权限。',
			),
		},
	],
	certainty: (see, scope) => (migrationTrouble(see, scope)?.kind === 'says-so' ? 'possible' : 'certain'),
	because(see, scope) {
		const trouble = migrationTrouble(see, scope);
		if (!trouble) return [];
		const {event} = trouble;
		const {service} = scope.credential;
		return [
			...proof(trouble, scope),
			...(event
				? [
						points(
							say(`${service} says: ${event.text}`, `${service} 的日志：${event.text}`),
							`log of ${service}`,
							event.at,
						),
					]
				: []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.database}`,
	fixes: [],
	noFix: say(
		'Copy first: `docker compose exec -T db pg_dump -U postgres -Fc NAME > before.dump`. If the database is newer than the image, put the newer image tag back. Otherwise read why the step failed (`docker compose logs api`), cure that, and run it again with the application’s own tool (Dify: `docker compose exec api flask db upgrade`; Prisma: `npx prisma migrate resolve --rolled-back NAME`, then `npx prisma migrate deploy`; golang-migrate: undo the half step by hand, then `migrate force` to the version before it; Liquibase: `liquibase release-locks`). Put your own superuser for `postgres`.',
		'先做备份：`docker compose exec -T db pg_dump -U postgres -Fc NAME > before.dump`。如果数据库比镜像新，换回新的镜像标签。否则查看该步骤为何失败（`docker compose logs api`），解决后用应用自己的工具重新执行（Dify：`docker compose exec api flask db upgrade`；Prisma：`npx prisma migrate resolve --rolled-back NAME`，再执行 `npx prisma migrate deploy`；golang-migrate：手工撤销做了一半的变更，再用 `migrate force` 回到前一版本；Liquibase：`liquibase release-locks`）。`postgres` 请换成你自己的超级用户。',
	),
	examples: [
		() =>
			sampleFacts({
				content: {
					bookkeeping: [{tool: 'alembic', table: 'public.alembic_version', version: 'f00dfeed0001', state: 'at'}],
				},
				facts: {'migration-files api': {all: ['64b051264f32'], heads: ['64b051264f32']}},
			}),
		() =>
			sampleFacts({facts: {'migration-files api': {all: ['64b051264f32', 'cafe00000002'], heads: ['cafe00000002']}}}),
		() =>
			sampleFacts({
				services: {worker: {status: 'restarting', restartCount: 2, exitCode: 1}},
				content: {
					bookkeeping: [
						{tool: 'prisma', table: 'public._prisma_migrations', version: '20260101_add_orders', state: 'failed'},
					],
				},
				logs: {worker: [{text: 'Error: P3009 migrate found failed migrations in the target database'}]},
			}),
		() =>
			sampleFacts({
				services: {worker: {status: 'restarting', restartCount: 2, exitCode: 1}},
				logs: {
					worker: [
						{
							text: 'django.db.migrations.exceptions.InconsistentMigrationHistory: Migration admin.0001_initial is applied before its dependency',
						},
					],
				},
			}),
	],
});
