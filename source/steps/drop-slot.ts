import {say} from '../core/say.ts';
import {quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';

type Input = SqlWay & {service: string; slot: string; database: string | null};

/** What the slot was, for whoever has to make its consumer anew. */
type Before = {description: string | null};

const drop = (slot: string): string =>
	`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${quoteLiteral(slot)} and not active;`;

const describe = (slot: string): string =>
	`select concat_ws(' ', slot_type, plugin, database, restart_lsn, confirmed_flush_lsn) from pg_replication_slots where slot_name = ${quoteLiteral(slot)};`;

const optionsFor = ({database, service: _service, slot: _slot, ...way}: Input) => optionsOf(way, database ?? undefined);

/** Drops one slot that nobody reads from in that very statement, and lets the server remove the log that only it kept. */
export const dropSlot = step<Input, Before>({
	id: 'drop-slot',
	risk: 'changes-data',
	says: ({slot}) =>
		say(
			`Drop the replication slot \`${slot}\`, unless somebody reads from it by then`,
			`删除复制槽 \`${slot}\`（若届时有人在读取则不删除）`,
		),
	like: input => likeSql(input.service, input, `${drop(input.slot)}\nCHECKPOINT;`, input.database ?? 'template1'),
	async before(input, world) {
		const {stdout} = await world.write.sql(input.service, describe(input.slot), optionsFor(input));
		return {description: stdout.trim() || null};
	},
	async apply(input, _before, world, report) {
		const options = optionsFor(input);
		await world.write.sql(input.service, drop(input.slot), options);
		if ((await world.write.sql(input.service, describe(input.slot), options)).stdout.trim() !== '')
			throw new Trouble(
				'slot-in-use',
				say(`Somebody reads from the slot \`${input.slot}\` by now.`, `现在有人在读取复制槽 \`${input.slot}\`。`),
				{
					why: say('Its consumer came back, so the slot is left alone.', '其消费者已恢复，因此不动它。'),
				},
			);
		report(say('Removing the log that nobody needs any more', '正在清理不再需要的日志'));
		await world.write.sql(input.service, 'checkpoint;', options);
	},
	undo: say(
		'A dropped slot can’t be brought back: the log that it kept is gone. Its consumer has to be copied anew.',
		'已删除的复制槽无法恢复：它保留的日志已不存在。其消费者需要重新复制。',
	),
});
