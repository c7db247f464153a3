import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {presentContainer} from './present-container.ts';

/** What a proxy answers to a plain request for its first page, asked from inside. `status` is null where nobody could ask. */
export type ProxyAnswer = {status: number | null};

/**
 * One GET over loopback, no redirect followed, nothing kept of the page. The official images have curl; busybox' nc stands in. The
 * name is the one that a browser on the machine would send.
 */
const script = `
port=$1
if command -v curl >/dev/null 2>&1; then
	for url in "http://127.0.0.1:$port/" "https://127.0.0.1:$port/"; do
		code=$(curl -sk -o /dev/null -m 6 -H 'Host: localhost' -w '%{http_code}' "$url")
		case $code in 000 | 400) ;; *) echo "HTTP/1 $code"; exit ;; esac
	done
elif command -v nc >/dev/null 2>&1; then
	printf 'GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' | nc -w 6 127.0.0.1 "$port" | head -n 1
fi`;

/** @param output first line of an answer */
export const statusIn = (output: string): number | null => {
	const code = /HTTP\/\S+ (\d{3})/.exec(output)?.[1];
	return code === undefined ? null : Number(code);
};

export const proxyAnswer = probe<ProxyAnswer>({
	id: 'proxy-answer',
	title: service => say(`Asking ${service} for a page`, `向 ${service} 请求一个页面`),
	like: service => `docker compose exec ${service} curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1/`,
	deadline: 16_000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (container?.status !== 'running') return {status: null};
		const inside = container.wantedPorts.filter(({protocol}) => protocol === 'tcp').map(one => one.container);
		const port = inside.includes(80) ? 80 : (inside[0] ?? 80);
		const {stdout} = await world.docker.exec(container.id, ['sh', '-c', script, 'sh', String(port)], {signal});
		return {status: statusIn(stdout)};
	},
});
