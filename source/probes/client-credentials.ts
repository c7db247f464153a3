import type {ClientCredential} from '../core/deployment.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {stackById} from '../stacks/index.ts';
import {tellPasswords} from '../world/credentials.ts';
import {neighbourhood, resolve} from './server-for.ts';

/** Every database credential that a service holds. Passwords are compared in the world and told apart by letters only. */
export const clientCredentials = probe<ClientCredential[]>({
	id: 'client-credentials',
	title: () => say('Reading which credentials each service uses', '读取各服务使用的凭据'),
	like: () => "docker inspect --format '{{.Config.Env}}' …",
	async observe(world) {
		const [credentials, {own, all}] = await Promise.all([world.credentials(), neighbourhood(world)]);
		const told = tellPasswords(credentials, stackById(world.target.stack).wellKnownPasswords);
		return credentials.flatMap((credential, index) => {
			const passwords = told[index];
			if (!passwords) return [];
			const {id, service, purpose, user, host, port, database, variables, passwordFile, urlProblem} = credential;
			const leadsTo = world.target.kind === 'database' ? ({kind: 'outside'} as const) : resolve(credential, own, all);
			const base = {id, service, purpose, user, host, port, database, variables, passwordFile};
			return [{...base, ...passwords, urlProblem, leadsTo}];
		});
	},
});
