import {setTimeout as sleep} from 'node:timers/promises';
import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {type Report, step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {endMarked, marking} from './parts/marked-session.ts';
import {presentWay} from './parts/stored-password.ts';

type Input = SqlWay & {
	service: string;
	database: string;
	/** Tables are frozen whose oldest row is older than so many transactions or multixacts. */
	olderThan: number;
};

/** `template0` admits nobody; it has to for a moment. */
type Before = {closed: boolean};

const program = 'compose-medic vacuum';
const between = 2000;
const attempts = 3;

/** Tables with an old row in themselves or in what is stored beside them, oldest first; temporary ones of others can't be had. */
const tables = (olderThan: number): string =>
	`select format('%I.%I', n.nspname, c.relname), pg_table_size(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_class t on t.oid = c.reltoastrelid where c.relkind in ('r', 'm') and c.relpersistence <> 't' and greatest(age(c.relfrozenxid), mxid_age(c.relminmxid), age(t.relfrozenxid), mxid_age(t.relminmxid)) > ${Math.floor(olderThan)} order by greatest(age(c.relfrozenxid), age(t.relfrozenxid)) desc;`;

const admit = (database: string, admits: boolean): string =>
	`alter database ${quoteIdentifier(database)} with allow_connections ${admits};`;

const progress = `select coalesce(sum(heap_blks_scanned), 0), coalesce(sum(heap_blks_total), 0) from pg_stat_progress_vacuum p join pg_stat_activity a using (pid) where a.application_name = ${quoteLiteral(program)};`;

/** Large tables one by one, so that progress can be told; small ones together, since each call costs a moment. */
const together = {bytes: 256 * 1024 * 1024, tables: 100};

type Group = {names: string[]; bytes: number};

/** @param stdout name and size in bytes of each table, parted by a tab */
export function groupsOf(stdout: string): Group[] {
	const groups: Group[] = [];
	for (const line of stdout.split('\n').filter(text => text !== '')) {
		const [name = '', bytes = '0'] = line.split('\t');
		const last = groups.at(-1);
		if (last && last.bytes + Number(bytes) <= together.bytes && last.names.length < together.tables) {
			last.names.push(name);
			last.bytes += Number(bytes);
		} else groups.push({names: [name], bytes: Number(bytes)});
	}
	return groups;
}

/** Waits as long as it takes: an autovacuum that holds the table does the same work, and must not be ended. */
async function freeze(world: WriteWorld, input: Input, names: string[], told: (part: number) => void): Promise<void> {
	const {service, database, ...way} = input;
	const statements = names.map(name => `vacuum (freeze) ${name};`).join('\n');
	const sql = `${marking(program)}set lock_timeout = 0;\n${statements}`;
	let over = false;
	const work = world.write.sql(service, sql, optionsOf(way, database)).finally(() => {
		over = true;
	});
	const watch = async (): Promise<void> => {
		for (await sleep(between); !over; await sleep(between)) {
			const {stdout} = await world.write.sql(service, progress, optionsOf(way, database));
			const [scanned = 0, total = 0] = stdout.trim().split('\t').map(Number);
			if (total > 0) told(scanned / total);
		}
	};
	// What watching meets is no reason to stop; what the work meets is.
	void watch().catch(() => {});
	await work;
}

async function freezeAll(world: WriteWorld, input: Input, report: Report): Promise<void> {
	const {service, database, olderThan, ...way} = input;
	const {stdout} = await world.write.sql(service, tables(olderThan), optionsOf(way, database));
	const groups = groupsOf(stdout);
	const total = groups.reduce((sum, {bytes}) => sum + bytes, 0);
	let done = 0;
	for (const {names, bytes} of groups) {
		world.signal.throwIfAborted();
		const what = names.length === 1 ? (names[0] ?? '') : `${names[0]} … ${names.at(-1)}`;
		const told = (part: number): void =>
			report(say(`Freezing ${database}: ${what}`, `正在冻结 ${database}：${what}`), done + part * bytes, total);
		told(0);
		await freeze(world, input, names, told);
		done += bytes;
	}
}

async function close(world: WriteWorld, input: Input, {closed}: Before): Promise<void> {
	if (closed) await world.write.sql(input.service, admit(input.database, false), optionsOf(input));
}

/** Marks old rows as frozen, table by table, so that their transaction ids may be used again. Nobody is kept from reading or writing. */
export const vacuumFreeze = step<Input, Before>({
	id: 'vacuum-freeze',
	risk: 'changes-data',
	says: ({database}) => say(`Freeze the old rows of \`${database}\``, `冻结 \`${database}\` 中的旧行`),
	like: input =>
		input.database === 'template0'
			? likeSql(
					input.service,
					input,
					`${admit('template0', true)}\n\\c template0\nVACUUM (FREEZE);\n\\c template1\n${admit('template0', false)}`,
				)
			: likeSql(input.service, input, 'VACUUM (FREEZE);', input.database),
	async before(input, world) {
		const sql = `select datallowconn from pg_database where datname = ${quoteLiteral(input.database)};`;
		return {closed: (await world.write.sql(input.service, sql, optionsOf(input))).stdout.trim() === 'f'};
	},
	async apply(input, before, world, report: Report) {
		const {service, database, olderThan: _age, ...way} = input;
		if (before.closed) await world.write.sql(service, admit(database, true), optionsOf(input));
		await endMarked(world, service, program, optionsOf(way, database));
		for (let attempt = 1; ; attempt++) {
			try {
				await freezeAll(world, input, report);
				break;
			} catch (error) {
				// Somebody dropped a table of the list meanwhile: the list is made anew.
				const isGone = error instanceof Trouble && /does not exist/.test(error.why?.en ?? '');
				if (!isGone || attempt === attempts) throw error;
			}
		}
		await close(world, input, before);
	},
	/** What is frozen stays: it reads the same. Only a run of ours that still goes on is ended, and `template0` closed again. */
	async undo(input, before, world) {
		const way = {...input, ...(await presentWay(world, input.service, input))};
		const {service, database, olderThan: _age, ...rest} = way;
		const closedNow = (await vacuumFreeze.before(way, world, () => {})).closed;
		if (!closedNow) await endMarked(world, service, program, optionsOf(rest, database));
		if (!closedNow) await close(world, way, before);
	},
});
