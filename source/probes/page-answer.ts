import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {presentContainer} from './present-container.ts';

/** The HTTP status that a service answers with, or `none` when nobody answers; null when it can't be asked from inside. */
export type PageAnswer = {status: number | 'none' | null};

/** `api:5001/health`, as `about` of the probe. */
export const pageOf = (service: string, port: number, path: string): string => `${service}:${port}${path}`;

/**
 * Every image has another program for it; one without any has no answer for us. BusyBox' wget prints headers like GNU's. Some
 * servers listen on their own address only, so that is asked when nobody answers on the loopback.
 */
const script = `
ask() {
	if command -v curl >/dev/null 2>&1; then
		curl -ks -o /dev/null -m 3 -w '%{http_code}' "$1" || true
	elif command -v wget >/dev/null 2>&1; then
		wget -S -T 3 -O /dev/null "$1" 2>&1 | sed -n 's/.*HTTP\\/[0-9.]* \\([0-9][0-9]*\\).*/\\1/p' | head -n 1
	elif command -v python3 >/dev/null 2>&1; then
		python3 -c 'import sys, urllib.request, urllib.error
try:
	print(urllib.request.urlopen(sys.argv[1], timeout=3).status)
except urllib.error.HTTPError as error:
	print(error.code)
except OSError:
	print("000")' "$1"
	elif command -v node >/dev/null 2>&1; then
		node -e 'fetch(process.argv[1], {redirect: "manual", signal: AbortSignal.timeout(3000)}).then(({status}) => console.log(status), () => console.log("000"))' "$1"
	else
		echo nobody-to-ask
	fi
}
for url in "$@"; do
	answer=$(ask "$url")
	case $answer in '' | 000) ;; *) echo "$answer"; exit 0 ;; esac
done
`;

/** Asks a service for one of its pages, from inside its container: no port has to be published and no host name to be known. */
export const pageAnswer = probe<PageAnswer>({
	id: 'page-answer',
	title: page => say(`Asking for http://${page}`, `请求 http://${page}`),
	like: page => `docker compose exec ${page.split(':')[0]} curl -s -o /dev/null -w '%{http_code}' http://${page}`,
	deadline: 8000,
	async observe(world, about, signal) {
		const [, service = '', port = '', path = ''] = /^([^:]+):(\d+)(.*)$/.exec(about) ?? [];
		const container = await presentContainer(world, service);
		if (container?.status !== 'running') return {status: 'none'};
		const scheme = port === '443' ? 'https' : 'http';
		const hosts = ['127.0.0.1', ...container.networks.map(({address}) => address).filter(address => address !== '')];
		const urls = hosts.slice(0, 2).map(host => `${scheme}://${host}:${port}${path}`);
		const command = ['sh', '-c', script, 'sh', ...urls];
		const {code, stdout} = await world.docker.exec(container.id, command, {signal});
		const answer = stdout.trim();
		if (code !== 0 || answer === 'nobody-to-ask') return {status: null};
		const status = Number(answer);
		return {status: status >= 100 ? status : 'none'};
	},
});
