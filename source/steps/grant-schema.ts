import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {presentWay} from './parts/stored-password.ts';

type Input = SqlWay & {service: string; role: string; database: string; schema: string};

/** Rights that the role itself had been given: inherited ones and those of everybody are not ours to take. */
type Before = {had: string[]};

const rights = ['USAGE', 'CREATE'];

const grant = ({role, schema}: Input): string =>
	`GRANT ${rights.join(', ')} ON SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)};`;

const own = ({role, schema}: Input): string =>
	`select distinct acl.privilege_type from pg_namespace n, aclexplode(n.nspacl) acl join pg_roles r on r.oid = acl.grantee where n.nspname = ${quoteLiteral(schema)} and r.rolname = ${quoteLiteral(role)};`;

export const grantSchema = step<Input, Before>({
	id: 'grant-schema',
	risk: 'changes-data',
	says: ({role, database, schema}) =>
		say(
			`Let role \`${role}\` make objects in the schema \`${schema}\` of \`${database}\``,
			`允许角色 \`${role}\` 在 \`${database}\` 的 schema \`${schema}\` 中创建对象`,
		),
	like: input => likeSql(input.service, input, grant(input), input.database),
	async before(input, world) {
		const {stdout} = await world.write.sql(input.service, own(input), optionsOf(input, input.database));
		return {had: stdout.split('\n').filter(line => line !== '')};
	},
	async apply(input, _before, world) {
		await world.write.sql(input.service, grant(input), optionsOf(input, input.database));
	},
	/** What the role has made meanwhile stays its own. */
	async undo(input, {had}, world) {
		const given = rights.filter(right => !had.includes(right));
		if (given.length === 0) return;
		const way = await presentWay(world, input.service, input);
		const sql = `revoke ${given.join(', ')} on schema ${quoteIdentifier(input.schema)} from ${quoteIdentifier(input.role)};`;
		await world.write.sql(input.service, sql, optionsOf(way, input.database));
	},
});
