import {say} from '../../core/say.ts';
import {makeVerifier} from '../../core/scram.ts';
import type {Secret} from '../../core/secret.ts';
import {optionsOf, type SqlWay} from '../../core/sql-way.ts';
import {Trouble} from '../../core/trouble.ts';
import type {SqlOptions, WriteWorld} from '../../core/write-world.ts';
import {passwordAndBack, readStored, storedFrom} from '../../world/sql-session.ts';

export const roleMissing = (role: string): Trouble =>
	new Trouble('role-missing', say(`The role \`${role}\` does not exist.`, `角色 \`${role}\` 不存在。`));

/** Whether a password that is known over TCP belongs to a role without superuser rights: it can change itself and nothing else. */
export async function isPlainRole(world: WriteWorld, service: string, way: SqlWay): Promise<boolean> {
	if (way.route !== 'tcp') return false;
	const {stdout} = await world.write.sql(service, "select current_setting('is_superuser');", optionsOf(way));
	return stdout.trim() !== 'on';
}

/** The stored verifier of a role; null when it has no password. */
export async function storedPassword(
	world: WriteWorld,
	service: string,
	role: string,
	options: SqlOptions,
): Promise<Secret | null> {
	const stored = storedFrom(await world.write.sql(service, readStored(role), options));
	if (stored === 'missing') throw roleMissing(role);
	return stored;
}

/**
 * Stores a verifier (or NULL) and reads it back: a malformed verifier would be hashed as if it were a password, in silence.
 * @throws Trouble when something else is stored afterwards
 */
export async function storePassword(
	world: WriteWorld,
	service: string,
	role: string,
	verifier: Secret | null,
	options: SqlOptions,
): Promise<void> {
	const stored = storedFrom(await world.write.sql(service, passwordAndBack(role, verifier), options));
	if (stored === 'missing') throw roleMissing(role);
	const same = verifier === null ? stored === null : stored?.equals(verifier) === true;
	if (!same)
		throw new Trouble(
			'not-stored',
			say(`The server stored something else for \`${role}\`.`, `服务器为 \`${role}\` 保存的不是我们发送的值。`),
			{
				next: say('Run `compose-medic undo`.', '请执行 `compose-medic undo`。'),
			},
		);
}

/**
 * The way that fits how the server stands now: what a plan chose may no longer apply when it is undone later.
 * A stopped server takes the private one; a running one its socket, opened for a moment when it must be.
 */
export async function presentWay(world: WriteWorld, service: string, way: SqlWay): Promise<SqlWay> {
	if (world.target.kind !== 'compose') return way;
	const {project} = world.target;
	const container = (await world.docker.containers(project)).find(one => one.service === service && !one.oneOff);
	const offline = way.route === 'private-server' || way.route === 'single-user';
	const running = container?.status === 'running';
	if (running !== offline) return way;
	if (!running) return {...way, route: 'private-server'};
	const answers = await world.write
		.sql(service, 'select 1;', {route: 'socket', superuser: way.superuser})
		.then(() => true)
		.catch((error: unknown) => {
			if (error instanceof Trouble) return false;
			throw error;
		});
	return {...way, route: answers ? 'socket' : 'socket-line'};
}

/** A verifier of the password behind a reference. */
export const verifierOf = async (world: WriteWorld, reference: string): Promise<Secret> =>
	makeVerifier(await world.secret(reference));
