import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {all, asking, chapter, leaf, nothing} from '../core/walk.ts';
import {appServiceFailing} from '../diagnoses/app-service-failing.ts';
import {dependencyUnhealthy} from '../diagnoses/dependency-unhealthy.ts';
import {healthcheckNoise} from '../diagnoses/healthcheck-noise.ts';
import {nginxStaleUpstream} from '../diagnoses/nginx-stale-upstream.ts';
import {nginxUpstreamDown} from '../diagnoses/nginx-upstream-down.ts';
import {redisAofCorrupt} from '../diagnoses/redis-aof-corrupt.ts';
import {redisAuth} from '../diagnoses/redis-auth.ts';
import {redisMisconf} from '../diagnoses/redis-misconf.ts';
import {redisUnreachable} from '../diagnoses/redis-unreachable.ts';
import {messageNamed} from '../messages/index.ts';
import {cacheRoute} from '../probes/cache-route.ts';
import {cacheState} from '../probes/cache-state.ts';
import {contentFor, healthOf} from '../probes/data-looks.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {checkOf, noiseOf} from '../probes/health-looks.ts';
import {clients, isRunning, portFits, proofOf, said, serviceNamed} from '../probes/looks.ts';
import {downTarget, lastFailure, staleTarget, stateOfTarget} from '../probes/proxy-looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import {
	answering,
	type CacheScope,
	cacheProof,
	cacheScopes,
	complaintOf,
	illnessOf,
	isCache,
	isNginx,
	type ServiceScope,
	serviceScopes,
	suffers,
} from '../probes/service-looks.ts';

const title = say('Services: redis, nginx, the application', '服务：redis、nginx 与应用');
const id = 'services';

const askCache = asking<CacheScope>();
const ask = asking<ServiceScope>();

const unreachable = leaf(redisUnreachable);

/** Only a client that suffers from it makes a wrong address a cause: a variable that nobody reads harms nobody. */
const ifItSuffers = askCache(
	({subject}) => say(`Does ${subject} suffer from it?`, `${subject} 因此出问题了吗？`),
	(see, {subject}) => (suffers(see, subject) ? 'yes' : 'no'),
	{yes: unreachable, no: nothing},
);

const letsIn = askCache(
	({subject, server}) => say(`Does ${server} let ${subject} in?`, `${server} 接受 ${subject} 的登录吗？`),
	(see, scope) => {
		const {server, client, subject} = scope;
		const state = answering(see, server ?? '');
		if (!state) return see(cacheRoute, client.id).outcome === 'refused' ? 'not-listening' : 'fits';
		if (state.port !== client.port && see(cacheRoute, client.id).outcome !== 'answers') return 'not-listening';
		const verdict = cacheProof(see, scope)?.verdict;
		if (verdict === 'wrong') return 'other-password';
		if (verdict !== 'none' && verdict !== 'needless') return 'fits';
		// Many clients go on with a password too many, and a variable that nobody reads harms nobody.
		if (verdict === 'needless') return complaintOf(see, subject) ? 'needless-password' : 'harmless';
		return suffers(see, subject) ? 'no-password' : 'harmless';
	},
	{
		fits: nothing,
		harmless: nothing,
		'other-password': leaf(redisAuth),
		'no-password': leaf(redisAuth),
		'needless-password': leaf(redisAuth),
		'not-listening': ifItSuffers,
	},
);

const caches = chapter<CacheScope>(
	{id, title, each: cacheScopes},
	askCache(
		({subject, client}) =>
			say(`Where does \`${client.host}\` lead ${subject}?`, `\`${client.host}\` 把 ${subject} 引向哪里？`),
		(_see, {client, server}) =>
			client.leadsTo.kind === 'service' && server === null ? 'outside' : client.leadsTo.kind,
		{
			outside: nothing,
			loopback: ifItSuffers,
			'other-network': ifItSuffers,
			'unknown-name': askCache(
				say('Does anybody on its network answer to that name?', '它所在的网络里有容器叫这个名字吗？'),
				(see, {client}) => (see(cacheRoute, client.id).outcome === 'answers' ? 'yes' : 'no'),
				{yes: nothing, no: ifItSuffers},
			),
			service: askCache(
				({server}) => say(`Does ${server} run?`, `${server} 在运行吗？`),
				(see, {server}) => {
					const state = serviceNamed(see, server ?? '');
					if (!state || state.status === 'missing') return 'missing';
					if (state.status === 'running') return 'running';
					// One that ends by itself has a reason of its own.
					const wasStopped = ['created', 'paused'].includes(state.status) || [0, 143].includes(state.exitCode);
					return wasStopped && state.status !== 'restarting' && !state.error ? 'stopped' : 'it-is-ill';
				},
				{running: letsIn, stopped: unreachable, missing: unreachable, 'it-is-ill': nothing},
			),
		},
	),
);

