import {amount} from '../core/amount.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {quoted} from '../probes/ailing.ts';
import {fileSpace} from '../probes/file-space.ts';
import {fullFileSystem} from '../probes/full.ts';
import {diskOf, type SpaceScope} from './disk-full.ts';
import {sampleFacts, seen} from './samples.ts';

export const inodeExhausted = diagnosis<SpaceScope>({
	id: 'inode-exhausted',
	severity: 'failure',
	name: say('A file system can hold no more files', '文件系统已不能再容纳文件'),
	title: ({subject}) =>
		say(`The file system of ${subject} can hold no more files`, `${subject} 所用的文件系统已不能再容纳文件`),
	about: say(
		'Most file systems make room for a fixed number of files when they are created. Millions of small ones (mail, thumbnails, sessions, package caches) use that number up while gigabytes are free, and every new file fails with `No space left on device`. PostgreSQL needs new files for every table and index.',
		'大多数文件系统在创建时就定下了可容纳的文件数。数百万个小文件（邮件、缩略图、会话、软件包缓存）会在还有许多 GB 空间时把它用完，之后新建文件都会报 `No space left on device`。PostgreSQL 的每个表和索引都需要新文件。',
	),
	beware: say(
		'`df -h` shows plenty of room here, so people look for the wrong thing: `df -i` shows it. Never delete files inside the data directory.',
		'此时 `df -h` 显示空间充足，容易找错方向：要看 `df -i`。绝不要删除数据目录里的文件。',
	),
	lookAlikes: [
		{
			id: 'disk-full',
			tell: say('There the bytes are used up: `df -h` shows 100 %.', '那种情况是字节空间用完：`df -h` 显示 100 %。'),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const where = fullFileSystem(see, subject)?.where;
		return [
			...(where
				? [
						points(
							say(
								`${where.freeFiles} of ${where.files} files left, and ${amount(where.free)} of room, on ${diskOf(where).en}`,
								`${diskOf(where).zh}：最多 ${where.files} 个文件，还能再建 ${where.freeFiles} 个；剩余空间 ${amount(where.free)}`,
							),
							'file-space',
						),
					]
				: []),
			...quoted(see, subject, 'disk-without-room'),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (see, {subject}) => ({service: subject, path: fullFileSystem(see, subject)?.where?.path ?? null}),
	fixes: [],
	noFix: say(
		'Find where the many files are, outside the data directory: `du --inodes -xd1 / | sort -n | tail`. Remove caches and sessions there, or move the data to a file system of its own that was made for more files (`mkfs.ext4 -N`, or XFS, which has no fixed number). Then `docker compose up -d`.',
		'在数据目录之外找出大量文件所在：`du --inodes -xd1 / | sort -n | tail`。清理那里的缓存和会话，或把数据移到一个可容纳更多文件的独立文件系统（`mkfs.ext4 -N`，或没有固定上限的 XFS）。然后执行 `docker compose up -d`。',
	),
	examples: [
		() =>
			sampleFacts({
				logs: {
					db: [{severity: 'ERROR', text: 'could not create file "base/16384/16390": No space left on device'}],
				},
				also: [
					seen(fileSpace, 'db', [
						{
							path: '/var/lib/postgresql/data',
							place: 'bind',
							source: '/srv/shop/volumes/db/data',
							data: true,
							bytes: 40 * 1024 ** 3,
							free: 21 * 1024 ** 3,
							files: 2_600_000,
							freeFiles: 0,
						},
					]),
				],
			}),
	],
});
