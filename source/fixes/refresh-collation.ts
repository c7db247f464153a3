import {type CollationWork, roomFor, secondsFor} from '../core/collation-work.ts';
import {type Check, fix, type PlanAnswer, type StepCall} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {size} from '../core/size.ts';
import {together} from '../core/together.ts';
import {collationVersions} from '../probes/collation-versions.ts';
import {collationWork} from '../probes/collation-work.ts';
import {changedCollations} from '../probes/data-looks.ts';
import {contentOf, databaseContent} from '../probes/database-content.ts';
import {catalogOf, isExternal} from '../probes/looks.ts';
import {walRoom} from '../probes/wal-room.ts';
import {unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, saveEvidence} from './parts/step-calls.ts';

/** `REINDEX … CONCURRENTLY` came with 12. */
const concurrentSince = 120_000;

type Patient = {name: string; own: boolean; work: CollationWork};

/** Whether a finding holds anything that can be refreshed: PostgreSQL records no version where there was none, nor the other way round. */
export const canRefresh = (see: See, database: string): boolean => {
	const {databases, inside} = changedCollations(see, database);
	return databases.some(({actual}) => actual !== null) || inside.length > 0;
};

function patientsOf(see: See, database: string): Patient[] {
	const {databases, inside} = changedCollations(see, database);
	const own = new Set(databases.filter(({actual}) => actual !== null).map(one => one.database));
	const names = unique([...own, ...inside.map(one => one.database)]);
	const all = together(
		names.map(name => () => ({name, own: own.has(name), work: see(collationWork, contentOf(database, name))})),
	);
	return all.filter(one => one.own || one.work.collations.length > 0);
}

/** What this can't make right, in words; for the plan and against it. */
function remarks(see: See, database: string, patients: readonly Patient[]): Text[] {
	const {databases, unrecorded} = changedCollations(see, database);
	const foreign = [...databases.filter(({actual}) => actual === null), ...unrecorded].map(one => `\`${one.database}\``);
	const partitioned = patients.flatMap(({name, work}) => work.partitioned.map(table => `\`${name}\`: \`${table}\``));
	return [
		...(foreign.length > 0
			? [
					say(
						`${list(foreign).en} came from an image whose C library tells no version, or runs on one now: PostgreSQL can’t record that. Go back to the former image, or move by dump and restore.`,
						`${list(foreign).zh} 来自（或现在运行于）C 库不提供版本的镜像：PostgreSQL 无法记录。请换回原来的镜像，或通过导出再导入迁移。`,
					),
				]
			: []),
		...(partitioned.length > 0
			? [
					say(
						`Partitioned by ranges of text, so rows may be in the wrong partition, which no index tells: ${list(partitioned).en}.`,
						`按文本范围分区，行可能位于错误的分区，索引无法反映：${list(partitioned).zh}。`,
					),
				]
			: []),
	];
}

const joined = (texts: readonly Text[]): Text =>
	say(texts.map(({en}) => en).join(' '), texts.map(({zh}) => zh).join(''));

