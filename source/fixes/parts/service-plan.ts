import type {Finding} from '../../core/diagnosis.ts';
import {assume} from '../../core/fingerprint.ts';
import type {Plan, StepCall} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {databaseOf, databases, serviceNamed} from '../../probes/looks.ts';
import {type Edits, recreate} from './configure.ts';
import {handsOf, unique} from './hands.ts';
import {patients} from './login-plan.ts';
import {returnServices, saveEvidence} from './step-calls.ts';

/** The service that a finding about a container is about. */
export const serviceMeant = (finding: Finding): string =>
	handsOf(finding).map(({service, database}) => service || database)[0] || finding.subject || '';

/** Services that notice when these go for a moment: clients of a database among them, and whoever waits for them. */
export function dependents(see: See, services: readonly string[]): string[] {
	const clients = see(clientCredentials).filter(
		one => one.purpose === 'client' && services.includes(databaseOf(see, one) ?? ''),
	);
	return unique(clients.map(({service}) => service)).filter(
		name => !services.includes(name) && serviceNamed(see, name)?.status !== 'missing',
	);
}

/**
 * A plan that changes how a container is made: edits, then the container anew from the files. Its data is in volumes and stays.
 * @param input.before steps that must have succeeded before anything is changed
 * @param input.made replaces the recreation, where there are no files
 */
export function servicePlan(
	see: See,
	finding: Finding,
	input: {
		fix: string;
		edits: Edits;
		route: Text | null;
		before?: StepCall[];
		made?: StepCall[];
		/** What makes an undo count, where no container is made anew. */
		afterUndo?: StepCall[];
		loses?: Text;
		undo?: Text;
	},
): Plan {
	const {fix, edits, route, before = [], loses, undo} = input;
	const services = edits.services;
	const made = input.made ?? recreate(see, services);
	const back = unique([...services, ...dependents(see, services), ...patients(see, finding, [])]);
	const [database] = services.filter(name => databases(see).includes(name));
	return {
		kind: 'plan',
		fix,
		route,
		steps: [...saveEvidence(services), ...before, ...edits.steps, ...made, ...returnServices(back)],
		// Clients find back by themselves; restarted at the same moment they would only meet a server that starts.
		afterUndo: input.afterUndo ?? (input.made ? [] : made),
		loses:
			loses ??
			say(
				'Nothing in volumes or bind mounts. What a container wrote into its own layer goes with the old container; its log is kept as evidence.',
				'卷和绑定挂载中的内容不受影响。容器写在自身可写层的内容会随旧容器消失；其日志会作为证据保存。',
			),
		restarts: services,
		takes: say('under a minute', '不到一分钟'),
		undo:
			undo ??
			say(
				'The files get their old bytes back, and the container is made anew from them.',
				'文件恢复为原来的字节，并按其重建容器。',
			),
		confirm: null,
		assumes: assume(see, {services, files: edits.files, ...(database === undefined ? {} : {database})}),
	};
}
