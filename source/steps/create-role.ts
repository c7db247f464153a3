import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {createRoleStatement} from '../world/sql-session.ts';
import {presentWay, storePassword, verifierOf} from './parts/stored-password.ts';

type Input = SqlWay & {service: string; role: string; secret: string; proves: string[]};

const exists = (role: string): string => `select count(*) from pg_roles where rolname = ${quoteLiteral(role)};`;

/**
 * Databases in which the role owns or may do something, and who inherits there: the database's owner, or the bootstrap
 * superuser (oid 10). `template1` stands for what belongs to no database. `REASSIGN OWNED` and `DROP OWNED` see one database
 * at a time (PostgreSQL manual, "Dropping Roles").
 */
const holdings = (role: string): string =>
	`select d.datname, (select rolname from pg_roles where oid = case when d.datdba = r.oid then 10 else d.datdba end) from pg_roles r join pg_database d on d.datname = 'template1' or exists (select from pg_shdepend s where s.refclassid = 'pg_authid'::regclass and s.refobjid = r.oid and s.dbid = d.oid) where r.rolname = ${quoteLiteral(role)} and d.datallowconn order by d.datname = 'template1';`;

/** What an application made as this role meanwhile goes to the owner of its database: nothing is dropped but the role. */
export const createRole = step<Input, {existed: boolean}>({
	id: 'create-role',
	risk: 'changes-data',
	says: ({role, secret}) =>
		say(`Create role \`${role}\` with the password of \`${secret}\``, `创建角色 \`${role}\`，密码取自 \`${secret}\``),
	like: input =>
		likeSql(input.service, input, `CREATE ROLE ${quoteIdentifier(input.role)} LOGIN PASSWORD 'SCRAM-SHA-256$4096:…';`),
	async before(input, world) {
		const {stdout} = await world.write.sql(input.service, exists(input.role), optionsOf(input));
		return {existed: stdout.trim() !== '0'};
	},
	async apply(input, {existed}, world) {
		const {service, role, secret} = input;
		const options = optionsOf(input);
		if (existed)
			throw new Trouble('role-exists', say(`The role \`${role}\` exists by now.`, `角色 \`${role}\` 已经存在。`), {
				next: say('Run the diagnosis again.', '请重新诊断。'),
			});
		const verifier = await verifierOf(world, secret);
		const made = (await world.write.sql(service, exists(role), options)).stdout.trim() !== '0';
		if (!made) await world.write.sql(service, createRoleStatement(role, verifier), options);
		await storePassword(world, service, role, verifier, options);
	},
	async undo(input, {existed}, world) {
		if (existed) return;
		const {service, role} = input;
		const way = await presentWay(world, service, input);
		const options = optionsOf(way);
		if ((await world.write.sql(service, exists(role), options)).stdout.trim() === '0') return;
		const {stdout} = await world.write.sql(service, holdings(role), options);
		const name = quoteIdentifier(role);
		for (const line of stdout.split('\n').filter(text => text !== '')) {
			const [database = '', heir = ''] = line.split('\t');
			const hand = [`reassign owned by ${name} to ${quoteIdentifier(heir)};`, `drop owned by ${name};`];
			await world.write.sql(service, hand.join('\n'), optionsOf(way, database));
		}
		await world.write.sql(service, `drop role ${name};`, options);
	},
});
