import type {ClientCredential} from '../core/deployment.ts';
import type {See} from '../core/probe.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {messageNamed} from '../messages/index.ts';
import {clientCredentials} from './client-credentials.ts';
import {clusterFiles} from './cluster-files.ts';
import {dataDirectory} from './data-directory.ts';
import {databaseReadiness} from './database-readiness.ts';
import {deploymentState} from './deployment-state.ts';
import {type EarlierPlace, earlierData} from './earlier-data.ts';
import {firstStart} from './first-start.ts';
import {type InitScripts, initFolder, initScripts} from './init-scripts.ts';
import {catalogOf, clients, databases, isExternal, isRunning, serviceNamed} from './looks.ts';
import {type LogEvent, serviceLog} from './service-log.ts';
import type {OtherServer} from './shared-data.ts';

// Pure readings about how a server starts, shared by the chapter and its diagnoses.

/** The latest event that says this, in the present run, or in the one that has just ended while the server is between two crashes. */
export const saidAtStart = (see: See, database: string, message: string): LogEvent | null => {
	const {says} = messageNamed(message);
	const {lastWords = [], events} = see(serviceLog, database);
	return [...lastWords, ...events].findLast(({text, detail}) => says.test(detail ? `${text} ${detail}` : text)) ?? null;
};

/** Nothing was initialised yet, and the image will not do it without a password (its entrypoint's own rule). */
export function needsPassword(see: See, database: string): boolean {
	if (see(dataDirectory, database).majorVersion !== null) return false;
	if (serviceNamed(see, database)?.variables.includes('POSTGRES_HOST_AUTH_METHOD')) return false;
	return see(clientCredentials)
		.filter(({purpose, service}) => purpose === 'initial' && service === database)
		.every(({passwordFrom}) => passwordFrom === 'none');
}

/** An image of 18 or later with a mount where the images before kept their data (its entrypoint's own rule). */
export function oldLayout(see: See, database: string): boolean {
	const {imageMajor, path} = see(dataDirectory, database);
	const old = '/var/lib/postgresql/data';
	return (
		Number(imageMajor ?? 0) >= 18 &&
		/^\/var\/lib\/postgresql\/\d+\/docker$/.test(path) &&
		(serviceNamed(see, database)?.mounts.some(({destination}) => destination === old) ?? false)
	);
}

/** Other servers on the same files, while this one runs too or has just been thrown out by them. */
export function rivals(see: See, database: string): OtherServer[] {
	if (isExternal(see)) return [];
	const service = serviceNamed(see, database);
	if (!service || service.status === 'missing' || service.status === 'created') return [];
	const {otherServers} = see(dataDirectory, database);
	if (otherServers.length === 0) return [];
	const alive = ['running', 'paused', 'restarting'].includes(service.status);
	return alive || saidAtStart(see, database, 'lock-file-of-another') ? otherServers : [];
}

/** Two services of one deployment on one directory are one finding: the first of them tells it. */
export const toldBefore = (see: See, database: string): boolean => {
	const all = databases(see);
	const project = see(deploymentState).project;
	return rivals(see, database).some(
		other =>
			other.project === project &&
			other.service !== null &&
			all.includes(other.service) &&
			all.indexOf(other.service) < all.indexOf(database),
	);
};

/** How a first start broke off, as the files tell: what the next start finds. */
export type HalfMade = 'no-control-file' | 'no-relation-map' | 'not-opened';

/** A start that broke off lies within minutes of PG_VERSION; files that went missing later are another matter. */
const initdbAtMost = 3600;

/** The bootstrap of initdb was cut short. */
export function bootstrapBroke(see: See, database: string): HalfMade | null {
	if (see(dataDirectory, database).majorVersion === null) return null;
	const {controlFile, relationMap, grewFor, livedFor} = see(clusterFiles, database);
	if (!controlFile) return (livedFor ?? 0) <= initdbAtMost ? 'no-control-file' : null;
	return !relationMap && (grewFor ?? 0) <= initdbAtMost ? 'no-relation-map' : null;
}

