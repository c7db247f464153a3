import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {sampleFacts} from './samples.ts';

export const dockerPermissionDenied = diagnosis({
	id: 'docker-permission-denied',
	severity: 'failure',
	name: say('This user may not talk to the Docker engine', '当前用户无权访问 Docker 引擎'),
	title: () => say('This user may not talk to the Docker engine', '当前用户无权访问 Docker 引擎'),
	about: say(
		'The engine’s socket is there, and the operating system refuses to open it for this user: the user is not in the group that owns the socket, or the login is older than the membership.',
		'引擎的套接字存在，但操作系统不允许当前用户打开：用户不在套接字所属的组里，或加入该组之后还没有重新登录。',
	),
	beware: say(
		'Do not open the socket to everybody: whoever can write to it is root on this machine.',
		'不要把套接字开放给所有人：能写它的人就等于本机的 root。',
	),
	lookAlikes: [
		{
			id: 'docker-unreachable',
			tell: say(
				'`sudo docker version` shows the part `Server:`, so the engine runs and only the right is missing; an engine that is down does not answer root either.',
				'`sudo docker version` 会显示 `Server:` 部分，说明引擎在运行，只是缺少权限；引擎停止时，root 同样得不到回应。',
			),
		},
	],
	certainty: 'certain',
	because(see) {
		const engine = see(engineInfo);
		return engine.status === 'denied'
			? [
					points(
						say(
							`User ${engine.user} may not open \`${engine.endpoint}\``,
							`用户 ${engine.user} 无权打开 \`${engine.endpoint}\``,
						),
						'engine-info',
					),
				]
			: [];
	},
	affects: () => [],
	fixes: [],
	noFix: say(
		'Run it once with `sudo`, or join the group with `sudo usermod -aG docker $USER` and log in again.',
		'用 `sudo` 运行一次，或执行 `sudo usermod -aG docker $USER` 加入该组后重新登录。',
	),
	examples: [() => sampleFacts({engine: {status: 'denied', endpoint: 'unix:///var/run/docker.sock', user: 'ann'}})],
});
