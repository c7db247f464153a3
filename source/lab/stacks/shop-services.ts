import {say} from '../../core/say.ts';
import {plantSentinel} from '../sentinel.ts';
import type {LabStage} from '../stage.ts';
import {until} from '../until.ts';
import {amend, type ComposeFile, type Service, setVariables, variable} from './file.ts';
import {type GenericOptions, genericClients, startGenericClients, writeGeneric} from './generic.ts';

const redis: Service = {
	image: 'redis:6-alpine',
	restart: 'always',
	command: `redis-server --save '' --requirepass ${variable('REDIS_PASSWORD')}`,
};

/**
 * Gives the shop a redis, which its clients write to once a second.
 * @param urls how each client is told to reach it, where that differs
 */
export function addRedis(file: ComposeFile, change: Partial<Service> = {}, urls: Record<string, string> = {}): void {
	file.services = {redis: {...redis, ...change}, ...file.services};
	for (const client of genericClients) {
		setVariables(file, client, {REDIS_URL: urls[client] ?? `redis://:${variable('REDIS_PASSWORD')}@redis:6379/0`});
		amend(file, client, {depends_on: ['db', 'redis']});
	}
}

/** What `.env` needs for it. */
export const redisEnvironment = (lab: LabStage): Record<string, string> => ({REDIS_PASSWORD: lab.secret('redis')});

/** nginx in front of the shop, with a name that it resolves once. */
export function addNginx(file: ComposeFile): void {
	const app = file.services.app;
	if (app) app.ports = undefined;
	file.services.nginx = {
		image: 'nginx:alpine',
		restart: 'always',
		volumes: ['./nginx.conf:/etc/nginx/conf.d/default.conf:ro'],
		depends_on: ['app'],
		ports: [`127.0.0.1:${variable('SHOP_PORT')}:80`],
	};
}

export const nginxFile = {'nginx.conf': 'server {\n\tlisten 80;\n\tlocation / { proxy_pass http://app:8000; }\n}\n'};

/** Asks for a page of the shop until it answers so; every request leaves its lines in nginx' log. */
export async function browse(lab: LabStage, status: number): Promise<void> {
	const port = /^SHOP_PORT=(\d+)$/m.exec(await lab.read('.env'))?.[1];
	await until(`a page with ${status}`, lab.signal, async () => {
		const response = await fetch(`http://127.0.0.1:${port}/`, {signal: AbortSignal.timeout(5000)}).catch(() => null);
		return response?.status === status;
	});
}

/** The shop with whatever stands beside it, until the failing clients have failed and the others work. */
export async function startShop(
	lab: LabStage,
	options: GenericOptions & {files?: Record<string, string>; failing?: readonly string[]} = {},
): Promise<void> {
	await writeGeneric(lab, options);
	if (options.files) await lab.write(options.files);
	lab.report(say('starting the shop', '正在启动商店应用'));
	await lab.compose('up', '--detach', '--wait', 'db');
	await plantSentinel(lab, 'generic');
	await startGenericClients(lab, options.failing ?? []);
}

/** Makes the app anew after somebody else has taken its address, as another service does that is recreated at the same time. */
export async function moveApp(lab: LabStage): Promise<void> {
	await lab.docker('rm', '--force', lab.container('app'));
	await lab.run('guest', '--network', `${lab.project}_default`, '--entrypoint', 'sleep', 'redis:6-alpine', '3600');
	await lab.compose('up', '--detach', '--no-deps', 'app');
	await lab.ready('app');
}
