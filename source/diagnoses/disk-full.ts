import {amount} from '../core/amount.ts';
import {diagnosis, type Evidence, points, type Scope} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {freeDiskSpace} from '../fixes/free-disk-space.ts';
import {quoted} from '../probes/ailing.ts';
import {type FileSpace, fileSpace} from '../probes/file-space.ts';
import {fullFileSystem} from '../probes/full.ts';
import {serviceNamed} from '../probes/looks.ts';
import {type RoomTakers, roomTakers} from '../probes/room-takers.ts';
import {sampleFacts, seen} from './samples.ts';

export type SpaceScope = Scope & {subject: string};

/** Which disk it is, in words: what has to be freed depends on it. */
export function diskOf({place, source, path}: FileSpace): Text {
	switch (place) {
		case 'engine':
			return say(
				`the engine’s own disk, where its images, containers and plain volumes lie (\`${path}\`)`,
				`引擎自己的磁盘，镜像、容器和普通卷都在上面（\`${path}\`）`,
			);
		case 'volume':
			return say(
				`the volume \`${source}\`, which has a file system of its own (\`${path}\`)`,
				`卷 \`${source}\`，它有自己的文件系统（\`${path}\`）`,
			);
		case 'bind':
			return say(
				`the host’s file system of \`${source}\` (\`${path}\`)`,
				`主机上 \`${source}\` 所在的文件系统（\`${path}\`）`,
			);
		case 'memory':
		case 'shared-memory':
			return say(`the memory file system \`${path}\``, `内存文件系统 \`${path}\``);
	}
}

const full: FileSpace = {
	path: '/var/lib/postgresql/data',
	place: 'engine',
	source: 'shop_pgdata',
	data: true,
	bytes: 40 * 1024 ** 3,
	free: 0,
	files: 2_600_000,
	freeFiles: 2_100_000,
};

/** An image that was built anew a few times, and a log that grows. */
const takers: RoomTakers = {
	dangling: [{id: `sha256:${'a'.repeat(64)}`, bytes: 3 * 1024 ** 3, createdAt: '2026-10-02T08:00:00.000Z'}],
	unused: {count: 2, bytes: 1024 ** 3},
	cache: [{id: 'u2k5x0q7w1', says: 'regular: mount / from exec /bin/sh -c npm ci', bytes: 700 * 1024 ** 2}],
	logs: [
		{
			service: 'api',
			folder: `/var/lib/docker/containers/${'b'.repeat(64)}`,
			live: {name: `${'b'.repeat(64)}-json.log`, bytes: 9 * 1024 ** 3},
			rotated: [],
		},
	],
};

export const diskFull = diagnosis<SpaceScope>({
	id: 'disk-full',
	severity: 'failure',
	name: say('A disk is full', '磁盘已满'),
	title: ({subject}) => say(`${subject} has no room left on its disk`, `${subject} 的磁盘已没有空间`),
	about: say(
		'A file system that the service writes to is full. PostgreSQL then fails single statements, and when it can’t write its log it stops itself; if it can’t even replay the log at the next start, it does not come up again. What is stored is intact. The usual eaters are container logs without a limit, old images and build caches, backups beside the data, and a replication slot that nobody reads. Once there is room, a server that stopped replays its log by itself at the next start.',
		'服务写入的某个文件系统已满。PostgreSQL 会先让个别语句失败；无法写日志时它会自行停止；若下次启动时连日志都无法重放，就起不来了。已保存的数据是完好的。常见的占用者：没有上限的容器日志、旧镜像和构建缓存、与数据放在一起的备份，以及没人读取的复制槽。有了空间之后，停止的服务器会在下次启动时自行重放日志。',
	),
	beware: say(
		'Never delete anything in `pg_wal`, `base` or `global`: that destroys the database for good. Do not run `VACUUM FULL`: it needs room first. `docker system prune --volumes` deletes data.',
		'绝不要删除 `pg_wal`、`base` 或 `global` 里的任何东西：那会彻底毁掉数据库。不要执行 `VACUUM FULL`：它要先占用空间。`docker system prune --volumes` 会删除数据。',
	),
	lookAlikes: [
		{
			id: 'shm-too-small',
			tell: say(
				'There the same words speak of a *shared memory segment*: that is memory, not a disk.',
				'那种情况同样的提示说的是 *shared memory segment*：那是内存，不是磁盘。',
			),
		},
		{
			id: 'inode-exhausted',
			tell: say(
				'There bytes are left and the number of files is used up: `df -i`.',
				'那种情况还有字节空间，但文件数已用完：`df -i`。',
			),
		},
	],
	certainty: (see, {subject}) => (fullFileSystem(see, subject)?.where ? 'certain' : 'likely'),
	because(see, {subject}) {
		const where = fullFileSystem(see, subject)?.where;
		const error = serviceNamed(see, subject)?.error ?? '';
		const look: Evidence[] = where
			? [
					points(
						say(
							`${amount(where.free)} of ${amount(where.bytes)} left on ${diskOf(where).en}`,
							`${diskOf(where).zh}：共 ${amount(where.bytes)}，剩余 ${amount(where.free)}`,
						),
						'file-space',
					),
				]
			: [];
		return [
			...look,
			...(error ? [points(say(`The engine said: ${error}`, `引擎报告：${error}`), 'deployment-state')] : []),
			...quoted(see, subject, 'disk-without-room'),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (see, {subject}) => ({service: subject, path: fullFileSystem(see, subject)?.where?.path ?? null}),
	fixes: [freeDiskSpace],
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				logs: {
					db: [{severity: 'FATAL', text: 'could not write to file "pg_wal/xlogtemp.79": No space left on device'}],
				},
				also: [seen(fileSpace, 'db', [full]), seen(roomTakers, '', takers)],
			}),
		// The server lives on, and single statements fail.
		() =>
			sampleFacts({
				logs: {
					db: [
						{
							severity: 'ERROR',
							text: 'could not extend file "base/16384/16386": No space left on device',
							hint: 'Check free disk space.',
						},
					],
				},
				also: [seen(fileSpace, 'db', [{...full, place: 'bind', source: '/srv/shop/volumes/db/data'}])],
			}),
	],
});
