import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {difyClients, startDify, startDifyDatabase} from '../stacks/dify.ts';
import {setVariables, variable} from '../stacks/file.ts';
import {holdPort} from './port-already-allocated.ts';

export const doubleStaleAndPort = fault({
	id: 'double-stale-and-port',
	kind: 'double',
	stack: 'dify',
	title: say('An old password in the data, and the port of nginx is taken', '数据中是旧密码，同时 nginx 端口被占用'),
	expects: [
		{id: 'port-already-allocated', service: 'nginx'},
		{id: 'stale-volume-password', service: 'db'},
	],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await holdPort(lab);
		await lab.setEnvironment({DB_PASSWORD: lab.secret('changed')});
		await lab.composeMayFail('up', '--detach');
		await lab.crashLooping(...difyClients);
	},
});

export const doubleDriftAndDatabase = fault({
	id: 'double-drift-and-database',
	kind: 'double',
	stack: 'dify',
	title: say(
		'One service has a wrong password, another a database that does not exist',
		'一个服务密码错误，另一个的数据库不存在',
	),
	expects: [
		{id: 'client-password-drift', service: 'worker'},
		{id: 'database-missing', service: 'db'},
	],
	async provoke(lab) {
		await startDify(lab, {
			environment: {WORKER_DB_PASSWORD: lab.secret('drifted')},
			change(file) {
				setVariables(file, 'worker', {DB_PASSWORD: variable('WORKER_DB_PASSWORD')});
				setVariables(file, 'api', {DB_DATABASE: 'dify_production'});
			},
			failing: ['api', 'worker'],
		});
	},
});
