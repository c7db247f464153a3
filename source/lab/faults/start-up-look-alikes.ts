import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {setVariables} from '../stacks/file.ts';
import {startGeneric, startGenericClients, startGenericDatabase} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';
import {onVolume} from './on-volume.ts';
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
		await startGenericDatabase(lab);
		await powerCut(lab);
		await lab.logged('db', 'invalid record length');
		await startGenericClients(lab, []);
	},
});

export const trapLogPutBack = fault({
	id: 'trap-log-put-back',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'A file of pg_wal was gone, and was put back: the log still holds the PANIC',
		'pg_wal 曾缺少文件，已放回原处：日志里仍有 PANIC',
	),
	expects: [],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.docker('kill', lab.container('db'));
		await onVolume(lab, 'mkdir "$PGDATA/aside" && mv "$PGDATA"/pg_wal/0* "$PGDATA/aside"');
		await lab.docker('start', lab.container('db'));
		await lab.logged('db', 'PANIC');
		await lab.docker('stop', lab.container('db'));
		await onVolume(lab, 'mv "$PGDATA"/aside/* "$PGDATA/pg_wal" && rmdir "$PGDATA/aside"');
		await lab.docker('start', lab.container('db'));
		await lab.logged('db', 'redo done');
		await startGenericClients(lab, []);
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
