import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {amend, type ComposeFile, setVariables} from '../stacks/file.ts';
import {genericClients, startGenericClients, startGenericDatabase, writeGeneric} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';
import {until} from '../until.ts';

const withScripts = ({services}: ComposeFile): void => {
	services.db?.volumes?.push('./init:/docker-entrypoint-initdb.d:ro');
};

/** The worker logs in with a role that a script makes. */
const withReports = (file: ComposeFile): void => {
	withScripts(file);
	setVariables(file, 'worker', {PGUSER: 'reports'});
};

const roles = (lab: LabStage): string =>
	`create role reports login password '${lab.secret('database')}';\ngrant all on schema public to reports;\n`;

const faulty = 'create table orders_old as select * from customers;\n';

export const initScriptFailed = fault({
	id: 'init-script-failed',
	kind: 'fault',
	stack: 'generic',
	title: say('An init script failed, and the container stays down', '初始化脚本失败，容器保持停止'),
	expects: [{id: 'init-script-failed', service: 'db'}],
	async provoke(lab) {
		await writeGeneric(lab, {
			change(file) {
				withScripts(file);
				amend(file, 'db', {restart: 'no'});
				for (const client of genericClients) delete file.services[client];
			},
		});
		await lab.write({'init/10-schema.sql': faulty});
		await lab.compose('up', '--detach', 'db');
		await until('the first start to fail', lab.signal, async () =>
			(await lab.docker('inspect', '--format', '{{.State.Status}}', lab.container('db'))).includes('exited'),
		);
	},
});

export const initScriptFailedServes = fault({
	id: 'init-script-failed-serves',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'An init script failed, and the database came back with half a schema',
		'初始化脚本失败，数据库带着半套结构重新运行',
	),
	expects: [{id: 'init-script-failed', service: 'db'}],
	async provoke(lab) {
		await writeGeneric(lab, {change: withReports});
		await lab.write({'init/10-schema.sql': faulty, 'init/20-roles.sql': roles(lab)});
		await lab.compose('up', '--detach', 'db');
		// The server of the first start, which failed, listened on its socket only.
		await lab.logged('db', 'listening on IPv4');
		await startGenericClients(lab, ['worker']);
	},
});

export const initScriptsSkipped = fault({
	id: 'init-scripts-skipped',
	kind: 'fault',
	stack: 'generic',
	title: say('An init script was added to a database that exists', '给已有的数据库添加了初始化脚本'),
	expects: [{id: 'init-scripts-skipped', service: 'db'}],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await writeGeneric(lab, {change: withReports});
		await lab.write({'init/10-roles.sql': roles(lab)});
		await startGenericClients(lab, ['worker']);
	},
});

export const doubleScriptsAndDrift = fault({
	id: 'double-scripts-and-drift',
	kind: 'double',
	stack: 'generic',
	title: say(
		'A skipped init script, and another service has a wrong password',
		'被跳过的初始化脚本，另一个服务密码错误',
	),
	expects: [
		{id: 'init-scripts-skipped', service: 'db'},
		{id: 'client-password-drift', service: 'app'},
	],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await writeGeneric(lab, {
			change(file) {
				withReports(file);
				setVariables(file, 'app', {DATABASE_URL: `postgres://shop:${lab.secret('drifted')}@db:5432/shopdb`});
			},
		});
		await lab.write({'init/10-roles.sql': roles(lab)});
		await startGenericClients(lab);
	},
});

export const healthyScriptsSkipped = fault({
	id: 'healthy-scripts-skipped',
	kind: 'healthy',
	stack: 'generic',
	title: say('Init scripts that never ran, and what they make exists', '初始化脚本从未执行，但要创建的东西已存在'),
	expects: [],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.sql(roles(lab), {user: 'shop', database: 'shopdb'});
		await writeGeneric(lab, {change: withReports});
		await lab.write({
			'init/10-roles.sql': roles(lab),
			'init/20-never-missed.sql': 'create table never_missed (id integer);\n',
		});
		await startGenericClients(lab, []);
	},
});