const cacheServers = chapter<ServiceScope>(
	{id, title, each: see => serviceScopes(see, isCache)},
	ask(
		({subject}) => say(`Does ${subject} hold its data?`, `${subject} 的数据正常吗？`),
		(see, {subject}) => {
			if (illnessOf(see, subject) && said(see, subject, 'redis-stops-at-its-file')) return 'unreadable';
			if (serviceNamed(see, subject)?.status !== 'running') return 'stopped';
			const state = see(cacheState, subject);
			if (state.state !== 'answers') return 'yes';
			const {persistence, greeting} = state;
			if (/MISCONF/.test(greeting)) return 'refuses-writes';
			return (persistence?.lastSave === 'failed' && persistence.stopsWrites) || persistence?.appendOnly === 'failed'
				? 'refuses-writes'
				: 'yes';
		},
		{yes: nothing, stopped: nothing, unreadable: leaf(redisAofCorrupt), 'refuses-writes': leaf(redisMisconf)},
	),
);

/** A failure counts while the proxy is visibly ill by its log: what healed is history. */
const proxies = chapter<ServiceScope>(
	{id, title, each: see => serviceScopes(see, isNginx)},
	ask(
		({subject}) => say(`Does ${subject} reach what it passes requests on to?`, `${subject} 能连到它转发的目标吗？`),
		(see, {subject}) => {
			if (!lastFailure(see, subject)) return 'yes';
			if (staleTarget(see, subject)) return 'old-address';
			const down = downTarget(see, subject);
			if (!down) return 'something-else';
			const state = stateOfTarget(see, down);
			if (state === 'listening') return 'again';
			return state === 'ill' ? 'it-is-ill' : 'refused';
		},
		{
			yes: nothing,
			again: nothing,
			'old-address': leaf(nginxStaleUpstream),
			refused: leaf(nginxUpstreamDown),
			'it-is-ill': nothing,
			'something-else': nothing,
		},
	),
);

const checks = chapter<ServiceScope>(
	{id, title, each: see => serviceScopes(see, ({healthCheck}) => healthCheck !== undefined)},
	all(
		ask(
			({subject}) => say(`Does the health check of ${subject} tell the truth?`, `${subject} 的健康检查可信吗？`),
			(see, {subject}) => {
				const state = serviceNamed(see, subject);
				if (state?.status !== 'running' || state.health !== 'unhealthy') return 'yes';
				const check = checkOf(see, subject);
				return check === 'fails' ? 'something-else' : 'wrong-check';
			},
			{yes: nothing, 'something-else': nothing, 'wrong-check': leaf(dependencyUnhealthy)},
		),
		ask(
			({subject}) =>
				say(
					`Does the health check of ${subject} ask for something that is not there?`,
					`${subject} 的健康检查在查询不存在的东西吗？`,
				),
			(see, {subject}) =>
				serviceNamed(see, subject)?.role === 'database' &&
				serviceNamed(see, subject)?.health !== 'unhealthy' &&
				noiseOf(see, subject)
					? 'yes'
					: 'no',
			{yes: leaf(healthcheckNoise), no: nothing},
		),
	),
);

const ownKinds = ['restarting', 'exited', 'unhealthy'];

/** Whether everything that a service uses was asked and works; what is unknown ends the question. */
function leansOnTheIll(see: See, service: string): boolean {
	const dependsOn = serviceNamed(see, service)?.dependsOn ?? [];
	if (dependsOn.some(name => serviceNamed(see, name) && illnessOf(see, name))) return true;
	const broken = clients(see).some(scope => {
		if (scope.credential.service !== service) return false;
		if (!isRunning(see, scope.database) || see(databaseReadiness, scope.database).state !== 'accepting') return true;
		const verdict = proofOf(see, scope.database, scope.credential.id)?.verdict ?? 'not-tried';
		if (!['fits', 'not-tried'].includes(verdict) || portFits(see, scope) === false) return true;
		// Nobody blames a service while it is unknown how its database fares.
		healthOf(see, scope.database);
		contentFor(see, scope);
		return false;
	});
	return (
		broken ||
		cacheScopes(see).some(
			({subject, server}) => subject === service && server !== null && illnessOf(see, server) !== null,
		)
	);
}

const comingAndGoing = ['server-starting', 'server-shutting-down', 'server-in-recovery', 'crash-of-another-process'];

/** Its last words are about a database that was coming or going, and that has come up since: it fell with it and comes back. */
function fellWithItsDatabase(see: See, service: string): boolean {
	const last = see(serviceLog, service).events.findLast(({severity}) => severity !== 'info' && severity !== 'LOG');
	return last !== undefined && comingAndGoing.some(message => messageNamed(message).says.test(last.text));
}

const applications = chapter<ServiceScope>(
	{
		id,
		title,
		each: see =>
			serviceScopes(see, ({service, role}) => {
				const illness = role === 'database' ? null : illnessOf(see, service);
				return illness !== null && ownKinds.includes(illness.kind);
			}),
	},
	ask(
		({subject}) => say(`Does what ${subject} leans on work?`, `${subject} 所依赖的服务正常吗？`),
		(see, {subject}) => {
			const state = serviceNamed(see, subject);
			// One that was stopped has not failed.
			if (state?.status === 'exited' && [0, 143].includes(state.exitCode)) return 'stopped';
			if (leansOnTheIll(see, subject)) return 'it-is-ill';
			return fellWithItsDatabase(see, subject) ? 'since-then' : 'yes';
		},
		{yes: leaf(appServiceFailing), 'since-then': nothing, 'it-is-ill': nothing, stopped: nothing},
	),
);

/** Last in causal order: what stands here is most often the consequence of a chapter before. */
export const servicesChapters = [caches, cacheServers, proxies, checks, applications] as const;
