import {amount} from '../../core/amount.ts';
import {ifKnown} from '../../core/if-known.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {healthOf} from '../../probes/data-looks.ts';
import type {DatabaseRoom} from '../../probes/database-room.ts';
import type {LogTable} from '../../probes/log-tables.ts';
import type {RoomTakers} from '../../probes/room-takers.ts';

const sum = (items: readonly {bytes: number}[]): number => items.reduce((total, {bytes}) => total + bytes, 0);

/** Joins sentences as each language does. */
export const sentences = (texts: readonly Text[]): Text =>
	say(texts.map(({en}) => en).join(' '), texts.map(({zh}) => zh).join(''));

const items = (texts: readonly Text[]): Text =>
	say(texts.map(({en}) => en).join('; '), texts.map(({zh}) => zh).join('；'));

/** What lies on the engine's disk, the largest kinds of things with how much they take. */
export function engineTakers({dangling, unused, cache, logs}: RoomTakers): Text {
	const largest = logs
		.map(({service, live, rotated}) => ({service, live: live?.bytes ?? 0, rotated: sum(rotated)}))
		.sort((one, other) => other.live + other.rotated - one.live - one.rotated)
		.slice(0, 3);
	return items([
		say(
			`images without a name: ${dangling.length}, ${amount(sum(dangling))}`,
			`没有名称的镜像：${dangling.length} 个，${amount(sum(dangling))}`,
		),
		say(`build cache: ${amount(sum(cache))}`, `构建缓存：${amount(sum(cache))}`),
		...(unused.count > 0
			? [
					say(
						`named images that no container uses: ${unused.count}, ${amount(unused.bytes)} (left alone)`,
						`有名称但没有容器使用的镜像：${unused.count} 个，${amount(unused.bytes)}（不会改动）`,
					),
				]
			: []),
		...largest.map(({service, live, rotated}) =>
			say(
				`log of ${service}: ${amount(live)}, and ${amount(rotated)} rotated`,
				`${service} 的日志：${amount(live)}，另有已轮转的 ${amount(rotated)}`,
			),
		),
	]);
}

/** Why the write-ahead log is as large as it is: nobody may delete from it, but its reason can be ended. */
function walReason(see: See, database: string, {bytes, most, archiveFailures}: DatabaseRoom['wal']): Text {
	const slots = (ifKnown(() => healthOf(see, database))?.slots ?? []).filter(
		({active, retained}) => !active && (retained ?? 0) > most / 2,
	);
	if (slots[0])
		return say(
			`kept by the replication slot \`${slots[0].name}\`, which nobody reads`,
			`由无人读取的复制槽 \`${slots[0].name}\` 保留`,
		);
	if ((archiveFailures ?? 0) > 0)
		return say(
			`kept because \`archive_command\` has failed ${archiveFailures} times`,
			`因为 \`archive_command\` 已失败 ${archiveFailures} 次而保留`,
		);
	return bytes > most
		? say('more than `max_wal_size`: it shrinks at the next checkpoint', '超过 `max_wal_size`：下次检查点时会缩小')
		: say(`as \`max_wal_size\` (${amount(most)}) allows`, `在 \`max_wal_size\`（${amount(most)}）允许范围内`);
}

/** What lies in the data directory. */
export function databaseTakers(see: See, service: string, {databases, tables, wal}: DatabaseRoom): Text {
	const reason = walReason(see, service, wal);
	return items([
		...databases
			.slice(0, 3)
			.map(({name, bytes}) => say(`database \`${name}\`: ${amount(bytes)}`, `数据库 \`${name}\`：${amount(bytes)}`)),
		...tables
			.slice(0, 3)
			.map(({database, name, bytes, dead}) =>
				say(
					`table \`${name}\` of \`${database}\`: ${amount(bytes)}${dead > 0 ? `, about ${dead} dead rows` : ''}`,
					`\`${database}\` 的表 \`${name}\`：${amount(bytes)}${dead > 0 ? `，约 ${dead} 行死元组` : ''}`,
				),
			),
		say(`\`pg_wal\`: ${amount(wal.bytes)}, ${reason.en}`, `\`pg_wal\`：${amount(wal.bytes)}，${reason.zh}`),
	]);
}

/** Some more than the rows take now: a table that is written anew has other indexes and pages. */
const swelling = 1.2;
const spare = 1024 ** 2;

export type Trim = {database: string; table: LogTable; gain: number; fits: boolean};

/**
 * What taking the old rows out of a table would bring, and whether the rows that stay can be written anew: three times their size
 * must be free for a moment, and their log has to fit into files that are there already, because a new one may find no room and
 * then the server stops itself.
 */
export function trimOf(database: string, table: LogTable, free: number, {ahead, segment}: DatabaseRoom['wal']): Trim {
	const {bytes, rows, old} = table;
	const stays = rows > 0 ? (bytes * (rows - old) * swelling) / rows : 0;
	const logged = stays * 2 + 2 * spare;
	const room = free > 3 * segment || logged < ahead;
	return {
		database,
		table,
		gain: Math.max(0, bytes - stays),
		fits: !table.bound && old > 0 && stays * 3 + spare < free && room,
	};
}
