import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {plantSentinel} from '../sentinel.ts';
import {difyClients, writeDify} from '../stacks/dify.ts';
import type {LabStage} from '../stage.ts';

/** Another container has the port that a service wants to publish: the engine refuses to start it, and there is no log. */
export async function holdPort(lab: LabStage, variable = 'EXPOSE_NGINX_PORT'): Promise<void> {
	const port = new RegExp(`^${variable}=(\\d+)$`, 'm').exec(await lab.read('.env'))?.[1];
	await lab.run('other-site', '--publish', `127.0.0.1:${port}:80`, 'nginx:alpine');
}

export const portAlreadyAllocated = fault({
	id: 'port-already-allocated',
	kind: 'fault',
	stack: 'dify',
	title: say('Another container holds the port of nginx', '另一个容器占用了 nginx 的端口'),
	expects: [{id: 'port-already-allocated', service: 'nginx'}],
	async provoke(lab) {
		await writeDify(lab);
		await holdPort(lab);
		lab.report(say('starting Dify', '正在启动 Dify'));
		await lab.composeMayFail('up', '--detach');
		await lab.ready(...difyClients, 'web');
		await plantSentinel(lab, 'dify');
	},
});
