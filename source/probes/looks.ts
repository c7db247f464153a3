import type {Catalog, RoleRow} from '../core/catalog.ts';
import type {ClientCredential, ServiceState} from '../core/deployment.ts';
import type {Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {messageNamed} from '../messages/index.ts';
import {clientCredentials} from './client-credentials.ts';
import {databaseCatalog} from './database-catalog.ts';
import {deploymentState} from './deployment-state.ts';
import {deploymentTarget} from './deployment-target.ts';
import {engineInfo} from './engine-info.ts';
import {type CredentialProof, passwordProof} from './password-proof.ts';
import {type LogEvent, serviceLog} from './service-log.ts';

// Pure readings over several facts, shared by the chapters of the tree and by the diagnoses.

export type DatabaseScope = Scope & {database: string};
export type ClientScope = Scope & {database: string; credential: ClientCredential};

export const isExternal = (see: See): boolean => see(deploymentTarget).kind === 'database';

/** False when there is an engine to ask and it does not answer: nothing else can be asked then. */
export const canLook = (see: See): boolean => isExternal(see) || see(engineInfo).status === 'up';

export const services = (see: See): ServiceState[] => (canLook(see) ? see(deploymentState).services : []);

export const serviceNamed = (see: See, name: string): ServiceState | null =>
	services(see).find(({service}) => service === name) ?? null;

/** Service names of the database servers; `['']` for an external database. */
export const databases = (see: See): string[] =>
	isExternal(see) ? [''] : services(see).flatMap(({role, service}) => (role === 'database' ? [service] : []));

export const databaseName = (see: See, database: string): string => {
	const target = see(deploymentTarget);
	return target.kind === 'database' ? `${target.host}:${target.port}` : database;
};

/** The server that a credential means: by its host name, or the only one there is when the name leads nowhere. */
export function databaseOf(see: See, credential: ClientCredential): string | null {
	if (isExternal(see)) return '';
	const {leadsTo} = credential;
	const all = databases(see);
	if (leadsTo.kind === 'service' || leadsTo.kind === 'other-network')
		return all.includes(leadsTo.service) ? leadsTo.service : null;
	return leadsTo.kind !== 'outside' && all.length === 1 ? (all[0] ?? null) : null;
}

/** One scope for each credential that a client logs in with. */
export const clients = (see: See): ClientScope[] =>
	canLook(see)
		? see(clientCredentials)
				.filter(({purpose}) => purpose === 'client')
				.flatMap(credential => {
					const database = databaseOf(see, credential);
					return database === null ? [] : [{subject: credential.service || null, database, credential}];
				})
		: [];

export const isRunning = (see: See, database: string): boolean =>
	isExternal(see) || serviceNamed(see, database)?.status === 'running';

export const proofOf = (see: See, database: string, credential: string): CredentialProof | null =>
	see(passwordProof, database).proofs.find(proof => proof.credential === credential) ?? null;

/** False for a URL that nobody could follow to a server: the project chapter names it. A client that is logged in reads it all the same. */
export const isReadable = (see: See, {database, credential}: ClientScope): boolean =>
	credential.urlProblem === null ||
	(isRunning(see, database) && proofOf(see, database, credential.id)?.verdict === 'fits');

/** Whether a client's route ends at the port where its server listens; null where that can't be told without a connection. */
export function portFits(see: See, {database, credential}: ClientScope): boolean | null {
	if (isExternal(see)) return true;
	const catalog = catalogOf(see, database);
	return catalog ? catalog.port === credential.port : null;
}

/** The catalog, or null when the server does not talk over its local socket. */
export function catalogOf(see: See, database: string): Catalog | null {
	const reading = see(databaseCatalog, database);
	return reading.kind === 'read' ? reading.catalog : null;
}

export const roleOf = (see: See, {database, credential}: ClientScope): RoleRow | null =>
	catalogOf(see, database)?.roles.find(({name}) => name === credential.user) ?? null;

/** Another server of the deployment where this credential's password fits. */
export const fitsElsewhere = (see: See, {database, credential}: ClientScope): string | null =>
	databases(see).find(
		other => other !== database && isRunning(see, other) && proofOf(see, other, credential.id)?.verdict === 'fits',
	) ?? null;

/** Credentials of the same server and role, the server's own initial one included. */
export const siblings = (see: See, {database, credential}: ClientScope): ClientCredential[] =>
	see(clientCredentials).filter(
		other =>
			other.id !== credential.id &&
			other.user === credential.user &&
			(other.purpose === 'initial' ? other.service === database : databaseOf(see, other) === database),
	);

/** What a client's diagnosis hands to its fixes. */
export const handOver = ({database, credential}: ClientScope): Record<string, unknown> => ({
	database,
	credential: credential.id,
	service: credential.service,
	user: credential.user,
	host: credential.host,
	port: credential.port,
	databaseName: credential.database,
	variable: credential.variables.password ?? credential.variables.url,
});

/** The latest event of a service's log, since its last start, that says this; null when it never did. */
export const said = (see: See, service: string, message: string): LogEvent | null => {
	const {says} = messageNamed(message);
	return (
		see(serviceLog, service).events.findLast(({text, detail}) => says.test(detail ? `${text} ${detail}` : text)) ?? null
	);
};