/** The control file of a directory that was at work for long is gone. */
export function controlFileLost(see: See, database: string): boolean {
	if (see(dataDirectory, database).majorVersion === null) return false;
	const {controlFile, livedFor} = see(clusterFiles, database);
	return !controlFile && (livedFor ?? 0) > initdbAtMost;
}

const anybodyIll = (see: See): boolean => {
	const deployment = see(deploymentState);
	return symptomsOf(deployment, new Map(), Date.parse(deployment.observedAt)).length > 0;
};

/** The database that the first start should have made. */
export const initialDatabase = (see: See, database: string): string | null =>
	see(clientCredentials).find(({purpose, service}) => purpose === 'initial' && service === database)?.database || null;

/** A server that runs on what a broken first start left: complete to look at, but never opened to the network, and without its database. */
function neverOpened(see: See, database: string): boolean {
	const name = initialDatabase(see, database);
	const catalog = catalogOf(see, database);
	if (!name || !catalog) return false;
	const has = (wanted: string): boolean => catalog.databases.some(({name}) => name === wanted);
	return (!has(name) || !has('postgres')) && see(clusterFiles, database).admitsOthers === false;
}

export type Missing = InitScripts['makes'][number] & {wantedBy: string | null};

const word = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What the init scripts make, what is not there, and what somebody asks for all the same. */
export function missedObjects(see: See, database: string): Missing[] {
	const wants = clients(see).filter(scope => scope.database === database);
	return see(initScripts, database).makes.flatMap((object): Missing[] => {
		if (object.exists !== false) return [];
		const client = wants.find(({credential}) =>
			object.kind === 'role'
				? credential.user === object.name
				: object.kind === 'database' && credential.database === object.name,
		);
		const asked = new RegExp(`"(?:[^".]+\\.)?${word(object.name)}" does not exist`, 'i');
		const event = see(serviceLog, database).events.find(({text, detail}) => asked.test(`${text} ${detail ?? ''}`));
		return client || event ? [{...object, wantedBy: client?.credential.service ?? null}] : [];
	});
}

/** What is wrong with the first start of a server that runs and accepts connections; null when nothing is, as far as anybody misses it. */
export function firstStartGap(
	see: See,
	database: string,
): {kind: HalfMade} | {kind: 'script-failed' | 'scripts-skipped'; missing: Missing[]} | null {
	if (isExternal(see) || !isRunning(see, database)) return null;
	const ill = anybodyIll(see);
	const mounted = serviceNamed(see, database)?.mounts.some(({destination}) => destination.startsWith(initFolder));
	if (!ill && !mounted) return null;
	if (see(databaseReadiness, database).state !== 'accepting') return null;
	if (ill) {
		const broke = bootstrapBroke(see, database);
		if (broke) return {kind: broke};
		if (neverOpened(see, database)) return {kind: 'not-opened'};
	}
	const missing = missedObjects(see, database);
	if (missing.length === 0) return null;
	const first = see(firstStart, database);
	if (first.seen) return first.finished === false ? {kind: 'script-failed', missing} : null;
	return {kind: 'scripts-skipped', missing};
}

/** Whether what a first start left out is what this client is refused for. */
export function startExplains(see: See, database: string, {user, database: wanted}: ClientCredential): boolean {
	const gap = firstStartGap(see, database);
	if (gap === null) return false;
	return 'missing' in gap
		? gap.missing.some(({kind, name}) => (kind === 'role' && name === user) || (kind === 'database' && name === wanted))
		: true;
}

/** Rows below which a database counts as empty: an application's own migrations and its first account write a few. */
const nextToNothing = 200;

/** The older data that the deployment left behind, while what it works on holds next to nothing. Another major version is an upgrade. */
export function leftBehind(see: See, database: string): EarlierPlace[] {
	const {majorVersion, initialisedAt} = see(dataDirectory, database);
	const {places, rows} = see(earlierData, database);
	if (majorVersion === null || rows === null || rows > nextToNothing) return [];
	return places.filter(
		place =>
			(place.majorVersion === null || place.majorVersion === majorVersion) &&
			(place.initialisedAt === null || initialisedAt === null || place.initialisedAt < initialisedAt),
	);
}
