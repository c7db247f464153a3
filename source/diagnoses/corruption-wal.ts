import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {restoreBackup} from '../fixes/restore-backup.ts';
import {clusterFiles} from '../probes/cluster-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {hasKeptCopy} from '../probes/kept-copies.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {controlFileLost, saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

const damaged = (segment: {present: boolean; blank: boolean}): boolean => !segment.present || segment.blank;

export const corruptionWal = diagnosis<DatabaseScope>({
	id: 'corruption-wal',
	severity: 'failure',
	name: say('The write-ahead log or the control file is damaged', '预写日志或控制文件损坏'),
	title: ({database}) =>
		say(
			`${database} can’t find the place in its write-ahead log from which to start`,
			`${database} 在预写日志中找不到可以启动的位置`,
		),
	about: say(
		'The control file names the record of the last checkpoint, and that record is not in `pg_wal`, or can’t be read: files in `pg_wal` were deleted to make room, a copy was made of a running server, two servers worked on one directory, a disk or a network share lost what it had confirmed. The tables themselves are usually still there.',
		'控制文件指向最后一次检查点的记录，而该记录不在 `pg_wal` 中或无法读取：有人为腾空间删除了 `pg_wal` 里的文件、复制的是运行中的服务器、两个服务器用过同一个目录，或磁盘、网络存储丢失了已确认的写入。表本身通常还在。',
	),
	beware: say(
		'Do not run `pg_resetwal` on your only copy: it makes the server start, and it can lose and mix up rows without any error. Do not delete anything in `pg_wal`. `invalid record length`, `database system was interrupted` and `some data is corrupted` in a hint are no damage by themselves: a server that starts after them is sound.',
		'不要在唯一的一份数据上运行 `pg_resetwal`：它能让服务器启动，却可能毫无报错地丢失、错乱数据。不要删除 `pg_wal` 里的任何东西。`invalid record length`、`database system was interrupted` 以及提示里的 `some data is corrupted` 本身都不是损坏：之后能启动的服务器就是完好的。',
	),
	lookAlikes: [
		{
			id: 'crash-recovery',
			tell: say(
				'Recovery says `redo starts at` and goes on; here the server exits before any redo.',
				'恢复会出现 `redo starts at` 并继续推进；这里服务器在开始回放之前就退出了。',
			),
		},
		{
			id: 'half-initialised',
			tell: say(
				'A directory that never was complete has nothing that is much younger than `PG_VERSION`.',
				'从未完整过的目录里，没有任何内容比 `PG_VERSION` 新很多。',
			),
		},
		{
			id: 'disk-full',
			tell: say(
				'A full disk says `No space left on device`; the log itself is whole.',
				'磁盘已满会出现 `No space left on device`；日志本身是完整的。',
			),
		},
	],
	certainty: (see, {database}) =>
		ifKnown(() => controlFileLost(see, database) || see(clusterFiles, database).segments.some(damaged))
			? 'certain'
			: 'likely',
	because(see, {database}) {
		const files = ifKnown(() => see(clusterFiles, database));
		const {path} = see(dataDirectory, database);
		const evidence: Evidence[] = [];
		for (const event of [
			saidAtStart(see, database, 'checkpoint-not-found'),
			saidAtStart(see, database, 'control-file-broken'),
		])
			if (event)
				evidence.push(
					points(
						say(`${database} said: ${event.text}`, `${database} 的日志：${event.text}`),
						`log of ${database}`,
						event.at,
					),
				);
		if (ifKnown(() => controlFileLost(see, database)))
			evidence.push(
				points(
					say(
						`\`${path}/global/pg_control\` is gone, and the directory was at work for ${Math.round((files?.livedFor ?? 0) / 3600)} hours and more`,
						`\`${path}/global/pg_control\` 不见了，而该目录已工作过 ${Math.round((files?.livedFor ?? 0) / 3600)} 小时以上`,
					),
					'cluster-files',
				),
			);
		const control = files?.control;
		if (control)
			for (const segment of files.segments)
				evidence.push(
					damaged(segment)
						? points(
								say(
									`The last checkpoint is at ${control.checkpoint}; its file \`pg_wal/${segment.name}\` is ${segment.present ? 'blank' : 'missing'}`,
									`最后一次检查点位于 ${control.checkpoint}；它所在的文件 \`pg_wal/${segment.name}\` ${segment.present ? '是空白的' : '不存在'}`,
								),
								'cluster-files',
							)
						: opposes(
								say(
									`\`pg_wal/${segment.name}\`, to which the control file points, is there and not blank`,
									`控制文件所指的 \`pg_wal/${segment.name}\` 存在且不是空白`,
								),
								'cluster-files',
							),
				);
		return evidence;
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => ({
		database,
		systemIdentifier: ifKnown(() => see(clusterFiles, database))?.control?.systemIdentifier ?? null,
	}),
	fixes: [restoreBackup],
	suits: (fix, see, {database}) => fix !== restoreBackup || hasKeptCopy(see, database),
	noFix: say(
		'Stop it and copy everything before anything else: `docker compose stop db`, then `docker run --rm --network none -v VOLUME:/from:ro -v RESCUE:/to --entrypoint cp IMAGE -a /from/. /to/`. Look for files that were moved out of `pg_wal` (another folder, an archive, a backup) and put the one that is named back into the original. Otherwise restore the newest backup into a NEW volume. Only without a backup, and only on the COPY: `docker run --rm --network none -u postgres -v RESCUE:/var/lib/postgresql/data --entrypoint sh IMAGE -c "cd /var/lib/postgresql/data && rm -f postmaster.pid && pg_resetwal -n ."` shows what it would write, the same with `-f` instead of `-n` does it; then start a server on the copy, take everything out with `pg_dumpall`, load it into a NEW volume, and check the application’s own totals: what was only in the lost log is gone.',
		'先停下并完整复制一份，然后再做别的：`docker compose stop db`，再执行 `docker run --rm --network none -v VOLUME:/from:ro -v RESCUE:/to --entrypoint cp IMAGE -a /from/. /to/`。查找从 `pg_wal` 移走的文件（别的文件夹、归档、备份），把指名的那个放回原处。否则把最新的备份恢复到一个新卷。只有在没有备份时，并且只在副本上：`docker run --rm --network none -u postgres -v RESCUE:/var/lib/postgresql/data --entrypoint sh IMAGE -c "cd /var/lib/postgresql/data && rm -f postmaster.pid && pg_resetwal -n ."` 会显示它将写入的内容，把 `-n` 换成 `-f` 才真正执行；然后在副本上启动服务器，用 `pg_dumpall` 导出全部数据，导入新卷，并核对应用自己的总数：只存在于丢失日志里的内容已经没有了。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 3}},
				cluster: {
					segments: [{name: '000000010000000000000002', present: false, blank: false}],
				},
				logs: {db: [{severity: 'PANIC', text: 'could not locate a valid checkpoint record'}]},
			}),
		() =>
			sampleFacts({
				services: {db: {status: 'exited', exitCode: 2}},
				cluster: {controlFile: false, control: null, segments: [], livedFor: 8_000_000},
				logs: {db: [{text: 'postgres: could not find the database system'}]},
			}),
	],
});
