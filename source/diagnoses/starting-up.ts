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
	title: ({database}) => say(`${database || 'The database'} is still starting`, `${database || '数据库'} 仍在启动`),
	about: say(
		'The server is initialising its data directory, running its init scripts, or replaying its write-ahead log after an unclean stop. It accepts no logins over TCP until that is done, and clients that do not retry die meanwhile.',
		'服务器正在初始化数据目录、执行初始化脚本，或在非正常停止后重放预写日志。完成之前不接受 TCP 登录，不会重试的客户端便会退出。',
	),
	beware: say(
		'Do not restart it: recovery begins again from the start, and a stop during the first initialisation leaves half a database.',
		'不要重启它：恢复会从头再来；若在首次初始化时停止，会留下半个数据库。',
	),
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
