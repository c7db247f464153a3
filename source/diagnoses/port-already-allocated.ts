import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {changePublishedPort} from '../fixes/change-published-port.ts';
import {startService} from '../fixes/start-service.ts';
import {serviceNamed} from '../probes/looks.ts';
import {portHolders} from '../probes/port-holders.ts';
import {sampleFacts} from './samples.ts';

export const portAlreadyAllocated = diagnosis<Scope & {subject: string}>({
	id: 'port-already-allocated',
	severity: 'failure',
	name: say('A port to publish is already taken', '要发布的端口已被占用'),
	title: ({subject}) => say(`A port that ${subject} publishes is already taken`, `${subject} 要发布的端口已被占用`),
	about: say(
		'The engine could not bind the host port, so the container was never started and has no new log. Another container or a program of the host holds the port.',
		'引擎无法绑定主机端口，容器因此从未启动，也没有新日志。端口被另一个容器或主机上的程序占用。',
	),
	beware: say(
		'Do not stop what holds the port before you know what it is: it may be another deployment of yours.',
		'在弄清占用者之前不要停掉它：它可能是您的另一个部署。',
	),
	lookAlikes: [
		{
			id: 'dependency-unhealthy',
			tell: say(
				'There the container is `created` with exit code 0 and no error, because Compose still waits for another service; here it has exit code 128 and an error that names the port.',
				'那种情况下容器处于 `created`，退出码 0，没有错误，因为 Compose 还在等另一个服务；这里退出码为 128，错误信息里写着端口。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const service = serviceNamed(see, subject);
		return [
			points(
				say(`The engine said: ${service?.error ?? ''}`, `引擎报告：${service?.error ?? ''}`),
				'deployment-state',
				service?.finishedAt ?? null,
			),
			...see(portHolders, subject).flatMap(({port, holder}) =>
				holder === null
					? []
					: [
							points(
								holder.kind === 'container'
									? say(
											`Port ${port} is held by the container ${holder.name}`,
											`端口 ${port} 被容器 ${holder.name} 占用`,
										)
									: say(
											`Port ${port} is held by a program of the host${holder.says ? ` (${holder.says})` : ''}`,
											`端口 ${port} 被主机上的程序占用${holder.says ? `（${holder.says}）` : ''}`,
										),
								'port-holders',
							),
						],
			),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (see, {subject}) => ({service: subject, port: see(portHolders, subject)[0]?.port ?? null}),
	fixes: [changePublishedPort, startService],
	examples: [
		() =>
			sampleFacts({
				services: {
					nginx: {
						status: 'created',
						exitCode: 128,
						error:
							'driver failed programming external connectivity: Bind for 127.0.0.1:8080 failed: port is already allocated',
					},
				},
				holders: {
					nginx: [
						{port: 8080, address: '127.0.0.1', holder: {kind: 'container', name: 'other-web-1', project: 'other'}},
					],
				},
			}),
	],
});
