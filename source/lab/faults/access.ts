import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {plantSentinel} from '../sentinel.ts';
import {startDify, startDifyClients, startDifyDatabase, writeDify} from '../stacks/dify.ts';
import {amend, variable} from '../stacks/file.ts';
import {startGeneric} from '../stacks/generic.ts';

export const databaseMissing = fault({
	id: 'database-missing',
	kind: 'fault',
	stack: 'dify',
	title: say('DB_DATABASE was changed after the data was made', '数据创建之后又改了 DB_DATABASE'),
	expects: [{id: 'database-missing', service: 'db'}],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.setEnvironment({DB_DATABASE: 'dify_production'});
		await startDifyClients(lab, ['api', 'worker']);
	},
});

export const hbaRejects = fault({
	id: 'hba-rejects',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'pg_hba.conf admits an address range that the containers are not in',
		'pg_hba.conf 只允许容器不在其中的地址段',
	),
	expects: [{id: 'hba-rejects', service: 'db'}],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.shell('db', 'sed -i "s|^host all all all |host all all 198.51.100.0/24 |" "$PGDATA/pg_hba.conf"');
		await lab.sql('select pg_reload_conf()');
		await startDifyClients(lab);
	},
});

export const hbaRejectsExplicitly = fault({
	id: 'hba-rejects-explicitly',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'A reject line in pg_hba.conf stands before the one that admits',
		'pg_hba.conf 中 reject 行排在允许行之前',
	),
	expects: [{id: 'hba-rejects', service: 'db'}],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.shell('db', 'sed -i "s|^host all all all |host dify all all reject\\n&|" "$PGDATA/pg_hba.conf"');
		await lab.sql('select pg_reload_conf()');
		await startDifyClients(lab, ['api', 'worker']);
	},
});

export const wrongServer = fault({
	id: 'wrong-server',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'DB_HOST leads to a leftover database container of an earlier setup',
		'DB_HOST 指向早先部署遗留的数据库容器',
	),
	expects: [{id: 'wrong-server'}],
	async provoke(lab) {
		// The service was called postgres once; Compose leaves its container running as an orphan.
		await writeDify(lab, {
			environment: {DB_PASSWORD: lab.secret('earlier')},
			change(file) {
				const {db} = file.services;
				if (!db) return;
				file.services = {
					postgres: {...db, volumes: ['./volumes/postgres/data:/var/lib/postgresql/data'], healthcheck: undefined},
				};
			},
		});
		await lab.compose('up', '--detach');
		await writeDify(lab, {environment: {DB_HOST: 'postgres'}});
		await lab.compose('up', '--detach', '--wait', 'db');
		await plantSentinel(lab, 'dify');
		await startDifyClients(lab);
	},
});

export const exposedToInternet = fault({
	id: 'exposed-to-internet',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'The database is published on every address, with the password of the example file',
		'数据库对所有地址开放，且使用示例文件里的密码',
	),
	expects: [{id: 'exposed-to-internet', service: 'db'}],
	async provoke(lab) {
		const port = await lab.freePort();
		await startDify(lab, {
			environment: {DB_PASSWORD: lab.knownSecret('database', 'difyai123456'), EXPOSE_DB_PORT: String(port)},
			change(file) {
				amend(file, 'db', {ports: [`${variable('EXPOSE_DB_PORT')}:5432`]});
			},
		});
	},
});

export const exposedRansomNote = fault({
	id: 'exposed-ransom-note',
	kind: 'fault',
	stack: 'generic',
	title: say('Somebody got in by an open port and left a ransom note', '有人从开放的端口进来，留下了勒索留言'),
	expects: [{id: 'exposed-to-internet', service: 'db'}],
	async provoke(lab) {
		const port = await lab.freePort();
		await startGeneric(lab, {
			environment: {OPEN_PORT: String(port)},
			change(file) {
				amend(file, 'db', {ports: [`${variable('OPEN_PORT')}:5432`]});
			},
		});
		const note = "values ('All your data was backed up. You must pay 0.007 BTC.')";
		await lab.sql(`create table readme_to_recover as ${note}`, {user: 'shop', database: 'shopdb'});
	},
});
