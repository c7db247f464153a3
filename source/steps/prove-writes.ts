import {say} from '../core/say.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {awaitReady} from './parts/await-ready.ts';

type Input = SqlWay & {service: string};

const patience = 120_000;

/** A megabyte of rows in a table that goes with the session, and a record in the log that is on disk before the answer comes. */
const attempt = [
	'begin;',
	'create temp table compose_medic_try on commit drop as select n, md5(n::text) from generate_series(1, 20000) n;',
	"select count(*) from (select pg_logical_emit_message(true, 'compose-medic', 'room')) wrote;",
	'commit;',
];

/** Whether there is really room again: the server itself has to write. */
export const proveWrites = step<Input, Record<string, never>>({
	id: 'prove-writes',
	risk: 'none',
	says: ({service}) =>
		say(`Let \`${service}\` write something, to see that it can`, `让 \`${service}\` 试写一次，确认可以写入`),
	like: input => likeSql(input.service, input, attempt.join('\n')),
	before: async () => ({}),
	async apply(input, _before, world, report) {
		await awaitReady(world, input.service, patience, report);
		await world.write.sql(input.service, attempt.join('\n'), optionsOf(input));
	},
	undo: say('Nothing of it stays.', '不会留下任何东西。'),
});
