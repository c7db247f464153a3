import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {amend, setVariables, variable} from '../stacks/file.ts';
import {startGenericDatabase, writeGeneric} from '../stacks/generic.ts';
import {bigJoin, failing, leave, onSmallDisk} from './parts/strain.ts';

export const doubleConfigAndPort = fault({
	id: 'double-config-and-port',
	kind: 'double',
	stack: 'generic',
	title: say(
		'A wrong server parameter, and the port of the application is taken',
		'服务器参数有误，同时应用的端口被占用',
	),
	expects: [
		{id: 'port-already-allocated', service: 'app'},
		{id: 'config-invalid', service: 'db'},
	],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.compose('stop', '--timeout', '5', 'db');
		await writeGeneric(lab, {change: file => amend(file, 'db', {command: ['postgres', '-c', 'max_connections=many']})});
		const port = /^SHOP_PORT=(\d+)$/m.exec(await lab.read('.env'))?.[1];
		await lab.run('other-site', '--publish', `127.0.0.1:${port}:80`, 'nginx:alpine');
		await lab.composeMayFail('up', '--detach');
		await lab.crashLooping('db');
	},
});

export const doubleDiskAndDrift = fault({
	id: 'double-disk-and-drift',
	kind: 'double',
	stack: 'generic',
	title: say(
		'The disk of the data is full, and one client has a wrong password',
		'数据磁盘已满，同时一个客户端密码错误',
	),
	expects: [
		{id: 'disk-full', service: 'db'},
		{id: 'client-password-drift', service: 'worker'},
	],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			environment: {WORKER_PASSWORD: lab.secret('drifted')},
			change(file) {
				onSmallDisk('size=100m')(file);
				setVariables(file, 'worker', {PGPASSWORD: variable('WORKER_PASSWORD')});
			},
		});
		await lab.compose('up', '--detach');
		await lab.ready('app');
		await lab.crashLooping('worker');
		await leave(lab, 512);
		await failing(lab, "create unlogged table visits as select n, repeat('x', 1000) from generate_series(1, 5000) n");
		await lab.logged('db', 'No space left on device');
	},
});

export const doubleSharedMemoryAndHost = fault({
	id: 'double-shared-memory-and-host',
	kind: 'double',
	stack: 'generic',
	title: say(
		'Too little shared memory, and a client with a host that does not exist',
		'共享内存不足，同时一个客户端的主机名不存在',
	),
	expects: [
		{id: 'shm-too-small', service: 'db'},
		{id: 'host-not-resolvable', service: 'worker'},
	],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			change(file) {
				amend(file, 'db', {shm_size: '2m'});
				setVariables(file, 'worker', {PGHOST: 'database'});
			},
		});
		await lab.compose('up', '--detach');
		await failing(lab, bigJoin);
		await lab.crashLooping('worker');
	},
});
