import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {amend, type ComposeFile, type Service, setVariables} from '../stacks/file.ts';
import {startGeneric, startGenericDatabase, writeGeneric} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';

/** The shop's database, once started, then made anew with another configuration that it does not survive. */
async function breakDatabase(
	lab: LabStage,
	change: Partial<Service>,
	meanwhile?: () => Promise<unknown>,
): Promise<void> {
	await startGenericDatabase(lab);
	await lab.compose('stop', '--timeout', '5', 'db');
	await meanwhile?.();
	await writeGeneric(lab, {change: file => amend(file, 'db', change)});
	await lab.compose('up', '--detach');
	await lab.crashLooping('db');
}

/** Runs a command on the files of the stopped server, as a person with root's rights would. */
const onData = (lab: LabStage, ...command: string[]): Promise<string> =>
	lab.docker('run', '--rm', '--network', 'none', '--volume', `${lab.project}_pgdata:/data`, 'postgres:15', ...command);

/** The same on the folder beside the Compose file. */
const onFolder = (lab: LabStage, ...command: string[]): Promise<string> =>
	lab.docker('run', '--rm', '--network', 'none', '--volume', `${lab.directory}/data:/data`, 'postgres:15', ...command);

export const dataDirPermission = fault({
	id: 'data-dir-permission',
	kind: 'fault',
	stack: 'generic',
	title: say('The server runs as a user that does not own the data', '服务器以不拥有数据的用户运行'),
	expects: [{id: 'data-dir-permission', service: 'db'}],
	provoke: lab => breakDatabase(lab, {user: '1000:1000'}),
});

export const dataDirPermissionRefused = fault({
	id: 'data-dir-permission-refused',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The data was copied as root, and owners can’t be changed there',
		'数据由 root 复制而来，且那里不能更改所有者',
	),
	expects: [{id: 'data-dir-permission', service: 'db'}],
	// Without the right to change owners every mount refuses as NFS with root_squash does, in the same words.
	provoke: lab => breakDatabase(lab, {cap_drop: ['CHOWN']}, () => onData(lab, 'chown', '-R', '0:0', '/data')),
});

export const dataDirPermissionFolder = fault({
	id: 'data-dir-permission-folder',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The data lies in a folder of the machine whose owners can’t be changed',
		'数据位于本机的文件夹，且不能更改所有者',
	),
	expects: [{id: 'data-dir-permission', service: 'db'}],
	async provoke(lab) {
		const folder = (file: ComposeFile): void => {
			amend(file, 'db', {volumes: ['./data:/var/lib/postgresql/data']});
			delete file.volumes;
		};
		await startGenericDatabase(lab, {change: folder});
		// The clients would make them at their first start, and then there would be something new to keep whenever data was moved.
		await lab.sql('create table orders (id int); create table workflow_runs (id int)', {
			user: 'shop',
			database: 'shopdb',
		});
		await lab.compose('stop', '--timeout', '5', 'db');
		await onFolder(lab, 'chown', '-R', '0:0', '/data');
		const refusing = (file: ComposeFile): void => {
			folder(file);
			amend(file, 'db', {cap_drop: ['CHOWN']});
		};
		await writeGeneric(lab, {change: refusing});
		await lab.compose('up', '--detach');
		await lab.crashLooping('db');
	},
});

export const dataDirMode = fault({
	id: 'data-dir-mode',
	kind: 'fault',
	stack: 'generic',
	title: say('Somebody has opened the data directory to everybody', '有人把数据目录开放给了所有人'),
	expects: [{id: 'data-dir-mode', service: 'db'}],
	provoke: lab =>
		breakDatabase(lab, {user: 'postgres', entrypoint: ['postgres']}, () => onData(lab, 'chmod', '0777', '/data')),
});

export const readOnlyFilesystem = fault({
	id: 'read-only-filesystem',
	kind: 'fault',
	stack: 'generic',
	title: say('The data is mounted for reading only', '数据以只读方式挂载'),
	expects: [{id: 'read-only-filesystem', service: 'db'}],
	provoke: lab => breakDatabase(lab, {volumes: ['pgdata:/var/lib/postgresql/data:ro']}),
});

export const readOnlyRoot = fault({
	id: 'read-only-filesystem-root',
	kind: 'fault',
	stack: 'generic',
	title: say('A read-only container without memory for its socket', '只读容器，且没有为套接字提供内存文件系统'),
	expects: [{id: 'read-only-filesystem', service: 'db'}],
	provoke: lab => breakDatabase(lab, {read_only: true}),
});

