import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {size} from '../core/size.ts';
import {dropSlot} from '../fixes/drop-slot.ts';
import {healthOf, idleSlots} from '../probes/data-looks.ts';
import {type DatabaseScope, isExternal} from '../probes/looks.ts';
import {walRoom} from '../probes/wal-room.ts';
import {sampleFacts} from './samples.ts';

export const slotRetainsWal = diagnosis<DatabaseScope>({
	id: 'slot-retains-wal',
	severity: 'warning',
	name: say('A replication slot keeps old log that nobody fetches', '复制槽保留着无人读取的旧日志'),
	title: ({database}) =>
		say(
			`A replication slot of ${database || 'the database'} keeps log that nobody fetches`,
			`${database || '数据库'} 的复制槽保留着无人读取的日志`,
		),
	about: say(
		'A slot makes the server keep its write-ahead log until the consumer has read it. When the consumer is gone for good (a removed standby, a deleted subscription, a stopped change-capture tool), the log grows until the disk is full. With `max_slot_wal_keep_size` the slot is given up instead, and its consumer must be copied anew.',
		'复制槽让服务器保留预写日志，直到消费者读完。如果消费者永远不再出现（移除的备库、删除的订阅、停用的变更捕获工具），日志会一直增长到磁盘写满。设置了 `max_slot_wal_keep_size` 时，服务器会放弃该槽，其消费者必须重新复制。',
	),
	beware: say(
		'Never delete files in `pg_wal` by hand: the server no longer starts. A dropped slot can’t be brought back: ask who reads from it first.',
		'切勿手工删除 `pg_wal` 中的文件：服务器会无法启动。删除的复制槽无法恢复：先问清谁在使用它。',
	),
	lookAlikes: [
		{
			id: 'disk-full',
			tell: say(
				'When the disk is full already, the slot may be why: see what it keeps before anything is deleted.',
				'如果磁盘已满，复制槽可能就是原因：删除任何东西之前先看它保留了多少。',
			),
		},
		{
			id: 'replication-broken',
			tell: say(
				'On the standby or subscriber the same trouble shows as replication that has stopped.',
				'在备库或订阅端，同样的问题表现为复制中断。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const health = healthOf(see, database);
		const slots = idleSlots(see, database);
		const grows = slots.some(({status}) => status !== 'lost');
		const room = grows && !isExternal(see) ? ifKnown(() => see(walRoom, database)) : null;
		return [
			...slots.map(({name, kind, active, status, retained}) =>
				status === 'lost'
					? points(
							say(
								`The ${kind} slot \`${name}\` is lost: the log that its consumer needs is no longer there`,
								`${kind} 复制槽 \`${name}\` 已失效：消费者需要的日志已不存在`,
							),
							'server-health',
						)
					: points(
							say(
								`The ${kind} slot \`${name}\` keeps ${size(retained ?? 0)} and ${active ? 'its consumer lags behind' : 'nobody reads from it'}${status ? ` (\`${status}\`)` : ''}`,
								`${kind} 复制槽 \`${name}\` 保留了 ${size(retained ?? 0)}，${active ? '其消费者落后' : '没有人读取'}${status ? `（\`${status}\`）` : ''}`,
							),
							'server-health',
						),
			),
			...(health && grows
				? [
						points(
							health.slotLimit === null
								? say(
										`Without it the server would keep about ${size(health.maxWalSize)}, and nothing bounds it`,
										`没有它时服务器大约只保留 ${size(health.maxWalSize)}，而且没有上限`,
									)
								: say(
										`It is given up beyond ${size(health.slotLimit)}`,
										`超过 ${size(health.slotLimit)} 时服务器会放弃它`,
									),
							'server-health',
						),
					]
				: []),
			...(room
				? [
						points(
							say(
								`${size(room.free)} of ${size(room.size)} are free on the disk of the log`,
								`日志所在磁盘共 ${size(room.size)}，剩余 ${size(room.free)}`,
							),
							'wal-room',
						),
					]
				: []),
		];
	},
	affects: (_see, {database}) => (database ? [database] : []),
	key: ({database}) => database,
	fixes: [dropSlot],
	examples: [
		() =>
			sampleFacts({
				health: {
					slots: [
						{
							...{name: 'old_standby', kind: 'physical', database: null, active: false},
							status: 'extended',
							retained: 9_000_000_000,
						},
					],
				},
				facts: {'wal-room db': {size: 50_000_000_000, free: 6_000_000_000}},
			}),
		() =>
			sampleFacts({
				health: {
					slotLimit: 4_294_967_296,
					slots: [{name: 'cdc', kind: 'logical', database: 'dify', active: false, status: 'lost', retained: null}],
				},
			}),
	],
});
