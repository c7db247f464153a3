import {diagnosis, points} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {restoreBackup} from '../fixes/restore-backup.ts';
import {countedFailures, damagedPages, damageOf, openComplaints, otherComplaints} from '../probes/damage-looks.ts';
import {isIll} from '../probes/data-looks.ts';
import {hasKeptCopy} from '../probes/kept-copies.ts';
import {clients, type DatabaseScope} from '../probes/looks.ts';
import type {StoredPage} from '../probes/stored-page.ts';
import {sampleFacts} from './samples.ts';

const states: Record<StoredPage['state'], Text> = {
	sound: say('is sound', '完好'),
	empty: say('is empty', '为空'),
	'wrong-checksum': say('does not match its own checksum', '与自身的校验和不符'),
	'broken-header': say('has a header that makes no sense', '页头无效'),
	'cut-short': say('is not there: the file ends before it', '不存在：文件在它之前就结束了'),
	gone: say('is gone with its whole file', '连同整个文件一起消失了'),
	unreadable: say('can’t be read: the disk gives an error', '无法读取：磁盘报错'),
};

function ownerText({relation, database, path}: StoredPage): Text {
	if (!relation) return say(`\`${path}\``, `\`${path}\``);
	const name = `\`${relation.name}\``;
	const of = relation.table ? `\`${relation.table}\`` : name;
	const where = database ? ` (\`${database}\`)` : '';
	if (relation.kind === 'index')
		return say(`the index ${name} of the table ${of}${where}`, `表 ${of} 的索引 ${name}${where}`);
	return say(`the table ${of}${where}`, `表 ${of}${where}`);
}

export const corruptionPage = diagnosis<DatabaseScope>({
	id: 'corruption-page',
	severity: 'failure',
	name: say('A page of a table or an index is damaged', '表或索引的数据页已损坏'),
	title: ({database}) =>
		say(`A page in the data of ${database || 'the database'} is damaged`, `${database || '数据库'} 的数据中有损坏的页`),
	about: say(
		'PostgreSQL keeps tables and indexes in pages of 8 KiB. One of them no longer reads back as it was written: a failing disk, a copy of files that were in use, two servers on one directory, or a power cut with a disk that lies about what it has written.',
		'PostgreSQL 以 8 KiB 的页保存表和索引。其中一页读出的内容与写入时不同：磁盘故障、复制了正在使用的文件、两个服务器共用一个目录，或断电时磁盘谎报已写入。',
	),
	beware: say(
		'Do not restart in the hope that it goes away, do not set `zero_damaged_pages` on the only copy (it deletes the rows of the page), and do not let the only good backup be overwritten by a new one.',
		'不要寄希望于重启，不要在唯一的副本上设置 `zero_damaged_pages`（它会删除该页上的行），也不要让新的备份覆盖唯一完好的备份。',
	),
	lookAlikes: [
		{
			id: 'two-servers-one-volume',
			tell: say(
				'Two containers that mount the same data directory make such pages all the time: look for a second one before anything else.',
				'两个容器挂载同一数据目录会不断产生这种页：先确认没有第二个容器。',
			),
		},
		{
			id: 'disk-full',
			tell: say(
				'A full disk says `No space left on device` and damages nothing by itself.',
				'磁盘写满时会说 `No space left on device`，本身并不损坏数据。',
			),
		},
	],
	certainty: (see, {database}) => {
		if (damageOf(see, database) === 'damaged') return 'certain';
		return countedFailures(see, database).length > 0 ? 'likely' : 'possible';
	},
	because(see, {database}) {
		const source = `log of ${database}`;
		return [
			...damagedPages(see, database).flatMap(({page, event}) => {
				const owner = ownerText(page);
				const state = states[page.state];
				return [
					points(
						say(
							`Page ${page.block} of ${owner.en}, read from disk just now, ${state.en}`,
							`刚从磁盘读取 ${owner.zh} 的第 ${page.block} 页：${state.zh}`,
						),
						'stored-page',
					),
					points(say(`The server said: ${event.text}`, `服务器日志：${event.text}`), source, event.at),
				];
			}),
			...countedFailures(see, database).map(({name, failures, at}) =>
				points(
					say(`Checksums of \`${name}\` failed ${failures} times`, `\`${name}\` 的校验和失败了 ${failures} 次`),
					'server-health',
					at,
				),
			),
			...[...openComplaints(see, database), ...otherComplaints(see, database)]
				.slice(-2)
				.map(event => points(say(`The server said: ${event.text}`, `服务器日志：${event.text}`), source, event.at)),
		];
	},
	affects: (see, {database}) => [
		...(database ? [database] : []),
		...new Set(
			clients(see)
				.filter(scope => scope.database === database)
				.map(({credential}) => credential.service)
				.filter(service => service !== '' && isIll(see, service)),
		),
	],
	fixes: [restoreBackup],
	suits: (fix, see, {database}) => fix !== restoreBackup || hasKeptCopy(see, database),
	noFix: say(
		'First a copy: `docker compose stop`, then copy the whole data directory to another disk, and work on the copy. A damaged index loses nothing: `reindex index …;`. For a table restore a backup, or dump what is left table by table: `pg_dump -t …`, and compare the counts with what the application knows. Then look at the disk: `dmesg | grep -i error`, `smartctl -a …`.',
		'先做副本：`docker compose stop`，然后把整个数据目录复制到另一块磁盘，只在副本上操作。索引损坏不会丢数据：`reindex index …;`。表损坏则恢复备份，或逐表导出剩余数据：`pg_dump -t …`，并与应用已知的数量核对。然后检查磁盘：`dmesg | grep -i error`、`smartctl -a …`。',
	),
	examples: [
		() =>
			sampleFacts({
				logs: {db: [{severity: 'ERROR', text: 'invalid page in block 3 of relation base/16384/16390'}]},
				facts: {
					'stored-page db base/16384/16390 3': {
						...{path: 'base/16384/16390', block: 3, state: 'wrong-checksum', checksums: true, database: 'dify'},
						relation: {name: 'messages', kind: 'table', table: null},
					} satisfies StoredPage,
				},
			}),
		() =>
			sampleFacts({
				logs: {db: [{severity: 'ERROR', text: 'missing chunk number 0 for toast value 16401 in pg_toast_2619'}]},
			}),
		() =>
			sampleFacts({
				health: {databases: [{name: 'dify', age: 9, multi: 1, failures: 2, failedAt: '2026-01-02T02:00:00+00:00'}]},
			}),
	],
});
