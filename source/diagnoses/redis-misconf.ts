import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {said} from '../probes/looks.ts';
import {answering, cacheScopes, type ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

export const redisMisconf = diagnosis<ServiceScope>({
	id: 'redis-misconf',
	severity: 'failure',
	name: say('Redis can’t save and refuses to write', 'redis 无法保存，拒绝写入'),
	title: ({subject}) =>
		say(`${subject} can’t save its data and refuses every write`, `${subject} 无法保存数据，拒绝一切写入`),
	about: say(
		'Redis could not write its snapshot or its append-only file, and takes no more changes until a save succeeds: reading goes on, so it looks alive. Its folder is not writable for its user, the disk is full, or there is no memory for the copy that it makes of itself.',
		'redis 无法写入快照或追加日志，在一次保存成功之前不再接受任何修改；读取仍然正常，所以看起来还活着。原因是它的用户对数据目录没有写权限、磁盘已满，或没有内存来复制自身。',
	),
	beware: say(
		'`config set stop-writes-on-bgsave-error no` silences it and loses everything since the last good save at the next restart. Do not restart redis before a save has succeeded either.',
		'`config set stop-writes-on-bgsave-error no` 只是让它闭嘴：下次重启时会丢掉上次成功保存之后的全部数据。在保存成功之前也不要重启 redis。',
	),
	lookAlikes: [
		{
			id: 'disk-full',
			tell: say(
				'Redis’ log says `No space left on device`: free space first, and redis recovers by itself.',
				'redis 日志里写着 `No space left on device`：先腾出空间，redis 会自行恢复。',
			),
		},
		{
			id: 'redis-aof-corrupt',
			tell: say(
				'There redis does not start at all; here it runs and answers reads.',
				'那种情况 redis 根本启动不了；这里它在运行，也能读。',
			),
		},
	],
	certainty: (see, {subject}) =>
		answering(see, subject)?.persistence || /MISCONF/.test(answering(see, subject)?.greeting ?? '')
			? 'certain'
			: 'possible',
	because(see, {subject}) {
		const state = answering(see, subject);
		const why = said(see, subject, 'redis-cannot-save');
		return [
			...(state?.persistence?.lastSave === 'failed'
				? [
						points(
							say(
								'`rdb_last_bgsave_status` is `err`: the last snapshot failed',
								'`rdb_last_bgsave_status` 为 `err`：最近一次快照失败',
							),
							'cache-state',
						),
					]
				: []),
			...(state?.persistence?.appendOnly === 'failed'
				? [
						points(
							say(
								'`aof_last_write_status` is `err`: the append-only file could not be written',
								'`aof_last_write_status` 为 `err`：无法写入追加日志',
							),
							'cache-state',
						),
					]
				: []),
			...(state && /MISCONF/.test(state.greeting)
				? [
						points(
							say(`It answers a \`PING\` with: ${state.greeting}`, `它对 \`PING\` 的应答：${state.greeting}`),
							'cache-state',
						),
					]
				: []),
			...(why ? [points(say(`Its log: ${why.text}`, `它的日志：${why.text}`), 'service-log', why.at)] : []),
		];
	},
	affects: (see, {subject}) => [
		...new Set([
			subject,
			...cacheScopes(see).flatMap(({client, server}) => (server === subject ? [client.service] : [])),
		]),
	],
	fixes: [],
	noFix: say(
		'See what its log says: `docker compose logs --tail 50 redis`. For `Permission denied`: `docker compose exec -u root redis chown -R redis:redis /data`. For `No space left on device`: free space with `docker system df` at hand. For `Cannot allocate memory`: give it memory. Then `docker compose exec redis redis-cli bgsave` (with its password in `REDISCLI_AUTH`); once that succeeds redis takes writes again, and nothing was lost.',
		'查看它的日志：`docker compose logs --tail 50 redis`。若是 `Permission denied`：`docker compose exec -u root redis chown -R redis:redis /data`。若是 `No space left on device`：参考 `docker system df` 腾出空间。若是 `Cannot allocate memory`：增加内存。然后执行 `docker compose exec redis redis-cli bgsave`（密码放在 `REDISCLI_AUTH` 中）；保存成功后 redis 会重新接受写入，数据没有丢失。',
	),
	examples: [
		() =>
			sampleFacts({
				redis: {
					state: {
						greeting:
							"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
						persistence: {lastSave: 'failed', appendOnly: 'off', stopsWrites: true, folder: '/data'},
					},
				},
				logs: {
					redis: [
						{
							text: 'Failed opening the temp RDB file temp-32.rdb (in server root dir /data) for saving: Permission denied',
						},
					],
				},
			}),
	],
});
