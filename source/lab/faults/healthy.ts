import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDify} from '../stacks/dify.ts';
import {startGeneric} from '../stacks/generic.ts';

export const healthyDify = fault({
	id: 'healthy-dify',
	kind: 'healthy',
	stack: 'dify',
	title: say('A Dify deployment that works', '正常工作的 Dify 部署'),
	expects: [],
	provoke: lab => startDify(lab),
});

export const healthyGeneric = fault({
	id: 'healthy-generic',
	kind: 'healthy',
	stack: 'generic',
	title: say('A small shop that works', '正常工作的小商店应用'),
	expects: [],
	provoke: lab => startGeneric(lab),
});
