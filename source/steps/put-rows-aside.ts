import {amount} from '../core/amount.ts';
import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf, dataPathOf} from '../world/server-place.ts';

type Input = SqlWay & {
	service: string;
	database: string;
	schema: string;
	table: string;
	/** In their order: rows come back into the columns that they had. */
	columns: string[];
	/** Rows of which `created_at` is older go; a day in UTC such as `2026-08-23`. */
	olderThan: string;
};

/** `sum` stands for the content of all rows: a row that was changed in between gives another one. */
type Before = {
	file: string;
	rows: number;
	sum: string /** What the whole table took, with its indexes. */;
	bytes: number;
};

const nameOf = ({schema, table}: Input): string => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
const columnsOf = ({columns}: Input): string => columns.map(quoteIdentifier).join(', ');
const isOld = ({olderThan}: Input): string => `created_at < ${quoteLiteral(olderThan)}`;

/** A superuser in a database of others finds PostgreSQL's own functions and operators only (PostgreSQL manual, 5.10.6). */
const ownNames = 'set search_path = pg_catalog;';

const countOld = (input: Input): string =>
	`${ownNames}\nselect count(*) from only ${nameOf(input)} where ${isOld(input)};`;
const sumOld = (input: Input): string =>
	`${ownNames}\nselect count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0), pg_total_relation_size(${quoteLiteral(nameOf(input))}::regclass) from only ${nameOf(input)} t where ${isOld(input)};`;

/** A literal inside a `do` block that stands in dollar quotes, on one line as all our statements do. */
const guard = (input: Input, {rows, sum}: Before): string =>
	`do $medic$ begin if (select (count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0))::text from only ${nameOf(input)} t where ${isOld(input)}) is distinct from (${rows}::bigint, ${sum}::numeric)::text then raise exception 'compose-medic: the rows have changed'; end if; end $medic$;`;

/**
 * The rows that stay are written anew and the old file is dropped whole: that gives its room back at once and writes next to no
 * log, where deleting would first have to log every page, on a disk that has no room for it. One transaction; triggers and
 * foreign keys are not asked, because every row that is written was there before.
 */
const rewrite = (input: Input, before: Before): string[] => [
	ownNames,
	'begin;',
	'set local session_replication_role = replica;',
	`lock table ${nameOf(input)} in access exclusive mode;`,
	guard(input, before),
	`create temp table compose_medic_stays on commit drop as select * from only ${nameOf(input)} where not (${isOld(input)}) or created_at is null;`,
	`truncate table only ${nameOf(input)};`,
	`insert into ${nameOf(input)} (${columnsOf(input)}) select ${columnsOf(input)} from compose_medic_stays;`,
	'commit;',
];

/** So much is loaded back before the log is cut off again: the log of it must find room beside it. */
const piece = 4 * 1024 * 1024;

async function oldRows(world: WriteWorld, input: Input): Promise<number> {
	const {stdout} = await world.write.sql(input.service, countOld(input), optionsOf(input, input.database));
	return Number(stdout.trim());
}

/** @throws Trouble when the rows would fill the disk again, so that the server stops itself over them */
async function requireRoom(world: WriteWorld, {service, table}: Input, needed: number, file: string): Promise<void> {
	const container = await containerOf(world, service);
	const {data} = await dataPathOf(world, container);
	const {stdout} = await world.docker.exec(container.id, ['df', '-Pk', data], {signal: world.signal});
	const free = Number(stdout.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]) * 1024;
	if (free >= needed) return;
	throw new Trouble(
		'no-space',
		say(
			`There is no room to load the rows of \`${table}\` back: ${amount(needed)} are needed, ${amount(free || 0)} are free.`,
			`没有空间把 \`${table}\` 的行载回：需要 ${amount(needed)}，剩余 ${amount(free || 0)}。`,
		),
		{
			next: say(
				`Make room and run \`compose-medic undo\` again. All rows are in \`${file}\`.`,
				`请腾出空间后再次执行 \`compose-medic undo\`。所有行都在 \`${file}\` 中。`,
			),
		},
	);
}

