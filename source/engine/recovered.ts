import type {ServiceState} from '../core/deployment.ts';
import type {Finding} from '../core/diagnosis.ts';
import type {Check, Plan} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {databases, isExternal, serviceNamed, services} from '../probes/looks.ts';
import {pageAnswer, pageOf} from '../probes/page-answer.ts';
import {stackById} from '../stacks/index.ts';

/** The page that a person would open: nginx' own, on the port that it publishes. */
function frontPage({role, ports}: ServiceState): {port: number; path: string} | null {
	if (role !== 'proxy') return null;
	const open = ports.filter(({protocol}) => protocol === 'tcp').map(({container}) => container);
	const port = open.find(one => one !== 443) ?? open[0];
	return port === undefined ? null : {port, path: '/'};
}

/**
 * What a person would look at before calling the deployment well: its databases accept connections, and the pages of the
 * services that the diagnosis was about answer. Services that nobody said anything of are not asked: what was broken in them
 * before is no fault of the fix.
 */
export function recoveryChecks(see: See, finding: Finding, plan: Pick<Plan, 'restarts'>): Check[] {
	if (isExternal(see)) return [];
	const {pages = {}} = stackById(see(deploymentState).stack);
	const meant = new Set([...finding.affects, ...plan.restarts]);
	const servers: Check[] = databases(see)
		.filter(name => name === finding.subject || meant.has(name) || serviceNamed(see, name)?.status === 'running')
		.map(name => ({
			says: say(`\`${name}\` accepts connections over TCP`, `\`${name}\` 通过 TCP 接受连接`),
			passes: see => see(databaseReadiness, name).state === 'accepting',
		}));
	const answers: Check[] = services(see)
		.filter(({service, status}) => meant.has(service) && status !== 'missing')
		.flatMap(service => {
			const page = pages[service.service] ?? frontPage(service);
			if (!page) return [];
			const about = pageOf(service.service, page.port, page.path);
			return [
				{
					says: say(`\`${about}\` answers`, `\`${about}\` 有正常应答`),
					passes: (see: See) => {
						const {status} = see(pageAnswer, about);
						// Older versions know other paths; whoever answers that is there. Without anybody to ask, the tree has to do.
						return status === null || (status !== 'none' && status < 500);
					},
				},
			];
		});
	return [...servers, ...answers];
}
