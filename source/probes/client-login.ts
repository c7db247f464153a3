import {probe} from '../core/probe.ts';
import {say, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Credential, LoginResult, ReadWorld} from '../core/world.ts';
import {serverFor} from './server-for.ts';

/** The world's credential with this id; ids come out of facts, so a missing one means that the deployment has changed since. */
export async function credentialNamed(world: ReadWorld, id: string): Promise<Credential> {
	const credential = (await world.credentials()).find(one => one.id === id);
	if (credential) return credential;
	throw new Trouble('no-credential', say(`There is no credential \`${id}\` any more.`, `凭据 \`${id}\` 已不存在。`));
}

/** A real TCP login as one client would make it, from a throwaway container on the client's network. `about` is the credential id. */
export const clientLogin = probe<LoginResult>({
	id: 'client-login',
	title: credential => say(`Logging in over TCP as ${credential} would`, `以 ${credential} 的方式通过 TCP 登录`),
	like: () =>
		'docker run --rm --network <the client’s network> <database image> psql -h <host> -U <user> -d <database>  # password by stdin',
	deadline: 15_000,
	async observe(world, about, signal) {
		const credential = await credentialNamed(world, about);
		const service = await serverFor(world, credential);
		if (service === null)
			throw new Trouble(
				'no-server',
				say(`No database server belongs to \`${about}\`.`, `\`${about}\` 没有对应的数据库服务器。`),
				{
					why: verbatim(`${credential.host}:${credential.port}`),
				},
			);
		return world.database(service).login(credential, {signal});
	},
});
