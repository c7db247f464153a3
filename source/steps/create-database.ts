import {basename} from 'node:path';
import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {presentWay} from './parts/stored-password.ts';

type Input = SqlWay & {service: string; name: string; owner: string};

const exists = (name: string): string => `select count(*) from pg_database where datname = ${quoteLiteral(name)};`;

/** Tables, partitions, views, sequences and foreign tables that somebody made. */
const contents =
	"select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_' and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e');";

/** PostgreSQL cuts names at 63 bytes (NAMEDATALEN); the id stays whole. */
export function asideDatabase(name: string, id: string): string {
	const ending = `_compose_medic_${id}`;
	let kept = name;
	while (Buffer.byteLength(kept + ending) > 63) kept = [...kept].slice(0, -1).join('');
	return kept + ending;
}

export const createDatabase = step<Input, {existed: boolean}>({
	id: 'create-database',
	risk: 'changes-data',
	says: ({name, owner}) =>
		say(`Create database \`${name}\`, owned by \`${owner}\``, `创建数据库 \`${name}\`，所有者为 \`${owner}\``),
	like: input =>
		likeSql(
			input.service,
			input,
			`CREATE DATABASE ${quoteIdentifier(input.name)} OWNER ${quoteIdentifier(input.owner)};`,
		),
	async before(input, world) {
		const {stdout} = await world.write.sql(input.service, exists(input.name), optionsOf(input));
		return {existed: stdout.trim() !== '0'};
	},
	async apply(input, {existed}, world) {
		const options = optionsOf(input);
		if (existed)
			throw new Trouble(
				'database-exists',
				say(`The database \`${input.name}\` exists by now.`, `数据库 \`${input.name}\` 已经存在。`),
				{
					next: say('Run the diagnosis again.', '请重新诊断。'),
				},
			);
		if ((await world.write.sql(input.service, exists(input.name), options)).stdout.trim() !== '0') return;
		await world.write.sql(
			input.service,
			`create database ${quoteIdentifier(input.name)} owner ${quoteIdentifier(input.owner)};`,
			options,
		);
	},
	/** What an application stored meanwhile is never dropped: a database that is not empty any more gets another name. */
	async undo(input, {existed}, world, report) {
		if (existed) return;
		const way = await presentWay(world, input.service, input);
		const options = optionsOf(way);
		if ((await world.write.sql(input.service, exists(input.name), options)).stdout.trim() === '0') return;
		const found = await world.write.sql(input.service, contents, optionsOf(way, input.name));
		const name = quoteIdentifier(input.name);
		const isEmpty = found.stdout.trim() === '0';
		const aside = asideDatabase(input.name, basename(world.keep.directory));
		if (!isEmpty)
			report(say(`It holds tables by now: it is kept as \`${aside}\``, `其中已有表：以 \`${aside}\` 的名字保留`));
		const alone = [
			`alter database ${name} with allow_connections false;`,
			`select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = ${quoteLiteral(input.name)};`,
		];
		const away = isEmpty
			? [`drop database ${name};`]
			: [
					`alter database ${name} rename to ${quoteIdentifier(aside)};`,
					`alter database ${quoteIdentifier(aside)} with allow_connections true;`,
				];
		try {
			await world.write.sql(input.service, [...alone, ...away].join('\n'), options);
		} catch (error) {
			await world.write.sql(input.service, `alter database ${name} with allow_connections true;`, options);
			throw error;
		}
	},
});
