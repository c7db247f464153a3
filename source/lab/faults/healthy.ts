import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDify} from '../stacks/dify.ts';
import {application} from '../stacks/file.ts';
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

/** As many services as Dify has with its usual companions: what a first pass over them costs is measured on it. */
export const healthyTwelve = fault({
	id: 'healthy-twelve',
	kind: 'healthy',
	stack: 'dify',
	title: say('A Dify deployment of twelve services that work', '十二个服务均正常的 Dify 部署'),
	expects: [],
	provoke: lab =>
		startDify(lab, {
			change(file) {
				const {worker} = file.services;
				if (worker) file.services.worker_beat = {...worker};
				for (const name of ['sandbox', 'ssrf_proxy', 'weaviate', 'certbot']) file.services[name] = application('web');
			},
		}),
});