function planFor(see: See, database: string): PlanAnswer {
	const patients = canRefresh(see, database) ? patientsOf(see, database) : [];
	if (patients.length === 0) {
		const why = remarks(see, database, []);
		return notApplicable(
			why.length > 0
				? joined(why)
				: say('No version that PostgreSQL can record differs any more.', '已没有 PostgreSQL 能够记录的版本差异。'),
		);
	}
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return notApplicable(way.why);
	const indexes = patients.flatMap(({work}) => work.indexes);
	const free = isExternal(see) ? null : (ifKnown(() => see(walRoom, database))?.free ?? null);
	const needed = roomFor(indexes);
	if (free !== null && free < needed)
		return notApplicable(
			say(
				`Building the largest index anew may take ${size(needed)} for a while, and ${size(free)} are free. Make room first.`,
				`重建最大的索引可能暂时需要 ${size(needed)}，而目前剩余 ${size(free)}。请先腾出空间。`,
			),
		);
	const concurrent = (catalogOf(see, database)?.versionNumber ?? 0) >= concurrentSince;
	const stops = around(way);
	const calls = patients.flatMap(({name, own, work}): StepCall[] => {
		const common = {service: database, database: name, ...way.way};
		const rebuilt = work.indexes.map(({index, bytes, unique: isUnique, concurrently}) => ({
			...{index, bytes, unique: isUnique, concurrently: concurrently && concurrent},
		}));
		return [
			...(rebuilt.length > 0 ? [{step: 'reindex-collation', input: {...common, indexes: rebuilt}}] : []),
			{step: 'refresh-collation', input: {...common, own, collations: work.collations.map(one => one.name)}},
		];
	});
	const seconds = secondsFor(indexes);
	const more = joined(remarks(see, database, patients));
	const total = size(indexes.reduce((sum, {bytes}) => sum + bytes, 0));
	return {
		kind: 'plan',
		fix: 'refresh-collation',
		route: say(
			`${indexes.length} indexes (${total}) of ${list(patients.map(({name}) => `\`${name}\``)).en} follow the changed rules; the version is recorded only after all of a database are built anew. ${free === null ? 'How much room there is could not be measured.' : `${size(free)} are free, at most ${size(needed)} are needed for a while.`} ${more.en}`.trim(),
			`${list(patients.map(({name}) => `\`${name}\``)).zh} 中有 ${indexes.length} 个索引（${total}）受规则变化影响；每个数据库的索引全部重建后才记录版本。${free === null ? '无法测量剩余空间。' : `剩余 ${size(free)}，暂时最多需要 ${size(needed)}。`}${more.zh}`,
		),
		steps: [...(way.service ? saveEvidence([database]) : []), ...stops.before, ...calls, ...stops.after],
		afterUndo: [],
		loses: say(
			'Nothing: indexes are built from their tables. If a unique index finds rows that are equal by the new rules, it stops there, tells which index, and refreshes nothing.',
			'不丢失任何东西：索引由表数据重建。如果唯一索引发现按新规则相等的行，就在那里停下并指出是哪个索引，不刷新任何版本。',
		),
		restarts: [],
		takes:
			seconds < 60
				? say('about a minute', '约一分钟')
				: say(
						`about ${Math.ceil(seconds / 60)} minutes, counted with 10 MiB a second`,
						`约 ${Math.ceil(seconds / 60)} 分钟（按每秒 10 MiB 估算）`,
					),
		undo: say(
			'The rebuilt indexes and the recorded version stay: the old order would be wrong under the present C library. Only half-built indexes are removed.',
			'重建的索引和记录的版本会保留：在当前 C 库下旧顺序是错误的。只会清除建到一半的索引。',
		),
		confirm: null,
		assumes: assumptions(way),
	};
}

export const refreshCollation = fix({
	id: 'refresh-collation',
	title: say(
		'Rebuild the indexes on text, then record the new collation version',
		'重建文本索引，再记录新的排序规则版本',
	),
	risk: 'changes-data',
	about: say(
		'Builds every index anew that follows a changed collation, in every affected database, without keeping readers or writers out where PostgreSQL can, and only then runs `ALTER DATABASE … REFRESH COLLATION VERSION`.',
		'在每个受影响的数据库中重建所有受排序规则变化影响的索引（PostgreSQL 支持时不阻塞读写），之后才执行 `ALTER DATABASE … REFRESH COLLATION VERSION`。',
	),
	limits: say(
		'Duplicates that a wrong unique index let in have to be resolved by a person. Constraints that compare text, materialized views and text that an application sorted itself are not looked at.',
		'错误的唯一索引放进的重复值必须由人处理。比较文本的约束、物化视图以及应用自行排序的文本不在检查之列。',
	),
	settings: [],
	plan: (see, finding) => planFor(see, finding.subject ?? ''),
	verify(finding, {steps}) {
		const database = finding.subject ?? '';
		return steps
			.filter(({step}) => step === 'refresh-collation')
			.map(
				({input}): Check => ({
					says: say(
						`\`${input['database']}\` has the collation versions of the running system`,
						`\`${input['database']}\` 的排序规则版本与当前系统一致`,
					),
					passes(see) {
						const name = String(input['database']);
						const own =
							input['own'] !== true ||
							see(collationVersions, database).every(one => one.database !== name || one.recorded === one.actual);
						return own && see(databaseContent, contentOf(database, name)).collations.length === 0;
					},
				}),
			);
	},
});
