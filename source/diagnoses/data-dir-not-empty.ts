import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {restoreBackup} from '../fixes/restore-backup.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {hasKeptCopy} from '../probes/kept-copies.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

export const dataDirNotEmpty = diagnosis<DatabaseScope>({
	id: 'data-dir-not-empty',
	severity: 'failure',
	name: say('The data directory holds files, and no database', '数据目录里有文件，却没有数据库'),
	title: ({database}) =>
		say(
			`The data directory of ${database} holds other files, so no database can be made in it`,
			`${database} 的数据目录里有其他文件，因此无法在其中新建数据库`,
		),
	about: say(
		'There is no database in the data directory, and it is not empty either, so `initdb` refuses: `lost+found` of a disk mounted there, a `.gitkeep`, files of something else, or a database that lies one folder too deep.',
		'数据目录里没有数据库，却也不是空的，于是 `initdb` 拒绝：挂载磁盘自带的 `lost+found`、`.gitkeep`、其他程序的文件，或数据库实际在更深一层的文件夹里。',
	),
	beware: say(
		'Do not empty the folder before you have looked: the files may be the data itself, one level off.',
		'清空之前一定要先看：那些文件可能就是数据本身，只是差了一层。',
	),
	lookAlikes: [
		{
			id: 'data-dir-permission',
			tell: say(
				'When the server may not read an existing database it tries `initdb` too; but then `PG_VERSION` is there.',
				'服务器无权读取已有数据库时也会尝试 `initdb`，但那时 `PG_VERSION` 是存在的。',
			),
		},
		{
			id: 'half-initialised',
			tell: say(
				'What a broken first start left behind has a `PG_VERSION`; here there is none.',
				'首次启动中断留下的目录里有 `PG_VERSION`，这里没有。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const {path, entries, databasesNearby} = see(dataDirectory, database);
		const said = saidAtStart(see, database, 'directory-not-empty');
		return [
			points(
				say(
					`\`${path}\` has no \`PG_VERSION\`, and these names in it: ${list(entries.slice(0, 8)).en}`,
					`\`${path}\` 里没有 \`PG_VERSION\`，但有这些内容：${list(entries.slice(0, 8)).zh}`,
				),
				'data-directory',
			),
			...databasesNearby.map(({path: where, majorVersion}) =>
				points(
					say(
						`A database of PostgreSQL ${majorVersion ?? '?'} lies in \`${where}\``,
						`\`${where}\` 里有一个 PostgreSQL ${majorVersion ?? '?'} 的数据库`,
					),
					'data-directory',
				),
			),
			...(said
				? [
						points(
							say(`${database} said: ${said.text}`, `${database} 的日志：${said.text}`),
							`log of ${database}`,
							said.at,
						),
					]
				: []),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => ({database, entries: see(dataDirectory, database).entries}),
	fixes: [restoreBackup],
	suits: (fix, see, {database}) => fix !== restoreBackup || hasKeptCopy(see, database),
	noFix: say(
		'If a database lies one level off, mount that folder or set `PGDATA` to it. Otherwise leave the files where they are and give the database a folder of its own inside the mount: `PGDATA: /var/lib/postgresql/data/pgdata` under `environment:`, then `docker compose up -d db`. That is also the way for a disk with `lost+found`.',
		'如果数据库差了一层，就挂载那一层，或把 `PGDATA` 指向它。否则让原有文件留在原处，在挂载里给数据库一个自己的文件夹：在 `environment:` 下写 `PGDATA: /var/lib/postgresql/data/pgdata`，再执行 `docker compose up -d db`。带 `lost+found` 的磁盘也应这样处理。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				directory: {majorVersion: null, initialisedAt: null, entries: ['lost+found']},
				logs: {
					db: [{text: 'initdb: error: directory "/var/lib/postgresql/data" exists but is not empty'}],
				},
			}),
	],
});
