import {isOlder} from '../core/compose-features.ts';
import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {engineFeatures} from '../probes/engine-features.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {sampleFacts, seen} from './samples.ts';

/** What a service asks of the engine that this engine does not know yet. */
export const unknownFeatures = (see: See, service: string) => {
	const engine = see(engineInfo);
	return engine.status === 'up'
		? see(engineFeatures).filter(feature => feature.service === service && isOlder(engine.apiVersion, feature.api))
		: [];
};

export const engineTooOld = diagnosis<Scope & {subject: string}>({
	id: 'engine-too-old',
	severity: 'failure',
	name: say('The engine is too old for what is asked of it', '引擎版本太旧，无法满足要求'),
	title: ({subject}) =>
		say(`The engine is too old for what ${subject} asks of it`, `引擎版本太旧，无法满足 ${subject} 的要求`),
	about: say(
		'The Compose file uses something that came with a later Docker Engine. Compose itself knows it and accepts the file, then the engine refuses to make the container: the service has none, and there is no log.',
		'Compose 文件使用了较新版本 Docker 引擎才有的功能。Compose 自己认识并接受该文件，而引擎拒绝创建容器：该服务没有容器，也没有日志。',
	),
	beware: say(
		'Renewing the engine restarts every container of the machine unless `live-restore` is on. Stop the database properly first.',
		'除非启用了 `live-restore`，更新引擎会重启本机所有容器。请先正常停止数据库。',
	),
	lookAlikes: [
		{
			id: 'compose-invalid',
			tell: say(
				'There Compose does not accept the file: it is Compose that is too old, or the key is misspelt.',
				'那种情况是 Compose 不接受该文件：是 Compose 太旧，或键名拼错。',
			),
		},
		{
			id: 'seccomp-blocked',
			tell: say(
				'There the container is made and starts, and its program fails at once.',
				'那种情况容器能创建并启动，但程序立即失败。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const engine = see(engineInfo);
		const version = engine.status === 'up' ? `${engine.version} (API ${engine.apiVersion})` : '?';
		return [
			points(
				say(`${subject} has no container, though the files ask for one`, `文件要求运行 ${subject}，但它没有容器`),
				'deployment-state',
			),
			...unknownFeatures(see, subject).map(({key, engine: needed, api}) =>
				points(
					say(
						`It uses \`${key}\`, which needs engine ${needed} (API ${api}); this one is ${version}`,
						`它使用了 \`${key}\`，需要引擎 ${needed}（API ${api}）；当前为 ${version}`,
					),
					'engine-features',
				),
			),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (_see, {subject}) => ({service: subject}),
	fixes: [],
	noFix: say(
		'Take the key that is named above out of the Compose file, if the service can do without it, and run `docker compose up -d`. Or renew the engine: stop everything with `docker compose stop`, install the current release of your distribution or of Docker, then `docker compose up -d`. Volumes stay as they are.',
		'如果服务不需要上面指出的键，请从 Compose 文件中去掉，然后执行 `docker compose up -d`。或者更新引擎：用 `docker compose stop` 停止全部服务，安装发行版或 Docker 官方的当前版本，再执行 `docker compose up -d`。卷保持不变。',
	),
	examples: [
		() =>
			sampleFacts({
				engine: {
					status: 'up',
					version: '20.10.24',
					apiVersion: '1.41',
					id: 'e',
					os: 'linux',
					architecture: 'amd64',
					endpoint: 'unix:///var/run/docker.sock',
					context: 'default',
				},
				services: {web: {status: 'missing', id: '', name: '', startedAt: null}},
				also: [
					seen(engineFeatures, '', [{service: 'web', key: 'healthcheck.start_interval', api: '1.44', engine: '25.0'}]),
				],
			}),
	],
});
