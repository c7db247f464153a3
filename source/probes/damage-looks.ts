import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {together} from '../core/together.ts';
import {eventsOf, healthOf, saidAll, within} from './data-looks.ts';
import type {LogEvent} from './service-log.ts';
import {pageOf, type StoredPage, storedPage} from './stored-page.ts';

/** How the server names a page that it could not use (PostgreSQL's bufmgr.c, md.c). */
const places = [
	/invalid page in block (?<block>\d+) of relation (?<path>\S+?)[;,]?(?:\s|$)/,
	/could not read blocks? (?<block>\d+)[\d.]* in file "(?<path>[^"]+)"/,
];

/** One read per place and look; whoever scans a damaged table complains about the same page again and again. */
const mostPages = 4;
const aWeek = 7 * 24 * 60;

export type Complaint = {path: string; block: number; event: LogEvent};

/** Pages that the server complained about since its last start, the newest complaint of each. */
export function complaints(see: See, database: string): Complaint[] {
	const found = new Map<string, Complaint>();
	for (const event of eventsOf(see, database))
		for (const place of places) {
			const {path, block} = place.exec(event.text)?.groups ?? {};
			// Maps of free space and visibility are made anew by the server itself.
			if (!path || !block || /_(?:fsm|vm)(?:\.\d+)?$/.test(path)) continue;
			found.set(pageOf(database, path, Number(block)), {path, block: Number(block), event});
		}
	return [...found.values()].slice(-mostPages);
}

export type DamagedPage = {page: StoredPage; event: LogEvent};

const isBad = ({state, relation}: StoredPage): boolean =>
	state === 'gone' ? relation !== null : state !== 'sound' && state !== 'empty';

/** The pages that were complained about as they lie on disk now; null for one that could not be read. */
const looksAt = (see: See, database: string): {page: StoredPage | null; event: LogEvent}[] =>
	together(
		complaints(see, database).map(({path, block, event}) => () => ({
			page: ifKnown(() => see(storedPage, pageOf(database, path, block))),
			event,
		})),
	);

/** Those of them that are damaged: a table that was dropped or restored since is history. */
export const damagedPages = (see: See, database: string): DamagedPage[] =>
	looksAt(see, database).flatMap(({page, event}) => (page && isBad(page) ? [{page, event}] : []));

/** Complaints about pages that could not be read to see whether they still hold. */
export const openComplaints = (see: See, database: string): LogEvent[] =>
	looksAt(see, database).flatMap(({page, event}) => (page ? [] : [event]));

/** Words that a sound server says as well: about catalogs that change meanwhile, or about a client's own demand. */
const harmless = /concurrently|already updated|cache lookup|memory alloc|with OID|attribute number|could not find/;

/** Complaints that name no page, and so can't be checked. */
export const otherComplaints = (see: See, database: string): LogEvent[] =>
	database === ''
		? []
		: ['tuple-broken', 'index-broken', 'relation-file-missing']
				.flatMap(message => saidAll(see, database, message))
				.filter(({at, text, severity}) => severity !== 'LOG' && !harmless.test(text) && within(see, at, 24 * 60));

/** Databases whose counters tell of failed checksums within a week. */
export const countedFailures = (see: See, database: string): {name: string; failures: number; at: string}[] =>
	(healthOf(see, database)?.databases ?? []).flatMap(({name, failures, failedAt}) =>
		failures !== null && failures > 0 && failedAt !== null && within(see, failedAt, aWeek)
			? [{name, failures, at: failedAt}]
			: [],
	);

export function damageOf(see: See, database: string): 'sound' | 'damaged' | 'suspected' {
	if (damagedPages(see, database).length > 0) return 'damaged';
	if (openComplaints(see, database).length + otherComplaints(see, database).length > 0) return 'suspected';
	// The counter stays when the damage is repaired: pages that were complained about and are sound now have answered for it.
	return complaints(see, database).length === 0 && countedFailures(see, database).length > 0 ? 'suspected' : 'sound';
}
