import type {Bookkeeping} from '../core/database-content.ts';
import {findRelation} from '../core/database-content.ts';
import type {See} from '../core/probe.ts';
import {stackById} from '../stacks/index.ts';
import {contentFor, isIll, saidAll, within} from './data-looks.ts';
import {deploymentState} from './deployment-state.ts';
import {deploymentTarget} from './deployment-target.ts';
import {extensionTroubles} from './extension-looks.ts';
import {type ClientScope, isExternal, proofOf, said, serviceNamed} from './looks.ts';
import {migrationFiles} from './migration-files.ts';
import type {LogEvent} from './service-log.ts';

/** A complaint of a client that runs is news for so long. Minutes. */
const news = 10;
/** Migrations of a container that has just started may still run. */
const migrating = 5 * 60_000;

/** PostgreSQL's own words, and Prisma's. */
const absent = /relation \\?"([^"\\]+)\\?" does not exist|table `([^`]+)` does not exist in the current database/i;

function nameIn({text}: LogEvent): string | null {
	const [, own, prisma] = absent.exec(text) ?? [];
	return own ?? prisma ?? null;
}

/** What a client itself said, while it fails or said it just now. Its log is read only when the server's tells of such a thing. */
function ownWords(see: See, {database, credential}: ClientScope, message: string): LogEvent[] {
	const {service} = credential;
	if (service === '' || isExternal(see)) return [];
	const ill = isIll(see, service);
	if (!ill && saidAll(see, database, message).length === 0) return [];
	return saidAll(see, service, message).filter(({at}) => ill || within(see, at, news));
}

export type MissingRelation = {name: string; event: LogEvent; where: 'missing' | {schema: string}};

/** Relations that a client asks for and that are not where it looks. Those that exist by now are history. */
export function missingRelations(see: See, scope: ClientScope): MissingRelation[] {
	const {database, credential} = scope;
	const own = ownWords(see, scope, 'relation-unknown');
	const inServersLog = (): LogEvent[] =>
		database !== '' && isIll(see, credential.service) ? saidAll(see, database, 'relation-unknown') : [];
	const content = own.length > 0 || inServersLog().length > 0 ? contentFor(see, scope) : null;
	if (!content) return [];
	// A client that does not print why it fails: only an empty database makes the server's log speak of it.
	const events = own.length > 0 ? own : content.relations.length === 0 ? inServersLog() : [];
	const found = new Map<string, MissingRelation>();
	for (const event of events) {
		const name = nameIn(event);
		if (!name) continue;
		const where = findRelation(content, name);
		if (where !== 'exists' && where !== 'unknown') found.set(name, {name, event, where});
	}
	return [...found.values()];
}

/** The client's complaint that it may not use or make anything in a schema, while its role really may not. */
export function schemaDenied(see: See, scope: ClientScope): {schema: string; event: LogEvent} | null {
	const denied = /permission denied for schema "?([^\s"',]+)/i;
	const event = ownWords(see, scope, 'object-denied').findLast(({text}) => denied.test(text));
	const schema = event && denied.exec(event.text)?.[1];
	if (!event || !schema) return null;
	const creator = contentFor(see, scope)?.creators.find(({role}) => role === scope.credential.user);
	return schema === 'public' && creator?.inPublic === false ? {schema, event} : null;
}

export type MigrationTrouble =
	/** A migration tool's own table says that something was not finished. */
	| {kind: 'unfinished'; book: Bookkeeping; event: LogEvent | null}
	/** The database was migrated by a newer version of the application than runs. */
	| {kind: 'ahead'; stands: string[]; heads: string[]; event: LogEvent | null}
	/** The application brings migrations that the database has not got. */
	| {kind: 'behind'; stands: string[]; heads: string[]; event: LogEvent | null}
	/** Only the log says so. */
	| {kind: 'says-so'; event: LogEvent};

/** Compares Alembic's mark in the database with the migrations inside the image. */
function alembicTrouble(see: See, scope: ClientScope): MigrationTrouble | null {
	const {service} = scope.credential;
	const target = see(deploymentTarget);
	if (target.kind !== 'compose' || stackById(target.stack).migrations?.service !== service) return null;
	const stands = (contentFor(see, scope)?.bookkeeping ?? [])
		.filter(({tool}) => tool === 'alembic')
		.map(({version}) => version);
	const files = stands.length > 0 ? see(migrationFiles, service) : null;
	if (!files) return null;
	const {all, heads} = files;
	const event = () => said(see, service, 'migration-error');
	if (stands.some(version => !all.includes(version))) return {kind: 'ahead', stands, heads, event: event()};
	if (heads.every(head => stands.includes(head))) return null;
	const state = serviceNamed(see, service);
	const age = state?.startedAt ? Date.parse(see(deploymentState).observedAt) - Date.parse(state.startedAt) : 0;
	const failed = event();
	return failed || age > migrating ? {kind: 'behind', stands, heads, event: failed} : null;
}

/** What a client's migrations left behind; null when they are done, or when something else explains why they are not. */
export function migrationTrouble(see: See, scope: ClientScope): MigrationTrouble | null {
	const {database, credential} = scope;
	if (credential.service === '') return null;
	const alembic = alembicTrouble(see, scope);
	if (alembic) return alembic;
	// A migration that runs now looks the same in the tools' tables as one that was cut off: only a client that fails tells them apart.
	if (!isIll(see, credential.service)) return null;
	const event = said(see, credential.service, 'migration-error');
	const book = contentFor(see, scope)?.bookkeeping.find(({state}) => state !== 'at');
	if (book) return {kind: 'unfinished', book, event};
	if (!event || proofOf(see, database, credential.id)?.verdict !== 'fits') return null;
	const explained =
		schemaDenied(see, scope) !== null ||
		extensionTroubles(see, database).some(({services}) => services.includes(credential.service));
	return explained ? null : {kind: 'says-so', event};
}
