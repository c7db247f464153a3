import {EngineTrouble} from '../core/engine-trouble.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {EngineInfo} from '../core/world.ts';

export type EngineState =
	| ({status: 'up'} & EngineInfo)
	| {status: 'unreachable'; endpoint: string; says: string}
	| {status: 'denied'; endpoint: string; user: string};

export const engineInfo = probe<EngineState>({
	id: 'engine-info',
	title: () => say('Asking the Docker engine', '询问 Docker 引擎'),
	like: () => 'docker version',
	async observe({docker}, _about, signal) {
		try {
			return {status: 'up', ...(await docker.info(signal))};
		} catch (error) {
			if (!(error instanceof EngineTrouble)) throw error;
			const {endpoint, says, user} = error;
			return error.kind === 'denied' ? {status: 'denied', endpoint, user} : {status: 'unreachable', endpoint, says};
		}
	},
});
