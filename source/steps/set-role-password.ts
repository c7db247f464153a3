import {say} from '../core/say.ts';
import {quoteIdentifier} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {passwordStatement} from '../world/sql-session.ts';
import {isPlainRole, presentWay, storedPassword, storePassword, verifierOf} from './parts/stored-password.ts';

type Input = SqlWay & {
	service: string;
	role: string;
	/** Reference of the wanted password. */
	secret: string;
	/** Credentials that must be able to log in with it. */
	proves: string[];
};

type Before = {
	/** Where the former verifier is kept; null when the role had no password or may not read it. */
	kept: string | null;
	/** The role changes itself: it may neither read nor compare what is stored. */
	plain: boolean;
	/** References of what `via` and `secret` open today: `.env` and older copies of it may be others when this is undone. */
	known: string | null;
	wanted: string | null;
};

/** Logs in as the role, or not: what a plain role may know about its own password. */
const isLetIn = (world: WriteWorld, {service, ...way}: Input, credential: string): Promise<boolean> =>
	world.write.sql(service, 'select 1;', {...optionsOf(way), credential}).then(
		() => true,
		(error: unknown) => {
			if (error instanceof Trouble) return false;
			throw error;
		},
	);

/** A plain role can't read its verifier: what proves the change is a new login with the new password. */
async function changeItself(world: WriteWorld, input: Input, from: string, to: string): Promise<void> {
	const {service, role, ...way} = input;
	if (!(await isLetIn(world, input, from)) && (await isLetIn(world, input, to))) return;
	const statement = passwordStatement(role, await verifierOf(world, to));
	await world.write.sql(service, statement, {...optionsOf(way), credential: from});
	await world.write.sql(service, 'select 1;', {...optionsOf(way), credential: to});
}

/** A superuser that changes itself comes in with the new password once that is stored: in a run that goes on, or in an undo. */
async function letIn(world: WriteWorld, input: Input): Promise<Input> {
	const {via, role, secret} = input;
	if (via?.user !== role || (await isLetIn(world, input, via.secret))) return input;
	return {...input, via: {...via, secret}};
}

const keepPassword = async (world: WriteWorld, name: string, reference: string): Promise<string> =>
	`keep:${await world.keep.put(name, await world.secret(reference))}`;

/** The way with the password that was known when the plan was made. */
const asPlanned = (input: Input, {known}: Before): Input =>
	input.via && known ? {...input, via: {...input.via, secret: known}} : input;

export const setRolePassword = step<Input, Before>({
	id: 'set-role-password',
	risk: 'changes-data',
	says: ({role, secret}) =>
		say(`Give role \`${role}\` the password of \`${secret}\``, `把角色 \`${role}\` 的密码改为 \`${secret}\` 的密码`),
	like: input =>
		likeSql(input.service, input, `ALTER ROLE ${quoteIdentifier(input.role)} PASSWORD 'SCRAM-SHA-256$4096:…';`),
	async before({service, role, secret, ...way}, world) {
		const known = way.via ? await keepPassword(world, 'before-known', way.via.secret) : null;
		if (way.via?.user === role && (await isPlainRole(world, service, way)))
			return {kept: null, plain: true, known, wanted: await keepPassword(world, 'before-wanted', secret)};
		const stored = await storedPassword(world, service, role, optionsOf(way));
		const kept = stored && (await world.keep.put(`verifier-${role}`, stored));
		return {kept, plain: false, known, wanted: null};
	},
	async apply(input, before, world) {
		const planned = asPlanned(input, before);
		const {known, plain, wanted} = before;
		if (plain && known && wanted) return changeItself(world, planned, known, wanted);
		const way = await letIn(world, planned);
		await storePassword(world, input.service, input.role, await verifierOf(world, input.secret), optionsOf(way));
	},
	async undo(input, before, world) {
		const planned = asPlanned(input, before);
		const {kept, known, plain, wanted} = before;
		const {service, role} = input;
		if (plain && known && wanted) return changeItself(world, planned, wanted, known);
		const former = kept === null ? null : await world.keep.getSecret(kept);
		if (kept !== null && former === null)
			throw new Trouble('verifier-lost', say('The former verifier is no longer kept.', '之前的校验值已不存在。'), {
				why: say(`\`${world.keep.directory}\` lacks it.`, `\`${world.keep.directory}\` 中没有它。`),
			});
		const {route, via, superuser} = await letIn(world, planned);
		const present = await presentWay(world, service, {route, via, superuser});
		await storePassword(world, service, role, former, optionsOf(present));
	},
});
