import {type ProxyTarget, targetsIn} from '../core/nginx-config.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

const usualFiles = ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/default.conf'];

async function configurationOf({docker}: ReadWorld, container: Container, signal: AbortSignal): Promise<string> {
	if (container.status === 'running') {
		const {code, stdout} = await docker.exec(container.id, ['nginx', '-T'], {signal});
		if (code === 0) return stdout;
	}
	// A stopped one, or one whose configuration does not load, has its files all the same.
	const files = await Promise.all(usualFiles.map(path => docker.readFile(container.id, path)));
	return files.map(file => file?.content.toString('utf8') ?? '').join('\n');
}

/** Where an nginx is told to pass requests on to. Nothing else of its configuration is kept. */
export const proxyTargets = probe<ProxyTarget[]>({
	id: 'proxy-targets',
	title: service => say(`Reading where ${service} passes requests on to`, `读取 ${service} 把请求转发到哪里`),
	like: service => `docker compose exec ${service} nginx -T`,
	deadline: 5000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container) return [];
		const targets = targetsIn(await configurationOf(world, container, signal));
		return targets.map(target => ({...target, host: world.redact(target.host)}));
	},
});
