import {diagnosis, opposes, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {removeStalePid} from '../fixes/remove-stale-pid.ts';
import {quoted} from '../probes/ailing.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {dataOwner} from '../probes/data-owner.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts, seen} from './samples.ts';

export const stalePidLock = diagnosis<DatabaseScope>({
	id: 'stale-pid-lock',
	severity: 'failure',
	name: say('A left-over `postmaster.pid` blocks the start', '残留的 `postmaster.pid` 阻止启动'),
	title: ({database}) =>
		say(
			`A left-over \`postmaster.pid\` keeps ${database} from starting`,
			`残留的 \`postmaster.pid\` 使 ${database} 无法启动`,
		),
	about: say(
		'A server writes its process number into `postmaster.pid` and removes the file when it stops. After a power cut or a kill it stays behind, and the next server looks whether that process still lives. It gives up when the file is empty or garbled, as a full disk or a crashed host leaves it, or when another process of the same user happens to have that number.',
		'服务器把进程号写进 `postmaster.pid`，停止时删除该文件。断电或被强制终止后文件会留下，下一次启动会检查那个进程是否还在。若文件为空或内容损坏（磁盘写满或主机崩溃后常见），或同一用户的另一个进程恰好使用了这个编号，它就会放弃启动。',
	),
	beware: say(
		'The file is the only thing that protects the data from two servers. Never remove it while any container, or a server of the host, has the directory: two servers destroy the data without a word.',
		'这个文件是防止两个服务器同时使用数据的唯一保护。只要还有容器或主机上的服务器在使用该目录，就绝不能删除它：两个服务器会悄无声息地毁掉数据。',
	),
	lookAlikes: [
		{
			id: 'two-servers-one-volume',
			tell: say(
				'There a second container really runs on the same directory: `docker ps --filter volume=NAME`.',
				'那种情况确实有第二个容器在使用同一目录：`docker ps --filter volume=NAME`。',
			),
		},
	],
	// An empty or garbled file can't belong to a server that runs, and only containers reach a volume; the number in a folder of the
	// machine might be that of a server outside Docker.
	certainty(see, {database}) {
		const numbered = see(dataOwner, database).lock?.holds === 'pid' || saidAtStart(see, database, 'socket-lock-taken');
		const {kind} = see(dataDirectory, database);
		return numbered && kind !== 'named-volume' && kind !== 'anonymous-volume' ? 'likely' : 'certain';
	},
	because(see, {database}) {
		const {lock, path} = see(dataOwner, database);
		const {sharedWith} = see(dataDirectory, database);
		return [
			...(lock
				? [
						points(
							lock.holds === 'pid'
								? say(
										`\`${path}/postmaster.pid\` names process ${lock.pid}, and the container of ${database} does not run`,
										`\`${path}/postmaster.pid\` 记录的是进程 ${lock.pid}，而 ${database} 的容器没有运行`,
									)
								: lock.holds === 'nothing'
									? say(`\`${path}/postmaster.pid\` is empty`, `\`${path}/postmaster.pid\` 是空文件`)
									: say(
											`\`${path}/postmaster.pid\` holds no process number`,
											`\`${path}/postmaster.pid\` 里没有进程号`,
										),
							'data-owner',
						),
					]
				: []),
			sharedWith.length === 0
				? points(
						say(
							'No other container that runs has this directory, by volume name or by path',
							'没有其他运行中的容器使用该目录（按卷名和路径核对）',
						),
						'data-directory',
					)
				: opposes(
						say(`It is mounted in ${list(sharedWith).en}`, `它也挂载在 ${list(sharedWith).zh} 中`),
						'data-directory',
					),
			...quoted(see, database, 'pid-file-broken', 'pid-file-taken', 'socket-lock-taken'),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (_see, {database}) => ({database}),
	fixes: [removeStalePid],
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				logs: {db: [{severity: 'FATAL', text: 'lock file "postmaster.pid" is empty'}]},
				also: [
					seen(dataOwner, 'db', {
						path: '/var/lib/postgresql/data',
						directory: {
							kind: 'folder',
							uid: 999,
							gid: 999,
							mode: 0o700,
							size: 0,
							modifiedAt: '2025-06-01T00:00:00.000Z',
						},
						files: [],
						runsAs: {uid: 999, name: 'postgres'},
						handsOver: true,
						lock: {holds: 'nothing', pid: null},
						sockets: [],
					}),
				],
			}),
	],
});
