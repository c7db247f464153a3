import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {consequences} from '../core/symptoms.ts';
import {waitUntilReady} from '../fixes/wait-until-ready.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {type DatabaseScope, databaseName, said, services} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

const position = /([0-9A-F]+)\/([0-9A-F]+)/;

/** Bytes between two positions in the write-ahead log, in MiB. */
function distance(from: string, to: string): number | null {
	const at = (text: string): bigint | null => {
		const [, high, low] = position.exec(text) ?? [];
		return high && low ? (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) : null;
	};
	const [a, b] = [at(from), at(to)];
	return a !== null && b !== null && b >= a ? Math.round(Number(b - a) / 1024 / 1024) : null;
}

export const crashRecovery = diagnosis<DatabaseScope>({
	id: 'crash-recovery',
	severity: 'failure',
	name: say('The database replays its write-ahead log after a crash', '数据库崩溃后正在回放预写日志'),
	title: ({database}) =>
		say(
			`${database || 'The database'} was not shut down properly and replays its write-ahead log`,
			`${database || '数据库'} 上次没有正常关闭，正在回放预写日志`,
		),
	about: say(
		'After a power cut, a `docker kill`, a stop that took too long, or a crash, the server brings its files up to the last word of its write-ahead log before it lets anybody in. That is its normal protection; it takes seconds to minutes, on a slow disk longer, and it ends by itself. As a rule it replays no more than `max_wal_size` (1 GB unless set).',
		'断电、`docker kill`、停止超时或崩溃之后，服务器会先按预写日志把文件补到最后一刻，然后才允许连接。这是正常的保护机制，需要几秒到几分钟，慢磁盘更久，会自行结束。一般回放量不超过 `max_wal_size`（默认 1 GB）。',
	),
	beware: say(
		'Do not restart it: recovery begins again from the start. Do not run `pg_resetwal` and do not delete anything in `pg_wal`: what is being replayed is your data. The line `invalid record length` at the end is how the end of the log is found, not damage.',
		'不要重启：恢复会从头再来。不要运行 `pg_resetwal`，也不要删除 `pg_wal` 里的任何东西：正在回放的就是你的数据。结尾的 `invalid record length` 只是找到日志末尾的方式，不是损坏。',
	),
	lookAlikes: [
		{
			id: 'starting-up',
			tell: say(
				'A first start or an import has no `redo starts at` in the log since the last start.',
				'首次启动或导入时，自上次启动以来的日志里没有 `redo starts at`。',
			),
		},
		{
			id: 'corruption-wal',
			tell: say(
				'Recovery that works goes on; a broken log ends in `PANIC` and the server exits.',
				'正常的恢复会一直进行；日志损坏则以 `PANIC` 告终，服务器退出。',
			),
		},
		{
			id: 'disk-full',
			tell: say(
				'Recovery on a full disk ends each time with `No space left on device`.',
				'磁盘已满时恢复每次都以 `No space left on device` 结束。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const name = databaseName(see, database);
		const evidence: Evidence[] = [
			points(
				say(
					`${name} answers over TCP that it is not ready: it is recovering`,
					`${name} 通过 TCP 回答尚未就绪：正在恢复`,
				),
				'database-readiness',
			),
		];
		if (!database) return evidence;
		const why = said(see, database, 'not-properly-shut-down');
		if (why) evidence.push(points(say(`It said: ${why.text}`, `它的日志：${why.text}`), `log of ${database}`, why.at));
		const start = said(see, database, 'redo-starts');
		const progress = said(see, database, 'redo-in-progress');
		if (start && !progress)
			evidence.push(
				points(
					say(
						`Replay began: ${start.text}; it tells how far it is every 10 s`,
						`回放已开始：${start.text}；它每 10 秒报告一次进度`,
					),
					`log of ${database}`,
					start.at,
				),
			);
		if (progress) {
			const seconds = /elapsed time: ([\d.]+) s/.exec(progress.text)?.[1] ?? '?';
			const now = /current LSN: (\S+)/.exec(progress.text)?.[1] ?? '?';
			const done = start ? distance(start.text, now) : null;
			evidence.push(
				points(
					say(
						`It goes on: ${seconds} s of replay, at ${now}${done === null ? '' : `, ${done} MiB done so far`}`,
						`仍在推进：已回放 ${seconds} 秒，位置 ${now}${done === null ? '' : `，已完成 ${done} MiB`}`,
					),
					`log of ${database}`,
					progress.at,
				),
			);
		}
		return evidence;
	},
	affects: (see, {database}) => (services(see).length > 0 ? [...consequences(see(deploymentState), [database])] : []),
	hands: (_see, {database}) => ({database}),
	fixes: [waitUntilReady],
	examples: [
		() =>
			sampleFacts({
				readiness: {state: 'rejecting', phase: 'recovery'},
				services: {api: {status: 'restarting', restartCount: 2, exitCode: 1}},
				logs: {
					db: [
						{text: 'database system was not properly shut down; automatic recovery in progress'},
						{text: 'redo starts at 0/1A2B3C0'},
						{text: 'redo in progress, elapsed time: 10.00 s, current LSN: 0/3A935060'},
					],
				},
			}),
	],
});
