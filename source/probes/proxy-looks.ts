import type {ServiceState} from '../core/deployment.ts';
import {type UpstreamFailure, upstreamFailures} from '../core/nginx-log.ts';
import type {See} from '../core/probe.ts';
import {listeningPorts} from './listening-ports.ts';
import {serviceNamed, services} from './looks.ts';
import {proxyTargets} from './proxy-targets.ts';
import {serviceLog} from './service-log.ts';
import {illnessOf} from './service-looks.ts';

// Pure readings about a proxy: what it could not reach, and what stands there now.

/** The last request that nginx could not pass on since it read its configuration; null when there is none. */
export const lastFailure = (see: See, proxy: string): UpstreamFailure | null =>
	upstreamFailures(see(serviceLog, proxy).events).at(-1) ?? null;

const answersTo = (state: ServiceState, host: string): boolean =>
	[state.service, state.name, ...state.networks.flatMap(({aliases}) => aliases)].includes(host);

const addressesOf = ({networks}: ServiceState): string[] =>
	networks.map(({address}) => address).filter(address => address !== '');

/** The running service that has this address now. */
export const holderOf = (see: See, address: string): ServiceState | null =>
	services(see).find(state => state.status === 'running' && addressesOf(state).includes(address)) ?? null;

export type StaleTarget = {failure: UpstreamFailure; service: string; address: string; now: string};

/** An address that nginx keeps although its service has another one by now. */
export function staleTarget(see: See, proxy: string): StaleTarget | null {
	const failure = lastFailure(see, proxy);
	if (!failure?.address || failure.port === null) return null;
	const address = failure.address;
	for (const {host, port, fixed} of see(proxyTargets, proxy)) {
		if (!fixed || port !== failure.port) continue;
		const state = services(see).find(one => answersTo(one, host));
		if (state?.status !== 'running') continue;
		const own = addressesOf(state);
		const now = own[0];
		// Started before the failure: nginx tried the old address while the new one was there.
		if (now === undefined || own.includes(address)) continue;
		return {failure, service: state.service, address, now};
	}
	return null;
}

export type DownTarget = {failure: UpstreamFailure; host: string; port: number | null; service: string | null};

/** What nginx can't reach, by name, as far as its log, its configuration and the containers tell. */
export function downTarget(see: See, proxy: string): DownTarget | null {
	const failure = lastFailure(see, proxy);
	if (!failure) return null;
	const {name, address, port} = failure;
	const serviceFor = (host: string): string | null =>
		services(see).find(state => answersTo(state, host))?.service ?? null;
	if (name) {
		// The name of a group of servers leads on to those.
		const service = serviceFor(name);
		const target = service
			? null
			: see(proxyTargets, proxy).find(
					({host}) => (serviceNamed(see, serviceFor(host) ?? '')?.status ?? '') !== 'running',
				);
		return {failure, host: target?.host ?? name, port, service: service ?? (target ? serviceFor(target.host) : null)};
	}
	const holder = address ? holderOf(see, address) : null;
	if (holder) return {failure, host: holder.service, port, service: holder.service};
	const fitting = see(proxyTargets, proxy).filter(target => target.port === port);
	const target =
		fitting.find(({host}) => serviceNamed(see, serviceFor(host) ?? '')?.status !== 'running') ?? fitting[0];
	return target ? {failure, host: target.host, port, service: serviceFor(target.host)} : null;
}

/**
 * What became of it. `ill`: it fails for a reason of its own, which is not the proxy's business. `listening`: it can be reached now,
 * so the failure is history. `deaf`: it runs and nobody listens there.
 */
export type TargetState = 'absent' | 'stopped' | 'ill' | 'listening' | 'deaf' | 'unknown';

export function stateOfTarget(see: See, {service, port}: DownTarget): TargetState {
	const state = service === null ? null : serviceNamed(see, service);
	if (!state || state.status === 'missing') return 'absent';
	if (state.status === 'created' || (state.status === 'exited' && [0, 143].includes(state.exitCode)))
		return state.error ? 'ill' : 'stopped';
	if (illnessOf(see, state.service)) return 'ill';
	const ports = see(listeningPorts, state.service);
	if (ports === null || port === null) return 'unknown';
	return ports.some(open => open.port === port && !open.loopback) ? 'listening' : 'deaf';
}

/** Whether what a proxy could not reach answers by now, although nobody has asked for it since. */
export function hasHealed(see: See, proxy: string): boolean {
	if (!lastFailure(see, proxy) || staleTarget(see, proxy)) return false;
	const down = downTarget(see, proxy);
	return down !== null && stateOfTarget(see, down) === 'listening';
}
