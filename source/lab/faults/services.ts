import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {plantSentinel} from '../sentinel.ts';
import {amend, setVariables, variable} from '../stacks/file.ts';
import {genericClients, writeGeneric} from '../stacks/generic.ts';
import {addNginx, addRedis, browse, moveApp, nginxFile, redisEnvironment, startShop} from '../stacks/shop-services.ts';

export const redisAuth = fault({
	id: 'redis-auth',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The password of redis was changed, one URL still holds the old one',
		'改了 redis 密码，却有一处 URL 仍是旧密码',
	),
	expects: [{id: 'redis-auth', service: 'worker'}],
	provoke: lab =>
		startShop(lab, {
			environment: {...redisEnvironment(lab), OLD_PASSWORD: lab.secret('redis-old')},
			change: file => addRedis(file, {}, {worker: `redis://:${variable('OLD_PASSWORD')}@redis:6379/0`}),
			failing: ['worker'],
		}),
});

export const redisAuthBlank = fault({
	id: 'redis-auth-blank',
	kind: 'fault',
	stack: 'generic',
	title: say('Redis wants a password, and its client gives none', 'redis 要求密码，而客户端没有给出'),
	expects: [{id: 'redis-auth', service: 'worker'}],
	provoke: lab =>
		startShop(lab, {
			environment: redisEnvironment(lab),
			change: file => addRedis(file, {}, {worker: 'redis://redis:6379/0'}),
			failing: ['worker'],
		}),
});

export const redisAuthNeedless = fault({
	id: 'redis-auth-needless',
	kind: 'fault',
	stack: 'generic',
	title: say('Redis was started without the password that its clients send', 'redis 启动时没有设置客户端发送的密码'),
	expects: [
		{id: 'redis-auth', service: 'app'},
		{id: 'redis-auth', service: 'worker'},
	],
	provoke: lab =>
		startShop(lab, {
			environment: redisEnvironment(lab),
			change: file => addRedis(file, {command: "redis-server --save ''"}),
			failing: genericClients,
		}),
});

export const redisUnreachable = fault({
	id: 'redis-unreachable',
	kind: 'fault',
	stack: 'generic',
	title: say('Somebody stopped redis', '有人停止了 redis'),
	expects: [{id: 'redis-unreachable', service: 'redis'}],
	async provoke(lab) {
		await startShop(lab, {environment: redisEnvironment(lab), change: file => addRedis(file)});
		await lab.compose('stop', 'redis');
		await lab.crashLooping(...genericClients);
	},
});

export const redisUnreachablePort = fault({
	id: 'redis-unreachable-port',
	kind: 'fault',
	stack: 'generic',
	title: say('A URL names a port that redis does not listen on', 'URL 中的端口不是 redis 监听的端口'),
	expects: [{id: 'redis-unreachable', service: 'redis'}],
	provoke: lab =>
		startShop(lab, {
			environment: redisEnvironment(lab),
			change: file => addRedis(file, {}, {worker: `redis://:${variable('REDIS_PASSWORD')}@redis:6380/0`}),
			failing: ['worker'],
		}),
});

export const redisMisconf = fault({
	id: 'redis-misconf',
	kind: 'fault',
	stack: 'generic',
	title: say('Redis may not write into its folder any more', 'redis 对数据目录不再有写权限'),
	expects: [{id: 'redis-misconf', service: 'redis'}],
	async provoke(lab) {
		await startShop(lab, {
			environment: redisEnvironment(lab),
			change: file => addRedis(file, {command: `redis-server --requirepass ${variable('REDIS_PASSWORD')}`}),
		});
		const login = `REDISCLI_AUTH='${lab.secret('redis')}'; export REDISCLI_AUTH`;
		await lab.shell('redis', `${login}; chown root:root /data; redis-cli bgsave`);
		await lab.crashLooping(...genericClients);
	},
});

export const redisAofCorrupt = fault({
	id: 'redis-aof-corrupt',
	kind: 'fault',
	stack: 'generic',
	title: say('The append-only file of redis is damaged', 'redis 的追加日志已损坏'),
	expects: [{id: 'redis-aof-corrupt', service: 'redis'}],
	async provoke(lab) {
		await startShop(lab, {
			environment: redisEnvironment(lab),
			change: file =>
				addRedis(file, {command: `redis-server --appendonly yes --requirepass ${variable('REDIS_PASSWORD')}`}),
		});
		// What a power cut leaves in the middle of a write, with more after it.
		const damage =
			"for file in $(find /data -name '*.aof' | grep -v base); do printf '\\0\\0*3garbage\\r\\n$3\\r\\n' >>$file; done";
		await lab.shell('redis', damage);
		await lab.docker('kill', lab.container('redis'));
		await lab.docker('start', lab.container('redis'));
		await lab.crashLooping('redis', ...genericClients);
	},
});

export const nginxUpstreamDown = fault({
	id: 'nginx-upstream-down',
	kind: 'fault',
	stack: 'generic',
	title: say('nginx works, and somebody stopped what is behind it', 'nginx 正常，但后面的服务被停止'),
	expects: [{id: 'nginx-upstream-down', service: 'nginx'}],
	async provoke(lab) {
		await startShop(lab, {change: addNginx, files: nginxFile});
		await browse(lab, 200);
		await lab.docker('stop', '--time', '2', lab.container('app'));
		await browse(lab, 502);
	},
});

