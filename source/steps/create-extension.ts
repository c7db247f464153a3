import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {presentWay} from './parts/stored-password.ts';

type Input = SqlWay & {
	service: string;
	name: string;
	database: string;
	/** Null where the extension itself says where it goes. */
	schema: string | null;
};

const exists = (name: string): string => `select count(*) from pg_extension where extname = ${quoteLiteral(name)};`;

const statement = ({name, schema}: Pick<Input, 'name' | 'schema'>): string =>
	`CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)}${schema === null ? '' : ` WITH SCHEMA ${quoteIdentifier(schema)}`};`;

/** Without CASCADE; that something depends on it is no error here. Told by its SQLSTATE, since servers speak many languages. */
const dropUnlessNeeded = (name: string): string =>
	`do $medic$ begin drop extension if exists ${quoteIdentifier(name)} restrict; exception when dependent_objects_still_exist then null; end $medic$;`;

export const createExtension = step<Input, {existed: boolean}>({
	id: 'create-extension',
	risk: 'changes-data',
	says: ({name, database}) =>
		say(`Create the extension \`${name}\` in \`${database}\``, `在 \`${database}\` 中创建扩展 \`${name}\``),
	like: input => likeSql(input.service, input, statement(input), input.database),
	async before({service, name, database, ...way}, world) {
		const {stdout} = await world.write.sql(service, exists(name), optionsOf(way, database));
		return {existed: stdout.trim() !== '0'};
	},
	async apply(input, _before, world) {
		await world.write.sql(input.service, statement(input), optionsOf(input, input.database));
	},
	/** Whatever was made with it since keeps it, and that is no failure. */
	async undo({service, name, database, ...input}, {existed}, world, report) {
		if (existed) return;
		const way = optionsOf(await presentWay(world, service, input), database);
		await world.write.sql(service, dropUnlessNeeded(name), way);
		if ((await world.write.sql(service, exists(name), way)).stdout.trim() === '0') return;
		report(
			say(
				`\`${name}\` stays: columns or functions of \`${database}\` depend on it by now`,
				`\`${name}\` 保留：\`${database}\` 中已有列或函数依赖它`,
			),
		);
	},
});
