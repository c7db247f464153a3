import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {amend, type ComposeFile} from '../stacks/file.ts';
import {type GenericOptions, startGeneric, startGenericDatabase} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';
import {bigJoin, bigSort, failing, leave, onSmallDisk, shop} from './parts/strain.ts';

export const diskFull = fault({
	id: 'disk-full',
	kind: 'fault',
	stack: 'generic',
	title: say('The file system of the data is full', '数据所在的文件系统已满'),
	expects: [{id: 'disk-full', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab, {change: onSmallDisk('size=100m')});
		await leave(lab, 512);
		await failing(lab, "create unlogged table visits as select n, repeat('x', 1000) from generate_series(1, 5000) n");
		await lab.logged('db', 'No space left on device');
	},
});

/** A table in which Dify notes its runs: old ones of thirty megabytes, and some of today. */
const runLog = `
create table workflow_node_executions (id uuid primary key default gen_random_uuid(), created_at timestamp not null, outputs text);
insert into workflow_node_executions (created_at, outputs)
	select now() - interval '200 days' + n * interval '1 minute', n || repeat('x', 1000) from generate_series(1, 26000) n;
insert into workflow_node_executions (created_at, outputs) select now() - n * interval '1 minute', n from generate_series(1, 200) n;`;

export const diskFullRunLogs = fault({
	id: 'disk-full-run-logs',
	kind: 'fault',
	stack: 'generic',
	title: say('Old run logs in the database have filled its file system', '数据库中的旧运行日志占满了文件系统'),
	expects: [{id: 'disk-full', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab, {change: onSmallDisk('size=170m')});
		await lab.sql(runLog, shop);
		await lab.sql('checkpoint', shop);
		await leave(lab, 4096);
		await failing(lab, "create unlogged table visits as select n, repeat('x', 1000) from generate_series(1, 9000) n");
		await lab.logged('db', 'No space left on device');
	},
});

export const inodeExhausted = fault({
	id: 'inode-exhausted',
	kind: 'fault',
	stack: 'generic',
	title: say('The file system of the data can hold no more files', '数据所在的文件系统已不能再容纳文件'),
	expects: [{id: 'inode-exhausted', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab, {change: onSmallDisk('size=300m,nr_inodes=1700')});
		await lab.shell(
			'db',
			'cd "$PGDATA"; mkdir thumbnails; n=0; while true >thumbnails/$n; do n=$((n + 1)); done 2>/dev/null',
		);
		await failing(lab, 'create table visits (id integer)');
		await lab.logged('db', 'No space left on device');
	},
});

export const shmTooSmall = fault({
	id: 'shm-too-small',
	kind: 'fault',
	stack: 'generic',
	title: say('A parallel query needs more shared memory than the container has', '并行查询需要的共享内存超过容器所有'),
	expects: [{id: 'shm-too-small', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab, {change: file => amend(file, 'db', {shm_size: '2m'})});
		await failing(lab, bigJoin);
		await lab.logged('db', 'shared memory segment');
	},
});

const limited = (file: ComposeFile): void => amend(file, 'db', {mem_limit: '160m'});

/** One query goes over the limit; the kernel ends its process, and the server comes back by itself. */
async function overTheLimit(lab: LabStage): Promise<void> {
	await failing(lab, bigSort);
	await lab.logged('db', 'was terminated by signal 9');
	await lab.logged('db', 'reinitializing');
}

export const oomKilledChild = fault({
	id: 'oom-killed-child',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'One query takes all memory; its process is killed and the server lives on',
		'一个查询用尽内存，其进程被终止而服务器仍在',
	),
	expects: [{id: 'oom-killed', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab, {change: limited});
		await overTheLimit(lab);
		await lab.crashLooping('app', 'worker');
		await lab.ready('app', 'worker');
	},
});

export const killedNotOom = fault({
	id: 'killed-not-oom',
	kind: 'fault',
	stack: 'generic',
	title: say('The database did not stop in time and was killed', '数据库没有及时停止，被强制终止'),
	expects: [{id: 'killed-not-oom', service: 'db'}],
	async provoke(lab) {
		// SIGTERM makes the server wait for its clients to go, and they do not.
		await startGeneric(lab, {change: file => amend(file, 'db', {stop_signal: 'SIGTERM'})});
		await lab.docker('stop', '--time', '1', lab.container('db'));
	},
});

export const killedNotOomProcess = fault({
	id: 'killed-not-oom-process',
	kind: 'fault',
	stack: 'generic',
	title: say('Somebody ended a query with kill -9', '有人用 kill -9 结束了一个查询'),
	expects: [{id: 'killed-not-oom', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab);
		await lab.shell(
			'db',
			'for p in /proc/[0-9]*; do grep -qa "^postgres: shop shopdb" "$p/cmdline" && kill -9 "${p#/proc/}" && exit; done; exit 1',
		);
		await lab.crashLooping('app', 'worker');
		await lab.ready('app', 'worker');
	},
});

const trap = (id: string, en: string, zh: string, provoke: (lab: LabStage) => Promise<void>) =>
	fault({id: `trap-${id}`, kind: 'trap', stack: 'generic', title: say(en, zh), expects: [], provoke});

export const trapOldOomMark = trap(
	'old-oom-mark',
	'OOMKilled is true from an earlier life; the database works',
	'OOMKilled 是以前留下的，数据库工作正常',
	async lab => {
		const options: GenericOptions = {change: limited};
		await startGenericDatabase(lab, options);
		await overTheLimit(lab);
		await lab.docker('stop', '--time', '10', lab.container('db'));
		await lab.compose('up', '--detach', '--wait', 'db');
		await lab.compose('up', '--detach');
		await lab.ready('app', 'worker');
	},
);

export const trapStoppedJob = trap(
	'stopped-job',
	'A one-off job was stopped and has exit code 137; the shop works',
	'一次性任务被停止，退出码 137，商店工作正常',
	async lab => {
		await startGeneric(lab);
		const name = `${lab.project}-import`;
		await lab.compose(
			'run',
			'--detach',
			'--no-deps',
			'--name',
			name,
			'worker',
			'sh',
			'-c',
			'trap "" TERM; while :; do sleep 1; done',
		);
		await lab.docker('stop', '--time', '1', name);
	},
);

export const trapSmallSharedMemory = trap(
	'small-shared-memory',
	'Shared memory is small, and suffices',
	'共享内存很小，但够用',
	async lab => {
		await startGeneric(lab, {change: file => amend(file, 'db', {shm_size: '8m'})});
		await lab.sql(
			'create table visits as select n from generate_series(1, 10000) n; select count(*) from visits',
			shop,
		);
	},
);

export const trapNearlyFullDisk = trap(
	'nearly-full-disk',
	'Four fifths of the disk are used, and there is room',
	'磁盘已用五分之四，但仍有空间',
	async lab => {
		await startGeneric(lab, {change: onSmallDisk('size=200m')});
		await leave(lab, 40 * 1024);
		await lab.sql('create table visits as select n from generate_series(1, 1000) n', shop);
	},
);
