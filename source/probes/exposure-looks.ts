import type {See} from '../core/probe.ts';
import type {Container} from '../core/world.ts';
import {clientCredentials} from './client-credentials.ts';
import {intruderSigns, isRansomNote} from './intruder-signs.ts';
import {type ClientScope, catalogOf, isExternal, isRunning, proofOf, serviceNamed} from './looks.ts';
import {serviceLog} from './service-log.ts';

// Pure readings about who else can reach a database, and who has.

const everywhere = ['0.0.0.0', '::', ''];

export type Exposure = {
	/** Bindings that the whole network reaches. */
	open: Container['ports'];
	/** The configured password is a published default, and it fits. */
	defaultPassword: boolean;
	/** Names of databases and tables that a wipe leaves. */
	notes: {name: string; source: string}[];
	/** Roles that nobody here is configured with, and that somebody tried. */
	strangers: string[];
};

const tried = /(?:role|user) "([^"]+)"/i;

/** Two names at least: one may be a typing error of an administrator. */
const fewestStrangers = 2;

function strangersAt(see: See, database: string): string[] {
	const own = new Set(see(clientCredentials).map(({user}) => user));
	const names = see(serviceLog, database).events.flatMap(({severity, text, detail}) => {
		const refused =
			severity === 'FATAL' && /password authentication failed|does not exist|no pg_hba\.conf entry/.test(text);
		const name = refused ? tried.exec(text)?.[1] : undefined;
		const unknown = /role "[^"]+" does not exist/.test(text) || /Role "[^"]+" does not exist/.test(detail ?? '');
		return name !== undefined && unknown && !own.has(name) ? [name] : [];
	});
	const distinct = [...new Set(names)].sort();
	return distinct.length >= fewestStrangers ? distinct : [];
}

export function exposureOf(see: See, scope: ClientScope): Exposure {
	const {database, credential} = scope;
	const nothing: Exposure = {open: [], defaultPassword: false, notes: [], strangers: []};
	if (isExternal(see) || !isRunning(see, database)) return nothing;
	const open = (serviceNamed(see, database)?.ports ?? []).filter(
		({hostAddress, hostPort}) => hostPort > 0 && everywhere.includes(hostAddress),
	);
	const databases = (catalogOf(see, database)?.databases ?? []).flatMap(({name}) =>
		isRansomNote(name) ? [{name, source: 'database-catalog'}] : [],
	);
	if (open.length === 0) return {...nothing, notes: databases};
	const defaultPassword =
		credential.shape?.wellKnown === true && proofOf(see, database, credential.id)?.verdict === 'fits';
	const tables = catalogOf(see, database)
		? see(intruderSigns, database).map(({table: name}) => ({name, source: 'intruder-signs'}))
		: [];
	return {open, defaultPassword, notes: [...databases, ...tables], strangers: strangersAt(see, database)};
}
