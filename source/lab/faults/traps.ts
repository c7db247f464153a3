import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {plantSentinel} from '../sentinel.ts';
import {difyClients, startDify, startDifyClients, startDifyDatabase, writeDify} from '../stacks/dify.ts';
import {amend, application, setVariables, variable} from '../stacks/file.ts';
import {genericClients, writeGeneric} from '../stacks/generic.ts';
import {addNginx, addRedis, browse, nginxFile, redisEnvironment, startShop} from '../stacks/shop-services.ts';

export const trapOldFatalLines = fault({
	id: 'trap-old-fatal-lines',
	kind: 'trap',
	stack: 'dify',
	title: say('Works again, but the logs still hold the errors of before', '已恢复正常，但日志里还有以前的错误'),
	expects: [],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.setEnvironment({DB_PASSWORD: lab.secret('changed')});
		await startDifyClients(lab);
		await lab.sql(`alter role postgres password '${lab.secret('changed')}'`);
		await lab.docker('restart', lab.container('db'));
		await lab.docker('restart', '--time', '2', ...difyClients.map(service => lab.container(service)));
		await lab.ready(...difyClients);
	},
});

/** Strangers try roles that do not exist; the lines look like a broken client, but no service of the project is behind them. */
const guesses = `
while :; do
	for role in admin root sa oracle test; do PGPASSWORD=guess psql -h db -U "$role" -d postgres -c 'select 1'; done
	sleep 20
done`;

export const trapScanner = fault({
	id: 'trap-scanner',
	kind: 'trap',
	stack: 'dify',
	title: say('A stranger tries passwords; the deployment itself works', '有陌生人在试密码，部署本身正常'),
	expects: [],
	async provoke(lab) {
		await startDify(lab);
		await lab.run(
			'stranger',
			'--network',
			`${lab.project}_default`,
			'--entrypoint',
			'sh',
			'postgres:15-alpine',
			'-c',
			guesses,
		);
		// Long enough for the first round to be in the server's log.
		await lab.logged('db', 'user "test"');
	},
});

export const trapPanickedWhileStarting = fault({
	id: 'trap-panicked-while-starting',
	kind: 'trap',
	stack: 'dify',
	title: say(
		'The clients failed while the database was being made, then came up',
		'数据库初始化期间客户端多次失败，随后恢复',
	),
	expects: [],
	async provoke(lab) {
		await writeDify(lab, {
			change(file) {
				for (const client of difyClients) amend(file, client, {depends_on: ['db', 'redis']});
				file.services.db?.volumes?.push('./import:/docker-entrypoint-initdb.d:ro');
			},
		});
		await lab.write({'import/10-slow.sh': 'sleep 4\n'});
		await startDifyClients(lab, []);
		await plantSentinel(lab, 'dify');
		await lab.settled(...difyClients);
	},
});

export const trapOld502 = fault({
	id: 'trap-old-502',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'nginx answered with 502 while the shop was restarted, and works again',
		'商店重启期间 nginx 返回过 502，现已恢复',
	),
	expects: [],
	async provoke(lab) {
		await startShop(lab, {change: addNginx, files: nginxFile});
		await lab.docker('stop', '--time', '2', lab.container('app'));
		await browse(lab, 502);
		await lab.docker('start', lab.container('app'));
		await lab.ready('app');
		await browse(lab, 200);
	},
});

export const trapEarlyVisitor = fault({
	id: 'trap-early-visitor',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'Somebody came before the shop had started, and nobody since',
		'有人在商店启动完成之前访问过，此后再没有人访问',
	),
	expects: [],
	async provoke(lab) {
		await writeGeneric(lab, {
			change(file) {
				addNginx(file);
				const late = 'sleep 6; exec node --max-semi-space-size=1 /client.mjs';
				amend(file, 'app', {command: ['sh', '-c', late]});
			},
		});
		await lab.write(nginxFile);
		await lab.compose('up', '--detach', '--wait', 'db');
		await plantSentinel(lab, 'generic');
		await lab.compose('up', '--detach');
		await browse(lab, 502);
		await lab.ready(...genericClients);
	},
});

/** A stranger on the network tries passwords of redis; redis tells nobody, and its clients work. */
const redisGuesses = `
while :; do
	for guess in admin 123456 redis; do redis-cli -h redis AUTH "$guess"; done
	sleep 5
done`;

export const trapRedisScanner = fault({
	id: 'trap-redis-scanner',
	kind: 'trap',
	stack: 'generic',
	title: say('A stranger tries passwords of redis; the shop itself works', '有陌生人在试 redis 密码，商店本身正常'),
	expects: [],
	async provoke(lab) {
		await startShop(lab, {environment: redisEnvironment(lab), change: file => addRedis(file)});
		const on = ['--network', `${lab.project}_default`, '--entrypoint', 'sh'];
		await lab.run('stranger', ...on, 'redis:6-alpine', '-c', redisGuesses);
	},
});

export const trapFinishedJob = fault({
	id: 'trap-finished-job',
	kind: 'trap',
	stack: 'generic',
	title: say('A job that ended well, and a tool that nobody has started', '已正常结束的任务，以及没有人启动的工具'),
	expects: [],
	provoke: lab =>
		startShop(lab, {
			change(file) {
				file.services.migrate = {
					...application('migrate'),
					restart: 'no',
					command: ['node', '-e', 'console.log("0 migrations failed, no error")'],
				};
				file.services.console = {...application('console'), profiles: ['tools']};
			},
		}),
});

export const trapUnusedRedis = fault({
	id: 'trap-unused-redis-variables',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'Variables of a redis that is not used, and a password that redis does not ask for',
		'未使用的 redis 变量，以及 redis 并不要求的密码',
	),
	expects: [],
	provoke: lab =>
		startShop(lab, {
			environment: redisEnvironment(lab),
			change(file) {
				addRedis(file, {command: "redis-server --save ''"});
				for (const client of genericClients) setVariables(file, client, {REDIS_URL: 'redis://redis:6379/0'});
				setVariables(file, 'app', {CACHE_REDIS_HOST: 'old-cache', CACHE_REDIS_PORT: '6390'});
				setVariables(file, 'worker', {REDIS_HOST: 'redis', REDIS_PASSWORD: variable('REDIS_PASSWORD')});
			},
		}),
});
