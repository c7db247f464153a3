import {say} from '../core/say.ts';
import {quoteIdentifier} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';

type Input = SqlWay & {service: string; role: string; database: string};

/** What an application needs to work in a database that another role owns; PostgreSQL 15 took CREATE on public away. */
const grants = (database: string, role: string): string[] => {
	const [to, on] = [quoteIdentifier(role), quoteIdentifier(database)];
	return [
		`grant all on database ${on} to ${to};`,
		`grant usage, create on schema public to ${to};`,
		`grant all on all tables in schema public to ${to};`,
		`grant all on all sequences in schema public to ${to};`,
		`grant all on all functions in schema public to ${to};`,
	];
};

const hasPublic = "select count(*) from pg_namespace where nspname = 'public';";

/** Lets a role that was just made use a database. */
export const grantAccess = step<Input, Record<string, never>>({
	id: 'grant-access',
	risk: 'changes-data',
	says: ({role, database}) =>
		say(`Let role \`${role}\` use database \`${database}\``, `允许角色 \`${role}\` 使用数据库 \`${database}\``),
	like: input => likeSql(input.service, input, grants(input.database, input.role).join('\n'), input.database),
	before: async () => ({}),
	async apply(input, _before, world) {
		const {service, role, database} = input;
		const options = optionsOf(input, database);
		const statements = grants(database, role);
		const isThere = (await world.write.sql(service, hasPublic, options)).stdout.trim() !== '0';
		await world.write.sql(service, (isThere ? statements : statements.slice(0, 1)).join('\n'), options);
	},
	undo: say('The rights go with the role.', '权限随角色一起撤销。'),
});
