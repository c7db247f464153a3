import {say, type Text} from '../../core/say.ts';
import {type Expectation, type Fault, fault} from '../fault.ts';
import {composeLabels} from '../labels.ts';
import {type ComposeFile, setVariables} from '../stacks/file.ts';
import {genericClients, startGenericClients, startGenericDatabase, writeGeneric} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';
import {until} from '../until.ts';
import {onVolume} from './on-volume.ts';

const expecting = (id: string): Expectation[] => [{id, service: 'db'}];

/** A database alone is enough where it does not start. */
const withoutClients = ({services}: ComposeFile): void => {
	for (const client of genericClients) delete services[client];
};

/** A second container with a server on a volume or folder, until it has taken the files for its own. */
async function secondServer(lab: LabStage, source: string): Promise<void> {
	const name = 'second';
	await lab.run(name, '--volume', `${source}:/var/lib/postgresql/data`, 'postgres:15');
	await until('the second server to be ready', lab.signal, async () =>
		(await lab.docker('logs', `${lab.project}-${name}`).catch(() => '')).includes('Skipping initialization'),
	);
}

export const twoServersOneVolume = fault({
	id: 'two-servers-one-volume',
	kind: 'fault',
	stack: 'generic',
	title: say('A second container runs a server on the same volume', '另一个容器在同一个卷上运行服务器'),
	expects: expecting('two-servers-one-volume'),
	async provoke(lab) {
		await startGenericDatabase(lab, {change: withoutClients});
		await secondServer(lab, `${lab.project}_pgdata`);
	},
});

export const twoServersByPath = fault({
	id: 'two-servers-by-path',
	kind: 'fault',
	stack: 'generic',
	title: say('The same by the path of the volume on the host', '同样的问题，通过卷在主机上的路径'),
	expects: expecting('two-servers-one-volume'),
	async provoke(lab) {
		await startGenericDatabase(lab, {change: withoutClients});
		const inspect = ['volume', 'inspect', '--format', '{{.Mountpoint}}', `${lab.project}_pgdata`];
		await secondServer(lab, (await lab.docker(...inspect)).trim());
	},
});

export const twoServersScaled = fault({
	id: 'two-servers-scaled',
	kind: 'fault',
	stack: 'generic',
	title: say('The database was scaled to two', '数据库被扩成了两个副本'),
	expects: expecting('two-servers-one-volume'),
	async provoke(lab) {
		await startGenericDatabase(lab, {change: withoutClients});
		await lab.compose('up', '--detach', '--scale', 'db=2', 'db');
	},
});

/** Ends the first start as soon as a file is there, as a power cut or an impatient `docker kill` would. */
const killAt = (file: string): string =>
	`docker-entrypoint.sh postgres & until [ -s "$PGDATA/${file}" ]; do :; done; kill -9 -1; true`;

export const halfInitialised = fault({
	id: 'half-initialised',
	kind: 'fault',
	stack: 'generic',
	title: say('The very first start was killed', '最初的启动被强制终止'),
	expects: expecting('half-initialised'),
	async provoke(lab) {
		await writeGeneric(lab, {change: withoutClients});
		await onVolume(lab, killAt('PG_VERSION'));
		await lab.compose('up', '--detach', 'db');
		await lab.crashLooping('db');
	},
});

export const halfInitialisedLate = fault({
	id: 'half-initialised-late',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The first start was killed a moment later: the server runs and fails everybody',
		'稍晚一刻被终止：服务器能运行，却拒绝所有人',
	),
	expects: expecting('half-initialised'),
	async provoke(lab) {
		await writeGeneric(lab);
		await onVolume(lab, killAt('global/pg_control'));
		await lab.compose('up', '--detach');
		await lab.crashLooping(...genericClients);
	},
});

export const halfInitialisedParameter = fault({
	id: 'half-initialised-parameter',
	kind: 'fault',
	stack: 'generic',
	title: say('The first start met a wrong parameter, which was then corrected', '首次启动时参数有误，之后改正了'),
	expects: expecting('half-initialised'),
	async provoke(lab) {
		await writeGeneric(lab);
		await lab.composeMayFail('run', '--rm', '--no-deps', 'db', 'postgres', '-c', 'shared_bufers=1GB');
		await lab.compose('up', '--detach');
		await lab.crashLooping(...genericClients);
	},
});