export const stalePidLock = fault({
	id: 'stale-pid-lock',
	kind: 'fault',
	stack: 'generic',
	title: say('A power cut has left an empty postmaster.pid', '断电留下了空的 postmaster.pid'),
	expects: [{id: 'stale-pid-lock', service: 'db'}],
	provoke: lab => breakDatabase(lab, {}, () => onData(lab, 'truncate', '--size', '0', '/data/postmaster.pid')),
});

/** The number in the file is that of another process of the same user, which lives in every start of the container. */
export const stalePidLockTaken = fault({
	id: 'stale-pid-lock-taken',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'A left-over postmaster.pid names the number of another process',
		'残留的 postmaster.pid 记录的编号属于另一个进程',
	),
	expects: [{id: 'stale-pid-lock', service: 'db'}],
	provoke: lab =>
		breakDatabase(
			lab,
			{
				entrypoint: [
					'bash',
					'-c',
					'for n in {1..40}; do setpriv --reuid=postgres --clear-groups sleep 1d & done; until grep -q sleep /proc/30/comm; do :; done; exec docker-entrypoint.sh postgres',
				],
			},
			() =>
				onData(
					lab,
					'bash',
					'-c',
					"printf '30\\n/var/lib/postgresql/data\\n1767225600\\n5432\\n/var/run/postgresql\\n*\\n' >/data/postmaster.pid && chown postgres:postgres /data/postmaster.pid",
				),
		),
});

export const socketMissing = fault({
	id: 'socket-missing',
	kind: 'fault',
	stack: 'generic',
	title: say('The folder for the server’s socket does not exist', '服务器套接字所在的目录不存在'),
	expects: [{id: 'socket-missing', service: 'db'}],
	provoke: lab => breakDatabase(lab, {command: ['postgres', '-c', 'unix_socket_directories=/run/shop']}),
});

export const socketMissingClient = fault({
	id: 'socket-missing-client',
	kind: 'fault',
	stack: 'generic',
	title: say('A client looks for a socket in its own container', '客户端在自己的容器里找套接字'),
	expects: [{id: 'socket-missing'}],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			change: file => setVariables(file, 'worker', {PGHOST: '/var/run/postgresql'}),
		});
		await lab.compose('up', '--detach');
		await lab.crashLooping('worker');
	},
});

export const configInvalid = fault({
	id: 'config-invalid',
	kind: 'fault',
	stack: 'generic',
	title: say('A misspelt server parameter', '拼写错误的服务器参数'),
	expects: [{id: 'config-invalid', service: 'db'}],
	provoke: lab => breakDatabase(lab, {command: ['postgres', '-c', 'shared_bufers=64MB']}),
});

export const configInvalidHba = fault({
	id: 'config-invalid-hba',
	kind: 'fault',
	stack: 'generic',
	title: say('A rule of pg_hba.conf that the server can’t read', 'pg_hba.conf 中有一条服务器读不懂的规则'),
	expects: [{id: 'config-invalid', service: 'db'}],
	provoke: lab =>
		breakDatabase(lab, {}, () =>
			onData(lab, 'sh', '-c', 'echo "host all all 10.0.0.0/33 scram-sha-256" >>/data/pg_hba.conf'),
		),
});

export const configInvalidAltered = fault({
	id: 'config-invalid-altered',
	kind: 'fault',
	stack: 'generic',
	title: say('ALTER SYSTEM has stored a library that is not there', 'ALTER SYSTEM 保存了一个不存在的库'),
	expects: [{id: 'config-invalid', service: 'db'}],
	provoke: lab =>
		breakDatabase(lab, {}, () =>
			onData(lab, 'sh', '-c', `echo "shared_preload_libraries = 'pg_stat_statments'" >>/data/postgresql.auto.conf`),
		),
});

export const healthyReadOnlyRoot = fault({
	id: 'healthy-read-only-root',
	kind: 'healthy',
	stack: 'generic',
	title: say(
		'A read-only database container that has memory for its socket',
		'只读的数据库容器，套接字位于内存文件系统',
	),
	expects: [],
	provoke: lab =>
		startGeneric(lab, {change: file => amend(file, 'db', {read_only: true, tmpfs: ['/var/run/postgresql', '/tmp']})}),
});
