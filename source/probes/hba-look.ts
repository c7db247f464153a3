import type {HbaRule} from '../core/catalog.ts';
import {firstMatch} from '../core/hba.ts';
import type {See} from '../core/probe.ts';
import {type ClientScope, catalogOf, isExternal, serviceNamed} from './looks.ts';

/** The address by which a client's connections reach the server: on the network that both are on. Null when there is none or it is outside. */
export function addressOf(see: See, {database, credential}: ClientScope): string | null {
	if (isExternal(see)) return null;
	const server = serviceNamed(see, database);
	const shared = new Map(server?.networks.map(network => [network.id, network]) ?? []);
	const client = serviceNamed(see, credential.service);
	const own = client?.networks.find(({id}) => shared.has(id));
	if (!own) return null;
	// A client that is between two crashes has no address; its neighbour's stands for it, since rules speak of subnets.
	return own.address || shared.get(own.id)?.address || null;
}

/** The first rule of pg_hba.conf that a client's login meets, `no-entry`, or null when the rules or the address can't be known. */
export function ruleFor(see: See, scope: ClientScope): HbaRule | 'no-entry' | null {
	const catalog = catalogOf(see, scope.database);
	const address = addressOf(see, scope);
	if (!catalog || address === null) return null;
	const superuser = catalog.roles.find(({name}) => name === scope.credential.user)?.superuser ?? false;
	const match = firstMatch(catalog.hba, {
		user: scope.credential.user,
		database: scope.credential.database,
		address,
		ssl: false,
		isMember: () => superuser,
		serverAddresses:
			serviceNamed(see, scope.database)?.networks.map(({address: own, prefix}) => ({address: own, prefix})) ?? [],
	});
	return match === 'no-entry' ? match : match.rule;
}
