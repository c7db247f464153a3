import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {difyClients, startDify, startDifyClients, startDifyDatabase} from '../stacks/dify.ts';
import {amend} from '../stacks/file.ts';
import {startGenericClients, startGenericDatabase} from '../stacks/generic.ts';

export const hostNotResolvable = fault({
	id: 'host-not-resolvable',
	kind: 'fault',
	stack: 'dify',
	title: say('DB_HOST names a service that does not exist', 'DB_HOST 写了一个不存在的服务'),
	expects: [{id: 'host-not-resolvable'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {environment: {DB_HOST: 'database'}});
		await startDifyClients(lab);
	},
});

export const hostNotResolvableRenamed = fault({
	id: 'host-not-resolvable-renamed',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'After an upgrade the database service is called db_postgres, .env still says db',
		'升级后数据库服务改名为 db_postgres，.env 仍写 db',
	),
	expects: [{id: 'host-not-resolvable'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {databaseService: 'db_postgres', environment: {DB_HOST: 'db'}});
		await startDifyClients(lab);
	},
});

export const connectionRefused = fault({
	id: 'connection-refused',
	kind: 'fault',
	stack: 'dify',
	title: say('DB_PORT is not the port of the database', 'DB_PORT 不是数据库的端口'),
	expects: [{id: 'connection-refused'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {environment: {DB_PORT: '5433'}});
		await startDifyClients(lab);
	},
});

export const connectionRefusedListen = fault({
	id: 'connection-refused-listen',
	kind: 'fault',
	stack: 'generic',
	title: say('The server listens on localhost only', '服务器只监听 localhost'),
	expects: [{id: 'connection-refused'}],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			change(file) {
				amend(file, 'db', {command: ['postgres', '-c', 'listen_addresses=localhost']});
			},
		});
		await startGenericClients(lab);
	},
});

export const networkDetached = fault({
	id: 'network-detached',
	kind: 'fault',
	stack: 'dify',
	title: say('The database is no longer on the network of the project', '数据库已不在项目网络中'),
	expects: [{id: 'network-detached', service: 'db'}],
	async provoke(lab) {
		await startDify(lab);
		await lab.docker('network', 'disconnect', `${lab.project}_default`, lab.container('db'));
		await lab.docker('restart', '--time', '2', ...difyClients.map(service => lab.container(service)));
		await lab.crashLooping(...difyClients);
	},
});
