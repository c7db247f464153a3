import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {presentWay, roleMissing} from './parts/stored-password.ts';

type Input = SqlWay & {
	service: string;
	role: string;
	lifts: {login: boolean; validUntil: boolean; connectionLimit: boolean};
};
type Before = {canLogin: boolean; validUntil: string | null; connectionLimit: number};

const options = ({lifts}: Input): string =>
	[
		lifts.login ? 'login' : '',
		lifts.validUntil ? "valid until 'infinity'" : '',
		lifts.connectionLimit ? 'connection limit -1' : '',
	]
		.filter(Boolean)
		.join(' ');

export const allowLogin = step<Input, Before>({
	id: 'allow-login',
	risk: 'changes-data',
	says: ({role}) => say(`Take back what locks role \`${role}\` out`, `撤销挡住角色 \`${role}\` 的设置`),
	like: input =>
		likeSql(
			input.service,
			input,
			`ALTER ROLE ${quoteIdentifier(input.role)} ${options(input).toUpperCase().replace('INFINITY', 'infinity')};`,
		),
	async before(input, world) {
		const {stdout} = await world.write.sql(
			input.service,
			`select rolcanlogin, coalesce(rolvaliduntil::text, ''), rolconnlimit from pg_roles where rolname = ${quoteLiteral(input.role)};`,
			optionsOf(input),
		);
		const [canLogin, validUntil, limit] = stdout.trim().split('\t');
		if (canLogin === undefined || canLogin === '') throw roleMissing(input.role);
		return {canLogin: canLogin === 't', validUntil: validUntil || null, connectionLimit: Number(limit ?? -1)};
	},
	async apply(input, _before, world) {
		await world.write.sql(
			input.service,
			`alter role ${quoteIdentifier(input.role)} ${options(input)};`,
			optionsOf(input),
		);
	},
	async undo(input, before, world) {
		const former = [
			before.canLogin ? 'login' : 'nologin',
			// A role that never had an end date gets `infinity`: PostgreSQL offers no way back to NULL.
			`valid until ${quoteLiteral(before.validUntil ?? 'infinity')}`,
			`connection limit ${before.connectionLimit}`,
		];
		if (!input.lifts.validUntil) former.splice(1, 1);
		await world.write.sql(
			input.service,
			`alter role ${quoteIdentifier(input.role)} ${former.join(' ')};`,
			optionsOf(await presentWay(world, input.service, input)),
		);
	},
});
