import {fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say} from '../core/say.ts';
import type {Slot} from '../core/server-health.ts';
import {size} from '../core/size.ts';
import {healthOf, idleSlots} from '../probes/data-looks.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, saveEvidence} from './parts/step-calls.ts';

const setting = {
	key: 'slot',
	says: say('Name of the slot that nobody will read from again', '不会再有人读取的复制槽的名称'),
	secret: false,
};

/** @returns the slot that is meant, or why it is not ours to drop */
function chosenSlot(see: See, database: string, wanted: string | undefined): Slot | PlanAnswer {
	const all = idleSlots(see, database);
	const idle = all.filter(({active}) => !active);
	if (wanted !== undefined && wanted !== '') {
		const found = healthOf(see, database)?.slots.find(({name}) => name === wanted);
		if (!found) return notApplicable(say(`There is no slot \`${wanted}\`.`, `没有复制槽 \`${wanted}\`。`));
		if (found.active)
			return notApplicable(
				say(
					`Somebody reads from \`${wanted}\` now: an active slot is never dropped.`,
					`现在有人在读取 \`${wanted}\`：绝不删除活动的复制槽。`,
				),
			);
		return found;
	}
	const [first] = idle;
	if (!first)
		return notApplicable(
			say(
				'No slot is both unused and in the way: those that are read from only lag behind.',
				'没有既无人使用又造成问题的复制槽：正被读取的只是落后而已。',
			),
		);
	if (idle.length === 1) return first;
	const names = list(idle.map(({name}) => `\`${name}\``));
	return {
		kind: 'asks',
		settings: [{...setting, choices: idle.map(({name}) => name)}],
		why: say(`There are several: ${names.en}. One is dropped at a time.`, `有多个：${names.zh}。每次只删除一个。`),
	};
}

function planFor(see: See, database: string, wanted: string | undefined): PlanAnswer {
	const slot = chosenSlot(see, database, wanted);
	if (!('active' in slot)) return slot;
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return notApplicable(way.why);
	const stops = around(way);
	const {name, kind, status, retained} = slot;
	return {
		kind: 'plan',
		fix: 'drop-slot',
		route: say(
			`The ${kind} slot \`${name}\`${slot.database ? ` of \`${slot.database}\`` : ''} ${status === 'lost' ? 'is lost: its consumer could not go on from it anyway' : `keeps ${size(retained ?? 0)} of log, and nobody reads from it`}.`,
			`${kind} 复制槽 \`${name}\`${slot.database ? `（\`${slot.database}\`）` : ''}${status === 'lost' ? '已失效：其消费者本来也无法继续' : `保留了 ${size(retained ?? 0)} 日志，且没有人读取`}。`,
		),
		steps: [
			...(way.service ? saveEvidence([database]) : []),
			...stops.before,
			{step: 'drop-slot', input: {service: database, slot: name, database: slot.database, ...way.way}},
			...stops.after,
		],
		afterUndo: [],
		loses: say(
			'The place up to which its consumer has read. A standby, subscription or change capture that used it has to be made anew from a full copy. No row of this server is touched.',
			'消费者的读取位置。使用它的备库、订阅或变更捕获需要从完整副本重新建立。本服务器的数据行不受影响。',
		),
		restarts: [],
		takes: say('a few seconds, and a checkpoint', '几秒钟，外加一次检查点'),
		undo: say('It can’t be undone: the log that the slot kept is gone then.', '无法撤销：复制槽保留的日志随之消失。'),
		confirm: {
			name,
			says: say(
				`Ask whoever reads from it first. Type the slot’s name to go on: ${name}`,
				`请先询问使用者。输入复制槽名称以继续：${name}`,
			),
		},
		assumes: assumptions(way),
	};
}

export const dropSlot = fix({
	id: 'drop-slot',
	title: say('Drop the replication slot that nobody reads from', '删除无人读取的复制槽'),
	risk: 'changes-data',
	about: say(
		'Drops one inactive slot by its exact name and lets a checkpoint remove the log that only it kept.',
		'按确切名称删除一个不活动的复制槽，并通过检查点清理只因它而保留的日志。',
	),
	limits: say(
		'When its consumer only sleeps, start that instead: it catches up by itself. So that no slot fills the disk again, set `max_slot_wal_keep_size`.',
		'如果消费者只是暂时停止，应启动它：它会自己追上。为防止复制槽再次写满磁盘，请设置 `max_slot_wal_keep_size`。',
	),
	settings: [setting],
	plan: (see, finding, settings) => planFor(see, finding.subject ?? '', settings['slot']),
	verify(finding, plan) {
		const database = finding.subject ?? '';
		const name = plan.confirm?.name ?? '';
		return [
			{
				says: say(`The slot \`${name}\` is gone`, `复制槽 \`${name}\` 已不存在`),
				passes: see => healthOf(see, database)?.slots.every(slot => slot.name !== name) === true,
			},
		];
	},
});