export const nginxUpstreamPort = fault({
	id: 'nginx-upstream-down-port',
	kind: 'fault',
	stack: 'generic',
	title: say('nginx asks at a port that the service does not listen on', 'nginx 转发的端口不是服务监听的端口'),
	expects: [{id: 'nginx-upstream-down', service: 'nginx'}],
	async provoke(lab) {
		await startShop(lab, {
			change: addNginx,
			files: {'nginx.conf': nginxFile['nginx.conf'].replace('8000', '8080')},
		});
		await browse(lab, 502);
	},
});

export const nginxStaleUpstream = fault({
	id: 'nginx-stale-upstream',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'nginx keeps the address that a service had before it was made anew',
		'nginx 仍使用服务重新创建之前的地址',
	),
	expects: [{id: 'nginx-stale-upstream', service: 'nginx'}],
	async provoke(lab) {
		await startShop(lab, {change: addNginx, files: nginxFile});
		await browse(lab, 200);
		await moveApp(lab);
		await browse(lab, 502);
	},
});

export const healthcheckNoise = fault({
	id: 'healthcheck-noise',
	kind: 'fault',
	stack: 'generic',
	title: say('The health check asks for a role that does not exist, once a second', '健康检查每秒查询一个不存在的角色'),
	expects: [{id: 'healthcheck-noise', service: 'db'}],
	async provoke(lab) {
		await startShop(lab, {
			change(file) {
				amend(file, 'db', {
					healthcheck: {test: ['CMD-SHELL', 'pg_isready'], interval: '1s', timeout: '3s', retries: 60},
				});
			},
		});
		await lab.loggedTimes('db', 'role "root" does not exist', 3);
	},
});

export const dependencyUnhealthy = fault({
	id: 'dependency-unhealthy',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'The health check of the database asks at a wrong port, so nothing else starts',
		'数据库健康检查的端口写错，其余服务都不启动',
	),
	expects: [{id: 'dependency-unhealthy', service: 'db'}],
	async provoke(lab) {
		await writeGeneric(lab, {
			change(file) {
				const test = ['CMD-SHELL', 'pg_isready -U shop -d shopdb -p 5433'];
				amend(file, 'db', {healthcheck: {test, interval: '1s', timeout: '3s', retries: 2, start_period: '3s'}});
				for (const client of genericClients) amend(file, client, {depends_on: {db: {condition: 'service_healthy'}}});
			},
		});
		// Once for the server that runs the init scripts; until the second one the check would rightly fail.
		await lab.compose('up', '--detach', 'db');
		await lab.loggedTimes('db', 'ready to accept connections', 2);
		await lab.composeMayFail('up', '--detach');
		// On a slow machine Compose gives up before the first start is over.
		await plantSentinel(lab, 'generic');
	},
});

export const appServiceFailing = fault({
	id: 'app-service-failing',
	kind: 'fault',
	stack: 'generic',
	title: say('A service can’t read its own settings', '服务读不了自己的设置文件'),
	expects: [{id: 'app-service-failing', service: 'worker'}],
	provoke: lab =>
		startShop(lab, {
			change(file) {
				setVariables(file, 'worker', {SETTINGS_FILE: '/settings.json'});
				file.services.worker?.volumes?.push('./settings.json:/settings.json:ro');
			},
			files: {'settings.json': '{"articles_per_page": 20,}\n'},
			failing: ['worker'],
		}),
});

export const doubleRedisAndDatabase = fault({
	id: 'double-redis-and-database',
	kind: 'double',
	stack: 'generic',
	title: say(
		'One service has a wrong password for redis, another one for the database',
		'一个服务的 redis 密码错误，另一个的数据库密码错误',
	),
	expects: [
		{id: 'client-password-drift', service: 'worker'},
		{id: 'redis-auth', service: 'app'},
	],
	provoke: lab =>
		startShop(lab, {
			environment: {
				...redisEnvironment(lab),
				OLD_PASSWORD: lab.secret('redis-old'),
				WORKER_PASSWORD: lab.secret('drifted'),
			},
			change(file) {
				addRedis(file, {}, {app: `redis://:${variable('OLD_PASSWORD')}@redis:6379/0`});
				setVariables(file, 'worker', {PGPASSWORD: variable('WORKER_PASSWORD')});
			},
			failing: genericClients,
		}),
});

export const doubleUpstreamAndRedis = fault({
	id: 'double-upstream-and-redis',
	kind: 'double',
	stack: 'generic',
	title: say(
		'nginx keeps an old address, and a service asks redis at a wrong port',
		'nginx 使用旧地址，同时有服务使用了错误的 redis 端口',
	),
	expects: [
		{id: 'redis-unreachable', service: 'redis'},
		{id: 'nginx-stale-upstream', service: 'nginx'},
	],
	async provoke(lab) {
		await startShop(lab, {
			environment: redisEnvironment(lab),
			change(file) {
				addRedis(file, {}, {worker: `redis://:${variable('REDIS_PASSWORD')}@redis:6380/0`});
				addNginx(file);
			},
			files: nginxFile,
			failing: ['worker'],
		});
		await browse(lab, 200);
		await moveApp(lab);
		await browse(lab, 502);
		await lab.crashAgain('worker');
	},
});
