import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {setVariables} from '../stacks/file.ts';
import {genericClients, startGeneric, startGenericDatabase} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';
import {holdRecovery} from './hold-recovery.ts';
import {holdPort} from './port-already-allocated.ts';

/** Ends the server as a power cut would. */
async function powerCut(lab: LabStage): Promise<void> {
	await lab.docker('kill', lab.container('db'));
	await lab.docker('start', lab.container('db'));
}

export const trapRecovered = fault({
	id: 'trap-recovered',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'Recovered from a power cut, with the usual alarming lines in its log',
		'断电后已恢复，日志里有那些吓人的常见内容',
	),
	expects: [],
	async provoke(lab) {
		await startGeneric(lab);
		await lab.sql('create table visits as select generate_series(1, 1000)', {user: 'shop', database: 'shopdb'});
		await powerCut(lab);
		await lab.logged('db', 'invalid record length');
		await lab.ready(...genericClients);
	},
});

export const trapInterruptedRecovery = fault({
	id: 'trap-interrupted-recovery',
	kind: 'trap',
	stack: 'generic',
	title: say('Recovery was cut short itself, and the next one went through', '恢复过程本身被中断过，之后的恢复成功了'),
	expects: [],
	async provoke(lab) {
		await startGeneric(lab);
		await lab.sql('create table visits as select n from generate_series(1, 200000) n', {
			user: 'shop',
			database: 'shopdb',
		});
		await powerCut(lab);
		await lab.shell('db', holdRecovery);
		await powerCut(lab);
		await lab.logged('db', 'interrupted while in recovery');
		await lab.ready(...genericClients);
	},
});

export const healthySharedVolume = fault({
	id: 'healthy-shared-volume',
	kind: 'healthy',
	stack: 'generic',
	title: say('Two servers on one volume, each with a folder of its own', '两个服务器在同一个卷上，各用自己的文件夹'),
	expects: [],
	async provoke(lab) {
		await startGeneric(lab, {
			change: file => setVariables(file, 'db', {PGDATA: '/var/lib/postgresql/data/first'}),
		});
		await lab.run(
			'second',
			'--volume',
			`${lab.project}_pgdata:/shared`,
			'--env',
			'PGDATA=/shared/second',
			'--env',
			'POSTGRES_HOST_AUTH_METHOD=scram-sha-256',
			'--env',
			`POSTGRES_PASSWORD=${lab.secret('second')}`,
			'postgres:15',
		);
	},
});

export const doubleVersionAndPort = fault({
	id: 'double-version-and-port',
	kind: 'double',
	stack: 'generic',
	title: say('The data is of another version, and a port is taken', '数据版本不符，同时端口被占用'),
	expects: [
		{id: 'port-already-allocated', service: 'app'},
		{id: 'version-mismatch', service: 'db'},
	],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.shell('db', 'echo 13 > "$PGDATA/PG_VERSION"');
		await holdPort(lab, 'SHOP_PORT');
		await lab.docker('restart', lab.container('db'));
		await lab.crashLooping('db');
		await lab.composeMayFail('up', '--detach');
	},
});
