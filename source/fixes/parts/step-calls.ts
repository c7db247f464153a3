import type {StepCall} from '../../core/fix.ts';
import type {ChosenWay} from './sql-way.ts';

/** Logs and inspect output of these services, kept before anything restarts. */
export const saveEvidence = (services: readonly string[]): StepCall[] => [
	{step: 'save-evidence', input: {services: [...new Set(services)]}},
];

/** Waits for the services to come back by themselves and restarts, in dependency order, those that don't. */
export const returnServices = (services: readonly string[]): StepCall[] =>
	services.length > 0 ? [{step: 'return-services', input: {services: [...new Set(services)]}}] : [];

/** Opening the local socket is the one thing that must be taken back whatever happens, so it is noted before it begins. */
const guard = ({service, way}: ChosenWay): StepCall[] =>
	service && way.route === 'socket-line' ? [{step: 'guard-hba', input: {service: service.service, ...way}}] : [];

/**
 * What has to come before and after the SQL of a plan. A change that needs the data directory alone stops the server and
 * starts it again; one that was stopped already is started afterwards as well: nobody can prove a login on a stopped one.
 * Undo stops it again.
 */
export const around = (chosen: ChosenWay): {before: StepCall[]; after: StepCall[]} => {
	const {stops, service} = chosen;
	if (!service) return {before: [], after: []};
	const stop = {step: 'stop-database', input: {service: service.service, clients: []}};
	const start = {step: 'start-database', input: {service: service.service}};
	return {
		before: [...(stops ? [stop] : []), ...guard(chosen)],
		after: stops || service.status !== 'running' ? [start] : [],
	};
};
