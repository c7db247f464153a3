import {checkedLogin} from '../core/health-command.ts';
import type {See} from '../core/probe.ts';
import {cacheState} from './cache-state.ts';
import {clientCredentials} from './client-credentials.ts';
import {databaseReadiness} from './database-readiness.ts';
import {catalogOf, isRunning, serviceNamed} from './looks.ts';
import {type LogEvent, serviceLog} from './service-log.ts';
import {isCache} from './service-looks.ts';

// Pure readings about health checks: whether one measures what it is meant to.

const brokenCommand = /executable file not found|no such file or directory|(?:command |applet )?not found/i;

/** `broken`: the check itself can't run. `wrong`: it fails although the server does its work. */
export function checkOf(see: See, service: string): 'broken' | 'wrong' | 'fails' {
	const state = serviceNamed(see, service);
	const check = state?.healthCheck;
	if (!state || !check) return 'fails';
	if ((check.exitCode === 126 || check.exitCode === 127 || check.exitCode === -1) && brokenCommand.test(check.output))
		return 'broken';
	if (/OCI runtime exec failed/.test(check.output)) return 'broken';
	if (state.role === 'database' && see(databaseReadiness, service).state === 'accepting') return 'wrong';
	if (isCache(state)) {
		const answer = see(cacheState, service);
		if (answer.state === 'answers' && /^(?:PONG|NOAUTH)/.test(answer.greeting)) return 'wrong';
	}
	return 'fails';
}

export type Noise = {kind: 'role' | 'database'; name: string; lines: LogEvent[]; interval: number};

const missing = {
	role: (name: string) => `role "${name}" does not exist`,
	database: (name: string) => `database "${name}" does not exist`,
};

/** What a database's own health check asks for and the server has not: it says so at every beat of the check. */
export function noiseOf(see: See, database: string): Noise | null {
	const state = serviceNamed(see, database);
	const check = state?.healthCheck;
	if (!state || !check || !isRunning(see, database)) return null;
	const initial = see(clientCredentials).find(({purpose, service}) => purpose === 'initial' && service === database);
	const values: Record<string, string | undefined> = {
		POSTGRES_USER: initial?.user,
		POSTGRES_DB: initial?.database,
	};
	// What these would say is not told by the check's own words.
	if (state.variables.some(name => name === 'PGUSER' || name === 'PGDATABASE')) return null;
	const login = checkedLogin(check.test, state.user || 'root', name => values[name] ?? null);
	if (!login || (login.user === null && login.database === null)) return null;
	const catalog = see(databaseReadiness, database).state === 'accepting' ? catalogOf(see, database) : null;
	if (!catalog) return null;
	const wanted = see(clientCredentials).filter(({purpose}) => purpose === 'client');
	const found: Pick<Noise, 'kind' | 'name'> | null =
		login.user !== null && !catalog.roles.some(({name}) => name === login.user)
			? {kind: 'role', name: login.user}
			: login.database !== null && !catalog.databases.some(({name}) => name === login.database)
				? {kind: 'database', name: login.database}
				: null;
	// What a service needs as well is no noise.
	if (!found || wanted.some(({user, database: own}) => (found.kind === 'role' ? user : own) === found.name))
		return null;
	const words = missing[found.kind](found.name);
	const lines = see(serviceLog, database).events.filter(({text}) => text.includes(words));
	return lines.length >= 2 ? {...found, lines, interval: check.interval} : null;
}
