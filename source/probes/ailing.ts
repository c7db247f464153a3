import type {Evidence} from '../core/diagnosis.ts';
import {points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {deploymentState} from './deployment-state.ts';
import {serviceNamed, services} from './looks.ts';
import {saidAtStart} from './start-looks.ts';

/** Services whose container shows that something is wrong with it. */
export function ailing(see: See): string[] {
	if (services(see).length === 0) return [];
	const deployment = see(deploymentState);
	return symptomsOf(deployment, new Map(), Date.parse(deployment.observedAt)).map(({service}) => service);
}

export const isAiling = (see: See, service: string): boolean => ailing(see).includes(service);

/** A server that has run and does not: stopped, or between two crashes, where the engine shows it as running for a moment. */
export function isDown(see: See, database: string): boolean {
	const service = serviceNamed(see, database);
	if (!service?.startedAt) return false;
	if (['exited', 'dead', 'restarting'].includes(service.status)) return true;
	return service.status === 'running' && service.restartCount > 0 && isAiling(see, database);
}

/** The latest line that says this, as evidence; nothing when it was never said. */
export function quoted(see: See, service: string, ...messages: readonly string[]): Evidence[] {
	for (const message of messages) {
		const event = saidAtStart(see, service, message);
		if (event) {
			const text = event.detail ? `${event.text} (${event.detail})` : event.text;
			return [points(say(`${service} said: ${text}`, `${service} 的日志：${text}`), `log of ${service}`, event.at)];
		}
	}
	return [];
}

/** A log line counts as present within this time, or while something is visibly wrong. */
const fresh = 60 * 60_000;

/** Whether something that was said still matters: lately, or while a service shows that it is ill. */
export function isFresh(see: See, at: string): boolean {
	const now = Date.parse(see(deploymentState).observedAt);
	return now - Date.parse(at) < fresh || ailing(see).length > 0;
}
