import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {sampleFacts} from './samples.ts';

export const dockerUnreachable = diagnosis({
	id: 'docker-unreachable',
	severity: 'failure',
	name: say('The Docker engine does not answer', 'Docker 引擎没有响应'),
	title: () => say('The Docker engine does not answer', 'Docker 引擎没有响应'),
	about: say(
		'Nothing listens where the Docker engine is expected, so no container can be looked at. The engine is stopped, still starting, or `DOCKER_HOST` and the Docker context name another place.',
		'预期位置没有 Docker 引擎在监听，因此无法查看任何容器。引擎可能已停止、仍在启动，或 `DOCKER_HOST` 与 Docker context 指向了别处。',
	),
	beware: say(
		'Do not reinstall Docker for this: an engine that is only stopped keeps every container and volume.',
		'不要为此重装 Docker：引擎只是停止时，容器和卷都还在。',
	),
	lookAlikes: [
		{
			id: 'docker-permission-denied',
			tell: say(
				'There the socket exists and opening it fails with `permission denied`; here it is missing (`no such file or directory`) or nobody accepts (`connection refused`), for root as well.',
				'那种情况下套接字存在，打开时报 `permission denied`；这里则是套接字不存在（`no such file or directory`）或没有程序接受连接（`connection refused`），换成 root 也一样。',
			),
		},
		{
			id: 'engine-too-old',
			tell: say(
				'There an engine answers and refuses the version of the request; here nothing answers at all.',
				'那种情况下引擎有回应，只是拒绝请求的版本；这里完全没有回应。',
			),
		},
	],
	certainty: 'certain',
	because(see) {
		const engine = see(engineInfo);
		return engine.status === 'unreachable'
			? [
					points(
						say(
							`No answer at \`${engine.endpoint}\`: ${engine.says}`,
							`\`${engine.endpoint}\` 没有回答：${engine.says}`,
						),
						'engine-info',
					),
				]
			: [];
	},
	affects: () => [],
	fixes: [],
	noFix: say(
		'Start the engine (`systemctl start docker`, or open Docker Desktop), or name the right one with `--host` or `--context`; then ask again.',
		'启动引擎（`systemctl start docker`，或打开 Docker Desktop），或用 `--host`、`--context` 指定正确的引擎，然后重新检查。',
	),
	examples: [
		() =>
			sampleFacts({engine: {status: 'unreachable', endpoint: 'unix:///var/run/docker.sock', says: 'connect ENOENT'}}),
	],
});
