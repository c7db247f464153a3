import type {DatabaseContent} from '../core/database-content.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {type Holder, type LockSession, rootBlockers, type ServerHealth, type Slot} from '../core/server-health.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {together} from '../core/together.ts';
import {messageNamed} from '../messages/index.ts';
import {type CollationVersion, collationVersions} from './collation-versions.ts';
import {contentOf, databaseContent} from './database-content.ts';
import {databaseReadiness} from './database-readiness.ts';
import {deploymentState} from './deployment-state.ts';
import {type ClientScope, catalogOf, clients, databaseName, isExternal, isRunning, services} from './looks.ts';
import {serverHealth} from './server-health.ts';
import {type LogEvent, serviceLog} from './service-log.ts';

// Pure readings for the chapter about what is in the database, shared by its questions and its diagnoses.

/** The server's health; null when it gave another answer. */
export function healthOf(see: See, database: string): ServerHealth | null {
	const reading = see(serverHealth, database);
	return reading.kind === 'read' ? reading.health : null;
}

/** Why nothing can be asked about a server's data, or null. */
export function cannotAsk(see: See, database: string): Text | null {
	const name = databaseName(see, database);
	if (!isRunning(see, database)) return say(`${name} does not run`, `${name} 未运行`);
	if (see(databaseReadiness, database).state !== 'accepting')
		return say(`${name} does not accept logins yet`, `${name} 尚不接受登录`);
	switch (see(serverHealth, database).kind) {
		case 'socket-denied':
			return say(`The local socket of ${name} asks for a password`, `${name} 的本地套接字要求密码`);
		case 'not-running':
			return say(`${name} stopped while it was asked`, `${name} 在查询期间停止了`);
		default:
			return null;
	}
}

/** Events since a service's last start; an external database has no log at hand. */
export const eventsOf = (see: See, service: string): LogEvent[] =>
	service === '' ? [] : see(serviceLog, service).events;

const whole = ({text, detail}: LogEvent): string => (detail ? `${text} ${detail}` : text);

/** What a service said since its last start in one of the catalogue's sentences, oldest first. */
export function saidAll(see: See, service: string, message: string): LogEvent[] {
	const {says} = messageNamed(message);
	return eventsOf(see, service).filter(event => says.test(whole(event)));
}

/** Whether a service visibly fails now. */
export function isIll(see: See, service: string): boolean {
	if (isExternal(see)) return false;
	const deployment = see(deploymentState);
	return symptomsOf(deployment, new Map(), Date.parse(deployment.observedAt)).some(
		symptom => symptom.service === service,
	);
}

/** Whether something happened within so many minutes before the deployment was looked at. */
export const within = (see: See, at: string, minutes: number): boolean =>
	isExternal(see) || Date.parse(see(deploymentState).observedAt) - Date.parse(at) < minutes * 60_000;

/** The service that has an address; null for anything outside. */
export const serviceAt = (see: See, address: string | null): string | null =>
	address === null
		? null
		: (services(see).find(({networks}) => networks.some(network => network.address === address))?.service ?? null);

/** Who a session belongs to, as a person would call it. */
export function sessionName(see: See, {role, address, application}: Holder | LockSession): string {
	const from = serviceAt(see, address) ?? address ?? 'the local socket';
	const program = application ? ` (${application})` : '';
	return `${role ?? 'PostgreSQL'}@${from}${program}`;
}

/** Databases of a server that its clients use and that are there, each with the services that use it. */
export function clientDatabases(see: See, database: string): {name: string; users: ClientScope[]}[] {
	const there = catalogOf(see, database)?.databases.filter(({allowConnections}) => allowConnections) ?? [];
	const own = clients(see).filter(scope => scope.database === database);
	return there.flatMap(({name}) => {
		const users = own.filter(({credential}) => credential.database === name);
		return users.length > 0 ? [{name, users}] : [];
	});
}

export type Contents = {name: string; users: ClientScope[]; content: DatabaseContent};

/** What is in each database that a client uses. */
export const contentsOf = (see: See, database: string): Contents[] =>
	together(
		clientDatabases(see, database).map(({name, users}) => () => ({
			name,
			users,
			content: see(databaseContent, contentOf(database, name)),
		})),
	);

/** What is in a client's own database; null when it is not there. */
export const contentFor = (see: See, {database, credential}: ClientScope): DatabaseContent | null =>
	clientDatabases(see, database).some(({name}) => name === credential.database)
		? see(databaseContent, contentOf(database, credential.database))
		: null;

export type Room = 'yes' | 'only-reserved' | 'full' | 'ran-out';

/**
 * Whether a client gets a connection. One that opens more than there are, fails and starts again leaves room between two crashes:
 * its own words count then.
 */
export function roomOf(see: See, database: string): Room {
	const reading = see(serverHealth, database);
	if (reading.kind === 'full') return 'full';
	if (reading.kind !== 'read') return 'yes';
	const {connections, maxConnections, reservedConnections} = reading.health;
	if (connections >= maxConnections - reservedConnections) return 'only-reserved';
	return refusedClients(see, database).length > 0 ? 'ran-out' : 'yes';
}

/** Services that fail now and say that no connection was left for them. */
export const refusedClients = (see: See, database: string): string[] => [
	...new Set(
		clients(see)
			.filter(scope => scope.database === database)
			.map(({credential}) => credential.service)
			.filter(service => service !== '' && isIll(see, service) && saidAll(see, service, 'slots-used-up').length > 0),
	),
];

/** A wait that is shorter belongs to every busy server. Seconds. */
const longWait = 5;

/** Sessions that keep others waiting for long. */
export const blockersOf = (see: See, database: string): ReturnType<typeof rootBlockers> => {
	const health = healthOf(see, database);
	return health ? rootBlockers(health).filter(({longest}) => longest >= longWait) : [];
};

/**
 * Slots whose consumer is gone and that keep more than the server would keep for itself, or that are lost. Where
 * `max_slot_wal_keep_size` bounds them they can't fill the disk, so only those near that bound count.
 */
export function idleSlots(see: See, database: string): Slot[] {
	const health = healthOf(see, database);
	if (!health) return [];
	return health.slots.filter(
		({active, status, retained}) =>
			status === 'lost' ||
			status === 'unreserved' ||
			(!active && health.slotLimit === null && retained !== null && retained > health.maxWalSize),
	);
}

/** Databases whose sorting rules are not those they were made with, and the collations inside them. */
export function changedCollations(
	see: See,
	database: string,
): {databases: CollationVersion[]; unrecorded: CollationVersion[]; inside: {database: string; name: string}[]} {
	const recent = (catalogOf(see, database)?.versionNumber ?? 0) >= 150_000;
	const versions = recent ? see(collationVersions, database) : [];
	return {
		databases: versions.filter(({recorded, actual}) => recorded !== null && recorded !== actual),
		// The C library of the alpine images tells no version, any other one does: made there, run here.
		unrecorded: versions.filter(({recorded, actual}) => recorded === null && actual !== null),
		inside: contentsOf(see, database).flatMap(({name, content}) =>
			content.collations.map(collation => ({database: name, name: collation.name})),
		),
	};
}
