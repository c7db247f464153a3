import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {consequences} from '../core/symptoms.ts';
import {waitUntilReady} from '../fixes/wait-until-ready.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {type DatabaseScope, databaseName, services} from '../probes/looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import {sampleFacts} from './samples.ts';

export const startingUp = diagnosis<DatabaseScope>({
	id: 'starting-up',
	severity: 'failure',
	name: say('The database is still starting', '数据库仍在启动'),
	title: ({database}) => say(`${database || 'The database'} is still starting`, `${database || '数据库'} 仍在启动`),
	about: say(
		'The server has only just begun to start, is initialising its data directory, or is running its init scripts. It accepts no logins over TCP until that is done, and clients that do not retry die meanwhile.',
		'服务器刚刚开始启动、正在初始化数据目录，或正在执行初始化脚本。完成之前不接受 TCP 登录，不会重试的客户端便会退出。',
	),
	beware: say(
		'Do not restart it: it begins again from the start, and a stop during the first initialisation leaves half a database.',
		'不要重启它：一切会从头再来；若在首次初始化时停止，会留下半个数据库。',
	),
	lookAlikes: [
		{
			id: 'crash-recovery',
			tell: say(
				'There the log says `automatic recovery in progress` and `redo starts at`; here the first initialisation or its scripts are at work (`running /docker-entrypoint-initdb.d/`).',
				'那种情况下日志里有 `automatic recovery in progress` 和 `redo starts at`；这里是首次初始化或其脚本在执行（`running /docker-entrypoint-initdb.d/`）。',
			),
		},
		{
			id: 'connection-refused',
			tell: say(
				'There the server has been ready all the while and listens elsewhere; here `listening on IPv4 address` has not appeared since the start of the container.',
				'那种情况下服务器早已就绪，只是监听在别处；这里自容器启动以来还没有出现 `listening on IPv4 address`。',
			),
		},
		{
			id: 'half-initialised',
			tell: say(
				'There the log repeats the same error or the server is up and parts are missing; here new lines still come, or the processor and the disk are at work.',
				'那种情况下日志反复出现同一个错误，或服务器已启动但缺少内容；这里仍有新的日志行，或处理器和磁盘仍在工作。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const readiness = see(databaseReadiness, database);
		const last = database ? see(serviceLog, database).events.at(-1) : undefined;
		const phase = 'phase' in readiness ? readiness.phase : readiness.state;
		const name = databaseName(see, database);
		return [
			points(
				readiness.state === 'rejecting'
					? say(`${name} answers over TCP that it is not ready (${phase})`, `${name} 通过 TCP 回答尚未就绪（${phase}）`)
					: say(
							`${name} runs and does not listen on its network address yet (${phase})`,
							`${name} 在运行，但尚未监听网络地址（${phase}）`,
						),
				'database-readiness',
			),
			...(last
				? [points(say(`Its last line: ${last.text}`, `最后一行日志：${last.text}`), `log of ${database}`, last.at)]
				: []),
		];
	},
	affects: (see, {database}) => (services(see).length > 0 ? [...consequences(see(deploymentState), [database])] : []),
	hands: (_see, {database}) => ({database}),
	fixes: [waitUntilReady],
	examples: [
		() =>
			sampleFacts({
				readiness: {state: 'no-answer', phase: 'init-scripts', listens: '', port: 5432},
				services: {api: {status: 'restarting', restartCount: 2, exitCode: 1}},
				logs: {db: [{text: 'running /docker-entrypoint-initdb.d/10-load.sql'}]},
			}),
	],
});
