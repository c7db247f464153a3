import {list, say} from '../core/say.ts';
import {quoteIdentifier} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';

type Input = SqlWay & {
	service: string;
	database: string;
	/** Whether the database's own collation has changed. */
	own: boolean;
	/** Others, quoted. */
	collations: string[];
};

const statements = ({database, own, collations}: Input): string[] => [
	...collations.map(name => `ALTER COLLATION ${name} REFRESH VERSION;`),
	...(own ? [`ALTER DATABASE ${quoteIdentifier(database)} REFRESH COLLATION VERSION;`] : []),
];

/** Only after every index that follows the collation was built anew: this is nothing but the note of the version. */
export const refreshCollation = step<Input, Record<string, never>>({
	id: 'refresh-collation',
	risk: 'changes-data',
	says: ({database, own, collations}) => {
		const names = [...(own ? [`\`${database}\``] : []), ...collations.map(name => `\`${name}\``)];
		return say(
			`Record the present collation version of ${list(names).en}`,
			`记录 ${list(names).zh} 当前的排序规则版本`,
		);
	},
	like: input => likeSql(input.service, input, statements(input).join('\n'), input.database),
	before: async () => ({}),
	async apply(input, _before, world) {
		await world.write.sql(input.service, statements(input).join('\n'), optionsOf(input, input.database));
	},
	undo: say(
		'The old version is not written back: it would be wrong, for the indexes follow the present rules now.',
		'不会写回旧版本：索引现在已按当前规则排序，写回反而不对。',
	),
});
