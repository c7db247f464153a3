import {diagnosis, points} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {reloadProxy} from '../fixes/reload-proxy.ts';
import {startService} from '../fixes/start-service.ts';
import {listeningPorts} from '../probes/listening-ports.ts';
import {serviceNamed} from '../probes/looks.ts';
import {downTarget, stateOfTarget, type TargetState} from '../probes/proxy-looks.ts';
import type {ServiceScope} from '../probes/service-looks.ts';
import {sampleFacts} from './samples.ts';

/** Ports from here on are given out by the kernel for a moment. */
const firstPassing = 32_768;

export const nginxUpstreamDown = diagnosis<ServiceScope>({
	id: 'nginx-upstream-down',
	severity: 'failure',
	name: say('nginx reaches nobody behind it (502)', 'nginx 连不上后端（502）'),
	title: ({subject}) =>
		say(`${subject} finds nobody where it passes requests on to`, `${subject} 转发请求的地方没有应答`),
	about: say(
		'nginx works, and the service behind it does not answer: it was stopped, has no container, has another name, or listens on another port than the configuration says. nginx is only the messenger of its 502.',
		'nginx 本身正常，但它后面的服务没有应答：被停止、没有容器、名称不同，或监听的端口与配置不一致。502 只是 nginx 转达的结果。',
	),
	beware: say(
		'Restarting nginx changes nothing while nobody listens behind it; with a plain name in its configuration it may then not even start.',
		'后端没有监听时重启 nginx 毫无用处；若配置里直接写了名称，重启后它甚至可能起不来。',
	),
	lookAlikes: [
		{
			id: 'nginx-stale-upstream',
			tell: say(
				'There the service runs well under another address than the one after `upstream:` in nginx’ log.',
				'那种情况服务运行正常，只是地址与 nginx 日志中 `upstream:` 后的不同。',
			),
		},
		{
			id: 'app-service-failing',
			tell: say(
				'There the service behind nginx starts over and over, with an error in its own log.',
				'那种情况 nginx 后面的服务反复重启，它自己的日志里有错误。',
			),
		},
	],
	certainty(see, {subject}) {
		const down = downTarget(see, subject);
		return down && stateOfTarget(see, down) !== 'unknown' ? 'certain' : 'likely';
	},
	because(see, {subject}) {
		const down = downTarget(see, subject);
		if (!down) return [];
		const {failure, host, port, service} = down;
		const where = port === null ? host : `${host}:${port}`;
		const state = stateOfTarget(see, down);
		const listening = state === 'deaf' && service !== null ? (see(listeningPorts, service) ?? []) : [];
		// The engine's own name server takes a port of every container.
		const ports = (loopback: boolean): string =>
			listening
				.filter(open => open.loopback === loopback && open.port < firstPassing)
				.map(open => String(open.port))
				.join(', ');
		const states: Record<TargetState, Text> = {
			absent: service
				? say(`\`${service}\` has no container`, `\`${service}\` 没有容器`)
				: say(`No service of this deployment is called \`${host}\``, `本部署中没有名为 \`${host}\` 的服务`),
			stopped: say(
				`\`${service}\` is stopped (exit code ${serviceNamed(see, service ?? '')?.exitCode})`,
				`\`${service}\` 已停止（退出码 ${serviceNamed(see, service ?? '')?.exitCode}）`,
			),
			ill: say(`\`${service}\` fails`, `\`${service}\` 出现故障`),
			deaf: say(
				`\`${service}\` runs, and nobody listens on port ${port} there for others; it listens on ${ports(false) || '(nothing)'}${ports(true) ? `, and for itself only on ${ports(true)}` : ''}`,
				`\`${service}\` 在运行，但端口 ${port} 没有对外监听；它监听 ${ports(false) || '（无）'}${ports(true) ? `，仅供自身使用 ${ports(true)}` : ''}`,
			),
			listening: say(`\`${service}\` listens there by now`, `\`${service}\` 现在已在监听`),
			unknown: say(`\`${service}\` runs, and does not answer`, `\`${service}\` 在运行，但没有应答`),
		};
		return [
			points(
				say(`${subject} on ${where}: ${failure.says}`, `${subject} 连接 ${where}：${failure.says}`),
				'service-log',
				failure.at,
			),
			points(states[state], state === 'deaf' ? 'listening-ports' : 'deployment-state'),
		];
	},
	affects(see, {subject}) {
		const down = downTarget(see, subject);
		return down?.service && ['stopped', 'absent'].includes(stateOfTarget(see, down))
			? [subject, down.service]
			: [subject];
	},
	hands: (see, {subject}) => ({service: downTarget(see, subject)?.service ?? subject}),
	lastResort: () => true,
	fixes: [startService, reloadProxy],
	suits(fix, see, {subject}) {
		const down = downTarget(see, subject);
		return down !== null && stateOfTarget(see, down) === (fix === startService ? 'stopped' : 'listening');
	},
	noFix: say(
		'Compare the name and port in nginx’ configuration (`docker compose exec nginx nginx -T`) with the service behind it: the service’s name, and the port that its log says it listens on. A service without a container is made by `docker compose up -d`.',
		'对照 nginx 配置中的名称和端口（`docker compose exec nginx nginx -T`）与其后的服务：服务名，以及它日志里写的监听端口。没有容器的服务用 `docker compose up -d` 创建。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {web: {status: 'exited', exitCode: 0, networks: []}},
				targets: [{host: 'web', port: 3000, fixed: true}],
				logs: {
					nginx: [
						{
							at: '2026-01-02T03:00:00.000Z',
							text: '2026/01/02 03:00:00 [error] 29#29: *7 connect() failed (113: No route to host) while connecting to upstream, client: 172.20.0.1, server: , request: "GET / HTTP/1.1", upstream: "http://172.20.0.7:3000/", host: "localhost"',
						},
					],
				},
			}),
		() =>
			sampleFacts({
				targets: [{host: 'web', port: 3000, fixed: false}],
				listening: [{port: 3001, loopback: false}],
				logs: {
					nginx: [
						{
							at: '2026-01-02T03:00:00.000Z',
							text: '2026/01/02 03:00:00 [error] 29#29: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 172.20.0.1, server: , request: "GET / HTTP/1.1", upstream: "http://172.20.0.7:3000/", host: "localhost"',
						},
					],
				},
			}),
	],
});