export const dataDirNotEmpty = fault({
	id: 'data-dir-not-empty',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The data directory is a disk of its own, with its lost+found',
		'数据目录是一块单独的磁盘，带有 lost+found',
	),
	expects: expecting('data-dir-not-empty'),
	async provoke(lab) {
		await writeGeneric(lab, {change: withoutClients});
		await onVolume(lab, 'mkdir "$PGDATA/lost+found"');
		await lab.compose('up', '--detach', 'db');
		await lab.crashLooping('db');
	},
});

/** The rows stay where they were; what the deployment works on now is new. */
async function moveAway(lab: LabStage, change: (file: ComposeFile) => void): Promise<void> {
	await startGenericDatabase(lab);
	await writeGeneric(lab, {change});
	await startGenericClients(lab, []);
}

export const dataDirEmptied = fault({
	id: 'data-dir-emptied',
	kind: 'fault',
	stack: 'generic',
	title: say('The volume got another name in the Compose file', 'Compose 文件里的卷改了名'),
	expects: expecting('data-dir-emptied'),
	provoke: lab =>
		moveAway(lab, file => {
			if (file.services.db) file.services.db.volumes = ['database:/var/lib/postgresql/data'];
			file.volumes = {database: {labels: composeLabels(lab)}};
		}),
});

export const dataDirEmptiedPgdata = fault({
	id: 'data-dir-emptied-pgdata',
	kind: 'fault',
	stack: 'generic',
	title: say('PGDATA was moved into a folder of the same volume', 'PGDATA 移到了同一个卷里的子文件夹'),
	expects: expecting('data-dir-emptied'),
	provoke: lab => moveAway(lab, file => setVariables(file, 'db', {PGDATA: '/var/lib/postgresql/data/pgdata'})),
});

/** With owners and modes, those of the folder itself included. */
const copyAll = 'cp -a /from/. /to/ && chown "$(stat -c %u:%g /from)" /to && chmod "$(stat -c %a /from)" /to';

/** Something is done to the files of a healthy database after it was ended, and it is started again. */
function damage(id: string, expected: string, title: Text, end: 'stop' | 'kill', script: string): Fault {
	return fault({
		id,
		kind: 'fault',
		stack: 'generic',
		title,
		expects: expecting(expected),
		async provoke(lab) {
			await startGenericDatabase(lab, {change: withoutClients});
			await lab.docker(end, lab.container('db'));
			await onVolume(lab, script);
			await lab.docker('start', lab.container('db'));
			await lab.crashLooping('db');
		},
	});
}

export const versionMismatch = damage(
	'version-mismatch',
	'version-mismatch',
	say('The data was made by PostgreSQL 13', '数据由 PostgreSQL 13 创建'),
	'stop',
	'echo 13 > "$PGDATA/PG_VERSION"',
);

export const corruptionWal = damage(
	'corruption-wal',
	'corruption-wal',
	say('Somebody made room in pg_wal', '有人清理了 pg_wal 来腾空间'),
	'kill',
	'rm "$PGDATA"/pg_wal/0*',
);

export const corruptionWalBlank = damage(
	'corruption-wal-blank',
	'corruption-wal',
	say('A disk lost what it had confirmed: the log is blank', '磁盘丢失了已确认的写入：日志是空白的'),
	'kill',
	'for file in "$PGDATA"/pg_wal/0*; do truncate -s 0 "$file" && truncate -s 16M "$file"; done',
);

export const corruptionWalKept = fault({
	id: 'corruption-wal-kept',
	kind: 'fault',
	stack: 'generic',
	title: say('The log is lost, and a copy from before was kept', '日志丢失，但保留有之前的副本'),
	expects: expecting('corruption-wal'),
	async provoke(lab) {
		await startGenericDatabase(lab, {change: withoutClients});
		const [data, kept] = [`${lab.project}_pgdata`, `${lab.project}_kept`];
		await lab.docker('stop', lab.container('db'));
		// As a snapshot or a reset of this program leaves it behind.
		const labels = ['compose-medic.kept=20260102-030405-reset-volume', `compose-medic.source=${data}`];
		await lab.docker('volume', 'create', ...labels.flatMap(label => ['--label', label]), kept);
		const mounts = ['--volume', `${data}:/from:ro`, '--volume', `${kept}:/to`];
		await lab.docker('run', '--rm', '--network', 'none', ...mounts, 'postgres:15', 'sh', '-c', copyAll);
		await lab.docker('start', lab.container('db'));
		await lab.logged('db', 'Skipping initialization');
		await lab.docker('kill', lab.container('db'));
		await onVolume(lab, 'rm "$PGDATA"/pg_wal/0*');
		await lab.docker('start', lab.container('db'));
		await lab.crashLooping('db');
	},
});
