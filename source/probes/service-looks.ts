import type {ServiceState} from '../core/deployment.ts';
import type {Scope, Symptom} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {type CacheClient, cacheClients} from './cache-clients.ts';
import {type CacheState, type CacheVerdict, cacheState} from './cache-state.ts';
import {deploymentState} from './deployment-state.ts';
import {canLook, isExternal, said, serviceNamed, services} from './looks.ts';

// Pure readings over several facts about everything that is no database.

export type ServiceScope = Scope & {subject: string};
/** @property server the redis service that the login leads to, or null when its host leads to none */
export type CacheScope = ServiceScope & {client: CacheClient; server: string | null};

/** What is visibly wrong with a service by its container alone, without its log. */
export function illnessOf(see: See, service: string): Symptom | null {
	const deployment = see(deploymentState);
	const ill = symptomsOf(deployment, new Map(), Date.parse(deployment.observedAt));
	return ill.find(symptom => symptom.service === service) ?? null;
}

export const isCache = ({role, image}: ServiceState): boolean => role === 'cache' && !/memcached/i.test(image);
export const isNginx = ({role, image}: ServiceState): boolean => role === 'proxy' && /nginx|openresty/i.test(image);

export const serviceScopes = (see: See, which: (service: ServiceState) => boolean): ServiceScope[] =>
	isExternal(see) ? [] : services(see).flatMap(state => (which(state) ? [{subject: state.service}] : []));

/** One scope for each login to a redis; none without an engine. */
export const cacheScopes = (see: See): CacheScope[] =>
	!canLook(see) || isExternal(see)
		? []
		: see(cacheClients).map(client => {
				const {leadsTo} = client;
				const named = leadsTo.kind === 'service' || leadsTo.kind === 'other-network' ? leadsTo.service : null;
				const state = named === null ? null : serviceNamed(see, named);
				return {subject: client.service, client, server: state && isCache(state) ? state.service : null};
			});

/** What redis said to this login; null while it does not answer. */
export function cacheProof(
	see: See,
	{client, server}: CacheScope,
): {verdict: CacheVerdict; says: string | null} | null {
	if (server === null) return null;
	const state = see(cacheState, server);
	return state.state === 'answers' ? (state.proofs.find(proof => proof.client === client.id) ?? null) : null;
}

export const answering = (see: See, server: string): Extract<CacheState, {state: 'answers'}> | null => {
	const state = see(cacheState, server);
	return state.state === 'answers' ? state : null;
};

const complaints = ['redis-refuses-login', 'redis-refused'];

/** Whether a service suffers from its redis: it is ill, or says so itself. Variables that nobody reads harm nobody. */
export const suffers = (see: See, service: string): boolean =>
	illnessOf(see, service) !== null || complaints.some(message => said(see, service, message) !== null);

/** The latest line of a service that complains about its redis. */
export const complaintOf = (see: See, service: string) =>
	complaints.map(message => said(see, service, message)).find(event => event !== null) ?? null;
