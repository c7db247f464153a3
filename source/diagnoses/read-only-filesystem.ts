import {diagnosis, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {allowWriting} from '../fixes/allow-writing.ts';
import {quoted} from '../probes/ailing.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {type DatabaseScope, serviceNamed} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts, sampleFile} from './samples.ts';

type Where =
	| {kind: 'mount'; destination: string; source: string}
	| {kind: 'root'; path: string}
	/** Configured to be writable: the host itself has gone read-only, as Linux does after a disk error. */
	| {kind: 'host'; path: string};

/** What is read-only: the path that the server named, held against how the container is mounted. */
function whereOf(see: See, database: string): Where {
	const service = serviceNamed(see, database);
	const text = saidAtStart(see, database, 'read-only-file-system')?.text ?? '';
	const data = see(dataDirectory, database).path;
	// The server names its lock file relative to the data directory.
	const named = /["'‘](\/?[^"'’]+)["'’]/.exec(text)?.[1] ?? '';
	const path = named.startsWith('/') ? named : data;
	const around = (service?.mounts ?? [])
		.filter(({destination}) => path === destination || path.startsWith(`${destination}/`))
		.toSorted((a, b) => b.destination.length - a.destination.length)[0];
	if (around && !around.writable)
		return {kind: 'mount', destination: around.destination, source: around.name || around.source};
	const memory = service?.confinement?.tmpfs.some(folder => path === folder || path.startsWith(`${folder}/`));
	return !around && !memory && service?.confinement?.readOnlyRoot ? {kind: 'root', path} : {kind: 'host', path};
}

export const readOnlyFilesystem = diagnosis<DatabaseScope>({
	id: 'read-only-filesystem',
	severity: 'failure',
	name: say('A file system that the database must write to is read-only', '数据库必须写入的文件系统是只读的'),
	title: ({database}) => say(`${database} may not write where it has to`, `${database} 无法写入必须写入的位置`),
	about: say(
		'A server writes even when nobody changes anything: its lock file, its socket, its log. Either the data is mounted with `:ro`, or the container is `read_only: true` without memory for `/var/run/postgresql`, or the host’s own file system has become read-only, which Linux does to save what is left after a disk error.',
		'即使没有人修改数据，服务器也要写文件：锁文件、套接字、日志。原因要么是数据以 `:ro` 挂载，要么是容器设置了 `read_only: true` 却没有为 `/var/run/postgresql` 提供内存文件系统，要么是主机自己的文件系统变成了只读：Linux 在磁盘出错后会这样做，以保住剩下的数据。',
	),
	beware: say(
		'If the host turned read-only by itself, do not remount it for writing before the disk was checked and the data was copied: `dmesg` tells why.',
		'如果是主机自己变成只读，在检查磁盘并复制数据之前不要重新挂载为可写：`dmesg` 会说明原因。',
	),
	lookAlikes: [
		{
			id: 'data-dir-permission',
			tell: say(
				'There the words are `Permission denied` or `Operation not permitted`.',
				'那种情况的提示是 `Permission denied` 或 `Operation not permitted`。',
			),
		},
		{
			id: 'disk-full',
			tell: say('There the words are `No space left on device`.', '那种情况的提示是 `No space left on device`。'),
		},
	],
	certainty: (see, {database}) => (whereOf(see, database).kind === 'host' ? 'likely' : 'certain'),
	because(see, {database}) {
		const where = whereOf(see, database);
		const look =
			where.kind === 'mount'
				? say(
						`\`${where.source}\` is mounted at \`${where.destination}\` for reading only`,
						`\`${where.source}\` 以只读方式挂载在 \`${where.destination}\``,
					)
				: where.kind === 'root'
					? say(
							`The container is \`read_only: true\`, and nothing writable is mounted at \`${where.path}\``,
							`容器设置了 \`read_only: true\`，而 \`${where.path}\` 处没有挂载任何可写的文件系统`,
						)
					: say(
							`The configuration lets ${database} write to \`${where.path}\`: the file system below is read-only itself`,
							`配置允许 ${database} 写入 \`${where.path}\`：是下层文件系统本身只读`,
						);
		return [points(look, 'deployment-state'), ...quoted(see, database, 'read-only-file-system')];
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => ({database, where: whereOf(see, database)}),
	fixes: [allowWriting],
	examples: [
		() =>
			sampleFacts({
				also: [sampleFile('  db:\n    image: postgres:15\n    volumes: ["pgdata:/var/lib/postgresql/data:ro"]\n')],
				services: {
					db: {
						status: 'restarting',
						exitCode: 1,
						restartCount: 4,
						mounts: [
							{
								type: 'volume',
								name: 'shop_pgdata',
								source: '/var/lib/docker/volumes/shop_pgdata/_data',
								destination: '/var/lib/postgresql/data',
								writable: false,
							},
						],
					},
				},
				logs: {
					db: [{severity: 'FATAL', text: 'could not create lock file "postmaster.pid": Read-only file system'}],
				},
			}),
		// The host remounted its disk after an error.
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				logs: {
					db: [{severity: 'FATAL', text: 'could not create lock file "postmaster.pid": Read-only file system'}],
				},
			}),
	],
});
