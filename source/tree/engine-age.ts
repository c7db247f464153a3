import type {Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {engineTooOld, unknownFeatures} from '../diagnoses/engine-too-old.ts';
import {services} from '../probes/looks.ts';

type ServiceScope = Scope & {subject: string};

export const engineAge = chapter<ServiceScope>(
	{
		id: 'engine',
		title: say('The Docker engine', 'Docker 引擎'),
		// What the engine refuses to make has no container.
		each: see => services(see).flatMap(({service, status}) => (status === 'missing' ? [{subject: service}] : [])),
	},
	asking<ServiceScope>()(
		({subject}) => say(`Does the engine know what ${subject} asks of it?`, `引擎支持 ${subject} 的要求吗？`),
		(see, {subject}) => (unknownFeatures(see, subject).length > 0 ? 'no' : 'yes'),
		{yes: nothing, no: leaf(engineTooOld)},
	),
);
