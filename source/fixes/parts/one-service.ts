import type {Finding} from '../../core/diagnosis.ts';
import type {See} from '../../core/probe.ts';
import {isExternal, serviceNamed} from '../../probes/looks.ts';
import {handsOf, unique} from './hands.ts';

/** Runs and, where it has a health check, passes it. */
export function runs(see: See, name: string): boolean {
	const service = serviceNamed(see, name);
	return service?.status === 'running' && (service.health === null || service.health === 'healthy');
}

/** The services that a fix of containers is about: named by the user, else what the finding hands over, else its subject. */
export function servicesMeant(see: See, finding: Finding, wanted: string | undefined): string[] {
	if (isExternal(see)) return [];
	const names =
		wanted !== undefined && wanted !== ''
			? wanted.split(',')
			: unique([...handsOf(finding).map(({service}) => service), finding.subject ?? '']);
	return unique(names.map(name => name.trim())).filter(
		name => name !== '' && (serviceNamed(see, name)?.status ?? 'missing') !== 'missing',
	);
}
