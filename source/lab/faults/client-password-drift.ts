import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDify} from '../stacks/dify.ts';
import {setVariables, variable} from '../stacks/file.ts';

export const clientPasswordDrift = fault({
	id: 'client-password-drift',
	kind: 'fault',
	stack: 'dify',
	title: say('One service has a password of its own, and it is wrong', '某个服务单独配置了错误的密码'),
	expects: [{id: 'client-password-drift', service: 'plugin_daemon'}],
	async provoke(lab) {
		await startDify(lab, {
			environment: {PLUGIN_DB_PASSWORD: lab.secret('drifted')},
			change(file) {
				setVariables(file, 'plugin_daemon', {DB_PASSWORD: variable('PLUGIN_DB_PASSWORD')});
			},
			failing: ['plugin_daemon'],
		});
	},
});

export const clientPasswordDriftNotRecreated = fault({
	id: 'client-password-drift-not-recreated',
	kind: 'fault',
	stack: 'dify',
	title: say(
		'The password was changed everywhere, but one container still has the old one',
		'密码已全部更换，但一个容器仍带着旧密码',
	),
	expects: [{id: 'client-password-drift', service: 'worker'}],
	async provoke(lab) {
		await startDify(lab);
		await lab.sql(`alter role postgres password '${lab.secret('changed')}'`);
		await lab.setEnvironment({DB_PASSWORD: lab.secret('changed')});
		await lab.compose('up', '--detach', '--no-deps', 'db', 'api', 'plugin_daemon');
		// Its connection lives on until the container is started again, by hand or by a reboot.
		await lab.docker('restart', '--time', '2', lab.container('worker'));
		await lab.ready('api', 'plugin_daemon');
		await lab.crashLooping('worker');
	},
});