export const putRowsAside = step<Input, Before>({
	id: 'put-rows-aside',
	risk: 'changes-data',
	says: ({table, olderThan}) =>
		say(
			`Save the rows of \`${table}\` from before \`${olderThan}\` into a private file, then take them out of the table`,
			`把 \`${table}\` 中 \`${olderThan}\` 之前的行保存到私有文件，然后从表中移除`,
		),
	like: input =>
		[
			likeSql(
				input.service,
				input,
				`COPY (SELECT ${columnsOf(input)} FROM ONLY ${nameOf(input)} WHERE ${isOld(input)}) TO STDOUT;  -- | gzip, kept`,
				input.database,
			),
			likeSql(
				input.service,
				input,
				[
					'BEGIN; SET LOCAL session_replication_role = replica;',
					`LOCK TABLE ${nameOf(input)} IN ACCESS EXCLUSIVE MODE;  -- the rows are still those that were saved`,
					`CREATE TEMP TABLE stays ON COMMIT DROP AS SELECT * FROM ONLY ${nameOf(input)} WHERE NOT (${isOld(input)}) OR created_at IS NULL;`,
					`TRUNCATE TABLE ONLY ${nameOf(input)};`,
					`INSERT INTO ${nameOf(input)} (${columnsOf(input)}) SELECT ${columnsOf(input)} FROM stays; COMMIT;`,
				].join('\n'),
				input.database,
			),
		].join('\n'),
	async before(input, world, report) {
		const {service, database, superuser, table} = input;
		const {stdout} = await world.write.sql(service, sumOld(input), optionsOf(input, database));
		const [counted = '0', sum = '0', bytes = '0'] = stdout.trim().split('\t');
		report(say(`Saving ${counted} rows of \`${table}\``, `正在保存 \`${table}\` 的 ${counted} 行`));
		const query = `select ${columnsOf(input)} from only ${nameOf(input)} where ${isOld(input)}`;
		const saved = await world.write.rows.save(
			service,
			query,
			{database, superuser},
			`rows-${database}-${table}.copy.gz`.replaceAll(/[^\w.-]+/g, '-'),
		);
		if (saved.rows !== Number(counted))
			throw new Trouble(
				'rows-changed',
				say(`Somebody writes old rows into \`${table}\` just now.`, `此刻有人正在向 \`${table}\` 写入旧数据行。`),
				{next: say('Stop that and try again.', '请停止后重试。')},
			);
		report(say(`Saved: ${amount(saved.bytes)}`, `已保存：${amount(saved.bytes)}`));
		return {file: saved.reference, rows: saved.rows, sum, bytes: Number(bytes)};
	},
	async apply(input, before, world) {
		if (before.rows === 0 || (await oldRows(world, input)) === 0) return;
		await world.write.sql(input.service, rewrite(input, before).join('\n'), optionsOf(input, input.database));
	},
	/** Loads the rows in pieces, each with a checkpoint behind it. One that was broken off goes on behind what is there already. */
	async undo(input, {file, rows, bytes}, world, report) {
		const {service, table, database} = input;
		const options = optionsOf(input, database);
		let there = await oldRows(world, input);
		if (there > rows)
			throw new Trouble(
				'rows-changed',
				say(`\`${table}\` holds more old rows than were taken out.`, `\`${table}\` 中的旧数据行比取出的还多。`),
			);
		if (there < rows) await requireRoom(world, input, Math.ceil((bytes * (rows - there)) / rows), file);
		let seen = 0;
		for await (const text of there === rows ? [] : world.write.rows.pieces(file, piece)) {
			const lines = text.split('\n').slice(0, -1);
			const left = lines.slice(Math.max(0, there - seen));
			seen += lines.length;
			if (left.length === 0) continue;
			const load = [
				ownNames,
				'set session_replication_role = replica;',
				`copy ${nameOf(input)} (${columnsOf(input)}) from stdin;`,
				...left,
				'\\.',
				'checkpoint;',
			];
			await world.write.sql(service, load.join('\n'), options);
			there += left.length;
			report(say(`Loading the rows of \`${table}\` back`, `正在把行载回 \`${table}\``), there, rows);
		}
		const now = await oldRows(world, input);
		if (now !== rows)
			throw new Trouble(
				'rows-missing',
				say(
					`\`${table}\` holds ${now} of ${rows} old rows. All of them are in \`${file}\`.`,
					`\`${table}\` 中只有 ${rows} 行旧数据中的 ${now} 行。全部都在 \`${file}\` 中。`,
				),
			);
	},
});
