import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDifyClients, startDifyDatabase} from '../stacks/dify.ts';

export const envVariableMissing = fault({
	id: 'env-variable-missing',
	kind: 'fault',
	stack: 'dify',
	title: say('A line is missing in .env, so Dify gets an empty password', '.env 缺少一行，Dify 得到空密码'),
	expects: [{id: 'env-variable-missing'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {environment: {POSTGRES_PASSWORD: lab.secret('database')}});
		await lab.setEnvironment({DB_PASSWORD: null});
		await startDifyClients(lab);
	},
});
