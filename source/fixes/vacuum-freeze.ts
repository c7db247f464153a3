import {fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import type {AgeHolder} from '../core/server-health.ts';
import {ageOf} from '../probes/age-looks.ts';
import {healthOf} from '../probes/data-looks.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, saveEvidence} from './parts/step-calls.ts';

/** What keeps old rows from being frozen and is not ours to take away, in words. */
function obstacle({kind, name}: AgeHolder, active: boolean): Text | null {
	switch (kind) {
		case 'prepared':
			return say(
				`The prepared transaction \`${name}\` keeps the old rows: only its coordinator knows whether \`COMMIT PREPARED\` or \`ROLLBACK PREPARED\` is right. Do that by hand first.`,
				`已准备的事务 \`${name}\` 占住了旧行：该用 \`COMMIT PREPARED\` 还是 \`ROLLBACK PREPARED\` 只有其协调者知道。请先手动处理。`,
			);
		case 'session':
			return say(
				`The session pid ${name} has an old snapshot open. Find out what it does, end it with \`select pg_terminate_backend(${name});\`, and run this again.`,
				`会话 pid ${name} 打开着一个很旧的快照。请查明其用途，用 \`select pg_terminate_backend(${name});\` 结束它，再重新执行。`,
			);
		default:
			return active
				? say(
						`The slot \`${name}\` is read from by somebody who lags far behind: that consumer has to catch up first.`,
						`复制槽 \`${name}\` 的消费者远远落后：必须先让它追上。`,
					)
				: null;
	}
}

function planFor(see: See, database: string): PlanAnswer {
	const health = healthOf(see, database);
	if (!health) return notApplicable(say('The server could not be asked.', '无法查询服务器。'));
	const limit = health.freezeMaxAge;
	const old = health.databases.filter(({age, multi}) => Math.max(age, multi) > limit).map(({name}) => name);
	const holders = health.ageHolders.filter(({age}) => age > limit);
	const slotOf = (name: string) => health.slots.find(slot => slot.name === name);
	const obstacles = holders.flatMap(one => obstacle(one, slotOf(one.name)?.active === true) ?? []);
	const [first] = obstacles;
	if (first) return notApplicable(first);
	const slots = holders.flatMap(({kind, name}) => (kind === 'slot' ? (slotOf(name) ?? []) : []));
	if (slots.length > 1)
		return notApplicable(
			say(
				`Several unused slots keep the old rows: ${list(slots.map(({name}) => `\`${name}\``)).en}. Drop those that nobody needs with \`select pg_drop_replication_slot('NAME');\` until one is left.`,
				`有多个无人使用的复制槽占住了旧行：${list(slots.map(({name}) => `\`${name}\``)).zh}。请用 \`select pg_drop_replication_slot('NAME');\` 删除不需要的，直到只剩一个。`,
			),
		);
	if (old.length === 0) return notApplicable(say('Nothing is old any more.', '已没有过旧的数据库。'));
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return notApplicable(way.why);
	const stops = around(way);
	const [slot] = slots;
	return {
		kind: 'plan',
		fix: 'vacuum-freeze',
		route: slot
			? say(
					`The unused ${slot.kind} slot \`${slot.name}\` keeps the old rows from being frozen, so it is dropped first.`,
					`无人使用的 ${slot.kind} 复制槽 \`${slot.name}\` 使旧行无法冻结，因此先删除它。`,
				)
			: null,
		steps: [
			...(way.service ? saveEvidence([database]) : []),
			...stops.before,
			...(slot
				? [{step: 'drop-slot', input: {service: database, slot: slot.name, database: slot.database, ...way.way}}]
				: []),
			...old.map(name => ({
				step: 'vacuum-freeze',
				input: {service: database, database: name, olderThan: limit, ...way.way},
			})),
			...stops.after,
		],
		afterUndo: [],
		loses: slot
			? say(
					`No row. The slot \`${slot.name}\` goes: a standby, subscription or change capture that used it has to be made anew from a full copy.`,
					`不丢失数据行。复制槽 \`${slot.name}\` 会被删除：使用它的备库、订阅或变更捕获需要从完整副本重新建立。`,
				)
			: say('Nothing: rows are marked, and read the same.', '不丢失任何东西：只是给行打上标记，读出的内容不变。'),
		restarts: [],
		takes: say(
			'as long as reading every old table once takes; everybody goes on working, and it may be broken off and begun again',
			'约为把每张旧表读一遍的时间；其间一切照常，可以中断后重新开始',
		),
		undo: say(
			'Frozen rows stay frozen, which changes nothing for anybody. A dropped slot can’t be brought back.',
			'冻结的行保持冻结，对任何人都没有影响。已删除的复制槽无法恢复。',
		),
		confirm: slot
			? {
					name: slot.name,
					says: say(
						`Ask whoever reads from it first. Type the slot’s name to go on: ${slot.name}`,
						`请先询问使用者。输入复制槽名称以继续：${slot.name}`,
					),
				}
			: null,
		assumes: assumptions(way),
	};
}

export const vacuumFreeze = fix({
	id: 'vacuum-freeze',
	title: say('Freeze old rows, so that transaction ids can be used again', '冻结旧行，使事务 ID 可以再次使用'),
	risk: 'changes-data',
	about: say(
		'Drops the unused slot that keeps old rows, if there is one and its name is typed, and runs `VACUUM (FREEZE)` on every table that is due, in every database.',
		'如果有占住旧行的无人使用的复制槽，在输入其名称后删除它，然后在每个数据库中对所有到期的表执行 `VACUUM (FREEZE)`。',
	),
	limits: say(
		'See that `autovacuum` is on and has time enough: then this is never needed again. Temporary tables of a session that never ends can’t be frozen by anybody else.',
		'请确认 `autovacuum` 已开启且来得及工作：以后就不再需要这样做。从不结束的会话的临时表无法由他人冻结。',
	),
	settings: [],
	plan: (see, finding) => planFor(see, finding.subject ?? ''),
	verify(finding) {
		return [
			{
				says: say('No database is old any more', '已没有过旧的数据库'),
				passes: see => ageOf(see, finding.subject ?? '') === 'fine',
			},
		];
	},
});
