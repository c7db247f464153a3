import type {Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {dockerPermissionDenied} from '../diagnoses/docker-permission-denied.ts';
import {dockerUnreachable} from '../diagnoses/docker-unreachable.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {isExternal} from '../probes/looks.ts';

const ask = asking<Scope>();

export const engine = chapter(
	{id: 'engine', title: say('The Docker engine', 'Docker 引擎'), each: () => [{subject: null}]},
	ask(
		say('Does the Docker engine answer?', 'Docker 引擎有响应吗？'),
		see => (isExternal(see) ? 'external' : see(engineInfo).status),
		{
			external: nothing,
			up: nothing,
			unreachable: leaf(dockerUnreachable),
			denied: leaf(dockerPermissionDenied),
		},
	),
);
