import {say} from '../core/say.ts';
import {size} from '../core/size.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {type Report, step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {endMarked, marking} from './parts/marked-session.ts';

type Input = SqlWay & {
	service: string;
	database: string;
	/** Quoted names, largest first. `concurrently`: without keeping writers out. */
	indexes: {index: string; bytes: number; unique: boolean; concurrently: boolean}[];
};

/** Indexes that were invalid before we came: what a broken rebuild of ours leaves behind is told from those. */
type Before = {invalid: string[]};

/** By this name our own sessions are found again, should the program have been killed in the middle of one. */
const program = 'compose-medic reindex';

const statement = ({index, concurrently}: Input['indexes'][number]): string =>
	`REINDEX INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${index};`;

/** A rebuild beside others waits for the transactions of the moment; a minute is what it waits before it gives up. */
const opening = `${marking(program)}set lock_timeout = '60s';\n`;

/** What a rebuild that did not come to its end leaves: `…_ccnew` or `…_ccold`, never used by anybody (PostgreSQL manual, REINDEX). */
const leftovers =
	"select format('%I.%I', n.nspname, c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$';";

const lines = (stdout: string): string[] => stdout.split('\n').filter(line => line !== '');

const invalid = async (world: WriteWorld, {service, database, ...way}: Input): Promise<string[]> =>
	lines((await world.write.sql(service, leftovers, optionsOf(way, database))).stdout);

/** Ends a rebuild of a killed run, and drops what broken rebuilds of ours have left. */
async function clean(world: WriteWorld, input: Input, before: Before): Promise<void> {
	const {service, database, ...way} = input;
	await endMarked(world, service, program, optionsOf(way, database));
	const left = (await invalid(world, input)).filter(name => !before.invalid.includes(name));
	for (const name of left)
		await world.write.sql(service, `drop index concurrently if exists ${name};`, optionsOf(way, database));
}

/** Two rows that the old rules kept apart and the new ones hold for equal: which one goes is no question for a program. */
const duplicates = (index: string, why: string): Trouble =>
	new Trouble(
		'duplicates',
		say(
			`The unique index ${index} can’t be built anew: its table holds rows that are equal.`,
			`无法重建唯一索引 ${index}：其表中有相等的行。`,
		),
		{
			why: say(`It says: ${why}`, `它的回答：${why}`),
			next: say(
				'Somebody who knows the data has to merge or delete one of each pair; find them with `set enable_indexscan = off; set enable_bitmapscan = off; select KEY, count(*) … group by 1 having count(*) > 1`. Then run the fix again. No collation version was refreshed.',
				'需要由了解数据的人合并或删除每对中的一行；可用 `set enable_indexscan = off; set enable_bitmapscan = off; select KEY, count(*) … group by 1 having count(*) > 1` 找出。之后重新执行修复。没有刷新任何排序规则版本。',
			),
		},
	);

async function rebuild(world: WriteWorld, input: Input, one: Input['indexes'][number]): Promise<void> {
	const {service, database, ...way} = input;
	try {
		await world.write.sql(service, `${opening}${statement(one)}`, optionsOf(way, database));
	} catch (error) {
		const why = error instanceof Trouble ? (error.why?.en ?? '') : '';
		// Dropped by its owner since the plan was made: nothing is wrong with an index that is not there.
		if (/does not exist/.test(why)) return;
		throw one.unique && /could not create unique index/.test(why) ? duplicates(one.index, why) : error;
	}
}

/** Builds indexes anew one by one. Any that fails stops the plan before a version is refreshed, and leaves no half-built index. */
export const reindexCollation = step<Input, Before>({
	id: 'reindex-collation',
	risk: 'changes-data',
	says({database, indexes}) {
		const bytes = size(indexes.reduce((sum, one) => sum + one.bytes, 0));
		const plain = indexes.filter(({concurrently}) => !concurrently).length;
		return say(
			`Build ${indexes.length} indexes of \`${database}\` anew (${bytes})${plain > 0 ? `; writers of ${plain} tables have to wait meanwhile` : ', while everybody goes on reading and writing'}`,
			`重建 \`${database}\` 的 ${indexes.length} 个索引（${bytes}）${plain > 0 ? `；其间 ${plain} 张表的写入需要等待` : '，其间读写照常'}`,
		);
	},
	like: input => likeSql(input.service, input, input.indexes.map(statement).join('\n'), input.database),
	before: async (input, world) => ({invalid: await invalid(world, input)}),
	async apply(input, before, world, report: Report) {
		const total = input.indexes.length;
		await clean(world, input, before);
		try {
			for (const [index, one] of input.indexes.entries()) {
				world.signal.throwIfAborted();
				report(
					say(`Building ${one.index} anew (${size(one.bytes)})`, `正在重建 ${one.index}（${size(one.bytes)}）`),
					index,
					total,
				);
				await rebuild(world, input, one);
			}
		} catch (error) {
			if (!world.signal.aborted) await clean(world, input, before);
			throw error;
		}
	},
	/** Indexes in the present order stay: putting wrong ones back would help nobody. Only half-built ones go. */
	undo: (input, before, world) => clean(world, input, before),
});
