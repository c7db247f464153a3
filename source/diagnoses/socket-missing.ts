import {octal} from '../core/amount.ts';
import type {ClientCredential} from '../core/deployment.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {repairConfig} from '../fixes/repair-config.ts';
import {quoted} from '../probes/ailing.ts';
import {clientLogin} from '../probes/client-login.ts';
import {dataOwner} from '../probes/data-owner.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts, seen} from './samples.ts';

/** A server that can't make its socket, or a client that looks for one that is not in its container. */
export type SocketScope = DatabaseScope & {credential?: ClientCredential};

/** The folder in the server's words: `could not create lock file "/nosuch/.s.PGSQL.5432.lock"`. */
const folderIn = (see: See, database: string): string | null =>
	/"([^"]*)\/\.s\.PGSQL/.exec(saidAtStart(see, database, 'socket-lock-refused')?.text ?? '')?.[1] ?? null;

const socketOf = (see: See, database: string) => {
	const folder = folderIn(see, database);
	return see(dataOwner, database).sockets.find(({path}) => path === folder) ?? null;
};

export const socketMissing = diagnosis<SocketScope>({
	id: 'socket-missing',
	severity: 'failure',
	name: say('The server’s socket is not where it should be', '服务器的套接字不在应有的位置'),
	title: ({database, credential}) =>
		credential
			? say(
					`${credential.service} looks for a socket that is not in its container`,
					`${credential.service} 要找的套接字不在它的容器里`,
				)
			: say(`${database} can’t make its socket`, `${database} 无法创建套接字`),
	about: say(
		'Besides TCP, PostgreSQL listens on a socket file, usually in `/var/run/postgresql`. A server whose folder for it is missing or not writable does not start at all. A client with a path, or nothing, in place of a host name looks for that file in its own container, where it is only when both containers share the folder.',
		'除 TCP 外，PostgreSQL 还监听一个套接字文件，通常位于 `/var/run/postgresql`。若该目录不存在或不可写，服务器根本不会启动。客户端若把主机名写成路径或留空，就会在自己的容器里找这个文件；只有两个容器共享该目录时它才存在。',
	),
	beware: say(
		'Do not open the folder to everybody: over the socket the official image lets anyone in without a password.',
		'不要把该目录开放给所有人：通过套接字连接时，官方镜像不要求密码。',
	),
	lookAlikes: [
		{
			id: 'connection-refused',
			tell: say(
				'There the client names a host, and the words are `Connection refused`.',
				'那种情况客户端写了主机名，提示是 `Connection refused`。',
			),
		},
		{
			id: 'read-only-filesystem',
			tell: say('There the words are `Read-only file system`.', '那种情况的提示是 `Read-only file system`。'),
		},
	],
	certainty(see, {database, credential}) {
		if (credential) return see(clientLogin, credential.id).outcome === 'ok' ? 'possible' : 'certain';
		const socket = socketOf(see, database);
		return socket && !socket.onTmpfs ? 'certain' : 'likely';
	},
	because(see, {database, credential}) {
		if (credential) {
			const login = see(clientLogin, credential.id);
			return [
				points(
					say(
						`The host of ${credential.service} is \`${credential.host || '(nothing)'}\`: that means a socket in its own container`,
						`${credential.service} 的主机是 \`${credential.host || '（空）'}\`：这表示它自己容器里的套接字`,
					),
					'client-credentials',
				),
				...('message' in login
					? [points(say(`A connection there: ${login.message}`, `尝试连接：${login.message}`), 'client-login')]
					: []),
			];
		}
		const folder = folderIn(see, database) ?? '/var/run/postgresql';
		const {runsAs} = see(dataOwner, database);
		const socket = socketOf(see, database);
		return [
			points(
				socket?.onTmpfs
					? say(
							`\`${folder}\` is memory that is mounted when the container starts (\`tmpfs\`); the server runs as user ${runsAs.uid ?? runsAs.name}`,
							`\`${folder}\` 是容器启动时挂载的内存文件系统（\`tmpfs\`）；服务器以用户 ${runsAs.uid ?? runsAs.name} 运行`,
						)
					: socket?.at
						? say(
								`\`${folder}\` belongs to user ${socket.at.uid} with mode ${octal(socket.at.mode)}; the server runs as user ${runsAs.uid ?? runsAs.name}`,
								`\`${folder}\` 属于用户 ${socket.at.uid}，权限 ${octal(socket.at.mode)}；服务器以用户 ${runsAs.uid ?? runsAs.name} 运行`,
							)
						: say(`There is no folder \`${folder}\` in the container`, `容器里没有目录 \`${folder}\``),
				'data-owner',
			),
			...quoted(see, database, 'socket-lock-refused'),
		];
	},
	affects: (_see, {database, credential}) => [credential ? credential.service : database],
	key: ({database, credential}) => (credential ? `${credential.service} ${credential.host}` : database),
	hands: (_see, {database, credential}) => ({database, setting: credential ? '' : 'unix_socket_directories'}),
	fixes: [repairConfig],
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				logs: {
					db: [
						{
							severity: 'FATAL',
							text: 'could not create lock file "/run/shop/.s.PGSQL.5432.lock": No such file or directory',
						},
					],
				},
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
						lock: null,
						sockets: [{path: '/run/shop', at: null, onTmpfs: false}],
					}),
				],
			}),
		() =>
			sampleFacts({
				credentials: {api: {host: '/var/run/postgresql', leadsTo: {kind: 'loopback'}}},
				logins: {
					api: {outcome: 'no-answer', message: 'connect ENOENT /var/run/postgresql/.s.PGSQL.5432'},
				},
			}),
	],
});
