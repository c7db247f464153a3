/** Where nginx sends requests. `fixed`: its name was resolved once, when nginx started, and is kept until a reload. */
export type ProxyTarget = {host: string; port: number; fixed: boolean};

const directive = /(?:^|[\s;{}])(?:proxy|grpc|fastcgi|uwsgi|scgi)_pass\s+([^\s;]+)\s*;/g;
const upstreamBlock = /(?:^|[\s;{}])upstream\s+(\S+)\s*\{([^}]*)\}/g;
const serverLine = /(?:^|[\s;{}])server\s+([^\s;]+)([^;]*);/g;
const setting = /(?:^|[\s;{}])set\s+\$(\w+)\s+["']?([^"';]+?)["']?\s*;/g;

const usualPorts: Record<string, number> = {https: 443, grpcs: 443};

function place(text: string): {host: string; port: number} | null {
	const [, scheme = 'http', rest = ''] = /^(?:(\w+):\/\/)?(.*)$/s.exec(text) ?? [];
	const [, host = '', port] = /^(\[[^\]]+\]|[^/:$]+)(?::(\d+))?(?:[/?].*)?$/.exec(rest) ?? [];
	// A socket of the same container is nobody's host.
	if (host === '' || rest.startsWith('unix:')) return null;
	return {host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? usualPorts[scheme] ?? 80)};
}

/**
 * Reads every place that requests are passed on to out of a configuration, as `nginx -T` prints it. A name in a variable is
 * resolved anew (ngx_http_proxy_module, `proxy_pass`), any other at the start only.
 */
export function targetsIn(configuration: string): ProxyTarget[] {
	const text = configuration.replace(/(^|\s)#[^\n]*/g, '$1');
	const variables = new Map([...text.matchAll(setting)].map(([, name = '', value = '']) => [name, value]));
	const groups = new Set<string>();
	const found: ProxyTarget[] = [];
	for (const [, name = '', body = ''] of text.matchAll(upstreamBlock)) {
		groups.add(name);
		for (const [, address = '', options = ''] of body.matchAll(serverLine)) {
			const target = place(address);
			if (target) found.push({...target, fixed: !/\bresolve\b/.test(options)});
		}
	}
	for (const [, value = ''] of text.matchAll(directive)) {
		const whole = value.replace(/\$\{?(\w+)\}?/g, (all, name: string) => variables.get(name) ?? all);
		const target = place(whole);
		if (target && !groups.has(target.host)) found.push({...target, fixed: !value.includes('$')});
	}
	// One fixed mention of a name and port is kept for all of them.
	const byPlace = new Map<string, ProxyTarget>();
	for (const target of found) {
		const key = `${target.host}:${target.port}`;
		byPlace.set(key, {...target, fixed: target.fixed || (byPlace.get(key)?.fixed ?? false)});
	}
	return [...byPlace.values()];
}
