import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDify} from '../stacks/dify.ts';
import {appFails, clerkUrl, createClerk, openShop, start} from '../stacks/shop.ts';

export const schemaMissing = fault({
	id: 'schema-missing',
	kind: 'fault',
	stack: 'generic',
	title: say('The app asks for a table that nobody made', '应用查询一个从未建立的表'),
	expects: [{id: 'schema-missing', service: 'app'}],
	async provoke(lab) {
		await openShop(lab, {app: {QUERY: 'select count(*) from customers'}});
		await appFails(lab);
	},
});

export const schemaPrivilege = fault({
	id: 'schema-privilege',
	kind: 'fault',
	stack: 'generic',
	title: say('A role of its own may not create tables in public', '自有角色无权在 public 中建表'),
	expects: [{id: 'schema-privilege', service: 'app'}],
	async provoke(lab) {
		await openShop(lab, {app: {DATABASE_URL: clerkUrl}, before: createClerk(lab)});
		await appFails(lab);
	},
});

export const migrationFailed = fault({
	id: 'migration-failed',
	kind: 'fault',
	stack: 'generic',
	title: say('A migration was cut off and left the database dirty', '迁移被中断，数据库留在 dirty 状态'),
	expects: [{id: 'migration-failed', service: 'app'}],
	async provoke(lab) {
		await openShop(lab, {app: {MIGRATE: 'alter table customers add column email text'}});
		await appFails(lab);
		await lab.logged('app', 'Dirty database version');
	},
});

const revision = (id: string, before: string | null): string =>
	`"""a change"""\nfrom alembic import op\n\nrevision = '${id}'\ndown_revision = ${before ? `'${before}'` : 'None'}\n`;

export const migrationFailedDify = fault({
	id: 'migration-failed-dify',
	kind: 'fault',
	stack: 'dify',
	title: say('An older Dify runs on data that a newer one has migrated', '旧版 Dify 运行在已被新版迁移的数据上'),
	expects: [{id: 'migration-failed', service: 'api'}],
	async provoke(lab) {
		await lab.write({
			'versions/1_first.py': revision('64b051264f32', null),
			'versions/2_second.py': revision('9f4e3427ea84', '64b051264f32'),
		});
		await startDify(lab, {
			change(file) {
				file.services['api']?.volumes?.push('./versions:/app/api/migrations/versions:ro');
			},
		});
		const table = 'create table alembic_version (version_num varchar(32) primary key)';
		await lab.sql(`${table}; insert into alembic_version values ('c031d46af369')`, {database: 'dify'});
	},
});

export const extensionMissing = fault({
	id: 'extension-missing',
	kind: 'fault',
	stack: 'generic',
	title: say('The app wants pgvector, the image does not have it', '应用需要 pgvector，而镜像中没有'),
	expects: [{id: 'extension-missing', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {app: {QUERY: 'create extension if not exists vector'}});
		await appFails(lab);
	},
});

export const extensionMissingFiles = fault({
	id: 'extension-missing-files',
	kind: 'fault',
	stack: 'generic',
	title: say('An image swap took an installed extension’s files away', '换镜像后，已安装扩展的文件不见了'),
	expects: [{id: 'extension-missing', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {before: 'create extension hstore'});
		await lab.shell(
			'db',
			'rm "$(pg_config --sharedir 2>/dev/null || echo /usr/share/postgresql/15)"/extension/hstore.control',
		);
		await start(lab, 'app');
	},
});

export const extensionNotCreated = fault({
	id: 'extension-missing-not-created',
	kind: 'fault',
	stack: 'generic',
	title: say('Nobody created the extension whose functions the app calls', '应用调用了某扩展的函数，却没有人创建它'),
	expects: [{id: 'extension-missing', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {app: {QUERY: 'select uuid_generate_v4()'}});
		await appFails(lab);
	},
});

export const extensionPrivilege = fault({
	id: 'extension-privilege',
	kind: 'fault',
	stack: 'generic',
	title: say('The app’s own role may not create an extension', '应用自己的角色无权创建扩展'),
	expects: [{id: 'extension-privilege', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {
			app: {DATABASE_URL: clerkUrl, QUERY: 'create extension if not exists "uuid-ossp"'},
			before: `${createClerk(lab)} grant create on schema public to clerk`,
		});
		await appFails(lab);
	},
});
