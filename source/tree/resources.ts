import type {Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {oomKilled} from '../diagnoses/oom-killed.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {serviceNamed, services} from '../probes/looks.ts';

const isIll = (see: See, service: string): boolean => {
	const deployment = see(deploymentState);
	return symptomsOf(deployment, new Map(), Date.parse(deployment.observedAt)).some(
		symptom => symptom.service === service,
	);
};

type ServiceScope = Scope & {subject: string};
const ask = asking<ServiceScope>();

export const resources = chapter<ServiceScope>(
	{
		id: 'resources',
		title: say('Resources: memory', '资源：内存'),
		each: see =>
			services(see).flatMap(({service, status, exitCode, restartCount, oomKilled}) =>
				// Between two kills of a crash loop the container runs, and only the mark of the last one is left.
				(exitCode === 137 && status !== 'running') || (oomKilled && restartCount > 0 && isIll(see, service))
					? [{subject: service}]
					: [],
			),
	},
	ask(
		({subject}) => say(`Who ended ${subject}?`, `${subject} 是被谁终止的？`),
		// OOMKilled alone stays true after a later clean exit on older engines; together with 137 of a stopped container it speaks of the last run.
		(see, {subject}) => (serviceNamed(see, subject)?.oomKilled ? 'killed' : 'something-else'),
		{killed: leaf(oomKilled), 'something-else': nothing},
	),
);
