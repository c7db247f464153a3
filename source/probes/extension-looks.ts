import type {See} from '../core/probe.ts';
import {type Contents, contentsOf, isIll, saidAll} from './data-looks.ts';
import {type ExtensionOffer, extensionOffer} from './extension-offer.ts';
import {catalogOf} from './looks.ts';
import type {LogEvent} from './service-log.ts';

/**
 * `not-in-image`: the server has no files of it. `files-gone`: the database has it and the server's files are of another image.
 * `not-created`: the files are there and nobody ran `create extension` in the client's database. `denied`: somebody tried and may not.
 */
export type ExtensionTrouble = {
	name: string;
	kind: 'not-in-image' | 'files-gone' | 'not-created' | 'denied';
	databases: string[];
	/** Services that use those databases, and the roles they use. */
	services: string[];
	roles: string[];
	event: LogEvent | null;
	/** Whether only a superuser may create it. */
	superuser: boolean;
};

/** What an object that was asked for in vain belongs to: names that the extensions' own scripts give. */
const objects: readonly [RegExp, string][] = [
	[/type "(?:public\.)?(?:vector|halfvec)"|operator class "vector_/i, 'vector'],
	[/type "(?:public\.)?citext"/i, 'citext'],
	[/type "(?:public\.)?hstore"/i, 'hstore'],
	[/type "(?:public\.)?ltree"/i, 'ltree'],
	[/type "(?:public\.)?(?:geometry|geography)"|function (?:public\.)?st_/i, 'postgis'],
	[/function (?:public\.)?uuid_generate_v/i, 'uuid-ossp'],
	[/function (?:public\.)?(?:gen_random_bytes|gen_salt|digest)\(/i, 'pgcrypto'],
	[/function (?:public\.)?unaccent\(/i, 'unaccent'],
	[/operator class "(?:gin|gist)_trgm_ops"|function (?:public\.)?(?:word_)?similarity\(/i, 'pg_trgm'],
];

const named =
	/extension "([^"]+)"|extension control file "[^"]*?([^"/]+)\.control"|access file "\$libdir\/([^"]+?)(?:-\d[\d.]*)?"/i;

/** The extension that an event is about. */
export function extensionIn({text, detail}: Pick<LogEvent, 'text' | 'detail'>): string | null {
	const words = `${text} ${detail ?? ''}`;
	const match = named.exec(words);
	return match?.[1] ?? match?.[2] ?? match?.[3] ?? objects.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

const complaintsOf = (see: See, service: string): LogEvent[] =>
	['extension-not-available', 'extension-denied'].flatMap(message => saidAll(see, service, message));

type Want = {name: string; denied: boolean; event: LogEvent};

/** Extensions that somebody asked the server for in vain, the newest time of each. */
function wantsOf(see: See, database: string): Want[] {
	if (database === '') return [];
	const wants = new Map<string, Want>();
	for (const event of complaintsOf(see, database)) {
		const name = extensionIn(event);
		if (name) wants.set(name, {name, denied: /permission denied to create extension/.test(event.text), event});
	}
	return [...wants.values()];
}

const has = ({content}: Contents, name: string): boolean =>
	content.extensions.some(extension => extension.name === name);

/** Services of these databases that fail, or that complain about the extension themselves. */
function sufferers(see: See, databases: readonly Contents[], name: string): string[] {
	const complains = (service: string): boolean => complaintsOf(see, service).some(event => extensionIn(event) === name);
	const all = databases.flatMap(({users}) => users.map(({credential}) => credential.service));
	return [...new Set(all)].filter(service => service !== '' && (isIll(see, service) || complains(service)));
}

function troubleOf(see: See, database: string, all: readonly Contents[], want: Want): ExtensionTrouble[] {
	const lacking = all.filter(one => !has(one, want.name));
	const services = sufferers(see, lacking, want.name);
	const hit = lacking.filter(({users}) => users.some(({credential}) => services.includes(credential.service)));
	// It was created since, or a person tried something by hand.
	if (hit.length === 0) return [];
	const offer: ExtensionOffer | undefined = see(extensionOffer, database).find(({name}) => name === want.name);
	const roles = [...new Set(hit.flatMap(({users}) => users.map(({credential}) => credential.user)))];
	const trouble = {
		name: want.name,
		databases: hit.map(({name}) => name),
		services,
		roles,
		event: want.event,
		superuser: offer?.superuser === true && !offer.trusted,
	};
	if (!offer) return [{...trouble, kind: 'not-in-image'}];
	if (!want.denied) return [{...trouble, kind: 'not-created'}];
	const mayCreate = ({content}: Contents, role: string): boolean =>
		catalogOf(see, database)?.roles.find(({name}) => name === role)?.superuser === true ||
		(!trouble.superuser && content.creators.some(creator => creator.role === role && creator.inDatabase));
	const forbidden = hit.some(one => one.users.some(({credential}) => !mayCreate(one, credential.user)));
	return [{...trouble, kind: forbidden ? 'denied' : 'not-created'}];
}

/** Everything that is wrong with the extensions that the clients of a server want. */
export function extensionTroubles(see: See, database: string): ExtensionTrouble[] {
	const all = contentsOf(see, database);
	const gone = new Map<string, ExtensionTrouble>();
	for (const {name: where, users, content} of all)
		for (const {name, available} of content.extensions) {
			if (available) continue;
			const services = users.map(({credential}) => credential.service).filter(Boolean);
			const roles = users.map(({credential}) => credential.user);
			const known = gone.get(name);
			gone.set(name, {
				...{name, kind: 'files-gone', event: null, superuser: false},
				databases: [...(known?.databases ?? []), where],
				services: [...new Set([...(known?.services ?? []), ...services])],
				roles: [...new Set([...(known?.roles ?? []), ...roles])],
			});
		}
	const wanted = wantsOf(see, database).filter(({name}) => !gone.has(name));
	return [...gone.values(), ...wanted.flatMap(want => troubleOf(see, database, all, want))];
}
