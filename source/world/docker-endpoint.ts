import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {say} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';

/** Where the engine listens, as the Docker CLI would find it. */
export type Endpoint = {
	/** Name of the Docker context; `default` when a host or nothing was named. */
	context: string;
	/** As it is shown: `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2376`. */
	url: string;
	address: {socketPath: string} | {host: string; port: number};
	tls: {ca?: Buffer; cert?: Buffer; key?: Buffer; verify: boolean} | null;
};

export type EndpointChoice = {host?: string; context?: string};

/** What resolution looks at besides the choice; replaced in tests. */
export type Surroundings = {
	environment: Readonly<Record<string, string | undefined>>;
	home: string;
	read(path: string): Buffer | null;
	exists(path: string): boolean;
};

const readable = (path: string): Buffer | null => {
	try {
		return readFileSync(path);
	} catch {
		return null;
	}
};

const isThere = (path: string): boolean => {
	try {
		readFileSync(path);
		return true;
	} catch (error) {
		// A socket can't be read as a file, and a denied one is there all the same.
		return (error as NodeJS.ErrnoException).code !== 'ENOENT';
	}
};

export const surroundings = (environment: NodeJS.ProcessEnv = process.env): Surroundings => ({
	environment,
	home: homedir(),
	read: readable,
	exists: isThere,
});

const usage = (code: string, what: ReturnType<typeof say>, next?: ReturnType<typeof say>): Trouble =>
	new Trouble(code, what, {next, exitCode: exitCode.usage});

/** Reads `unix://`, `npipe://`, `tcp://`, `http(s)://` and the CLI's bare `host:port`. */
function parseHost(url: string, context: string, tls: Endpoint['tls']): Endpoint {
	const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(url.trim()) ?? [];
	switch (scheme.toLowerCase()) {
		case 'unix':
			return {
				context,
				url: `unix://${rest || '/var/run/docker.sock'}`,
				address: {socketPath: rest || '/var/run/docker.sock'},
				tls: null,
			};
		case 'npipe':
			return {context, url, address: {socketPath: rest || '//./pipe/docker_engine'}, tls: null};
		case 'tcp':
		case 'http':
		case 'https': {
			const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:/]+))(?::(\d+))?\/?$/.exec(rest) ?? [];
			const host = bracketed ?? plain;
			if (!host) break;
			const secure = tls ?? (scheme === 'https' ? {verify: true} : null);
			return {
				context,
				url: `tcp://${bracketed ? `[${host}]` : host}:${port ?? (secure ? 2376 : 2375)}`,
				address: {host, port: Number(port ?? (secure ? 2376 : 2375))},
				tls: secure,
			};
		}
		case 'ssh':
			throw usage(
				'engine-over-ssh',
				say(
					`\`${url}\` is reached over SSH, which compose-medic does not speak.`,
					`\`${url}\` 需要通过 SSH 访问，compose-medic 不支持。`,
				),
				say(
					`Run compose-medic on that machine, or forward the socket: \`ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ${rest}\`, then \`--host unix:///tmp/docker.sock\`.`,
					`在那台机器上运行 compose-medic，或转发套接字：\`ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ${rest}\`，然后使用 \`--host unix:///tmp/docker.sock\`。`,
				),
			);
	}
	throw usage(
		'bad-host',
		say(`\`${url}\` is no address of a Docker engine.`, `\`${url}\` 不是有效的 Docker 引擎地址。`),
		say(
			'Write it as `unix:///path/docker.sock` or `tcp://host:port`.',
			'请写成 `unix:///path/docker.sock` 或 `tcp://host:port`。',
		),
	);
}

const tlsFrom = (folder: string, verify: boolean, {read}: Surroundings): Endpoint['tls'] => {
	const file = (name: string): Buffer | undefined => read(join(folder, name)) ?? undefined;
	return {ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem'), verify};
};

/** The CLI keeps a context under the SHA-256 of its name (docker/cli, cli/context/store). */
function fromContext(name: string, configuration: string, around: Surroundings): Endpoint {
	const id = createHash('sha256').update(name).digest('hex');
	const meta = around.read(join(configuration, 'contexts', 'meta', id, 'meta.json'));
	const known =
		meta && (JSON.parse(meta.toString('utf8')) as {Endpoints?: {docker?: {Host?: string; SkipTLSVerify?: boolean}}});
	const host = known?.Endpoints?.docker?.Host;
	if (!host)
		throw usage(
			'unknown-context',
			say(`There is no Docker context \`${name}\`.`, `没有名为 \`${name}\` 的 Docker context。`),
			say('`docker context ls` lists them.', '可用 `docker context ls` 列出。'),
		);
	const folder = join(configuration, 'contexts', 'tls', id, 'docker');
	const skip = known?.Endpoints?.docker?.SkipTLSVerify === true;
	const secure = skip || around.read(join(folder, 'ca.pem')) || around.read(join(folder, 'cert.pem'));
	return parseHost(host, name, secure ? tlsFrom(folder, !skip, around) : null);
}

function fromEnvironment(host: string, configuration: string, around: Surroundings): Endpoint {
	const {environment} = around;
	const verify = !!environment['DOCKER_TLS_VERIFY'];
	const wanted = verify || !!environment['DOCKER_TLS'];
	return parseHost(
		host,
		'default',
		wanted ? tlsFrom(environment['DOCKER_CERT_PATH'] || configuration, verify, around) : null,
	);
}

function currentContext(configuration: string, {read, environment}: Surroundings): string | null {
	if (environment['DOCKER_CONTEXT']) return environment['DOCKER_CONTEXT'];
	const config = read(join(configuration, 'config.json'));
	try {
		return config ? ((JSON.parse(config.toString('utf8')) as {currentContext?: string}).currentContext ?? null) : null;
	} catch {
		return null;
	}
}

/** The CLI's default, then where Docker Desktop and a rootless engine put their sockets. */
function defaultSocket({environment, home, exists}: Surroundings): string {
	if (process.platform === 'win32') return 'npipe:////./pipe/docker_engine';
	const candidates = ['/var/run/docker.sock', join(home, '.docker/run/docker.sock')];
	if (environment['XDG_RUNTIME_DIR']) candidates.push(join(environment['XDG_RUNTIME_DIR'], 'docker.sock'));
	return `unix://${candidates.find(exists) ?? candidates[0]}`;
}

/**
 * Finds the engine in the CLI's own order: `--context`, `--host`, DOCKER_HOST, DOCKER_CONTEXT, the current context, the default
 * socket (docker/cli, `resolveContextName`).
 * @throws Trouble (usage) for both flags at once, an unknown context, or an address that can't be used
 */
export function resolveEndpoint(choice: EndpointChoice, around: Surroundings = surroundings()): Endpoint {
	const configuration = around.environment['DOCKER_CONFIG'] || join(around.home, '.docker');
	if (choice.context && choice.host)
		throw usage(
			'two-engines',
			say('`--host` and `--context` both name an engine.', '`--host` 与 `--context` 不能同时使用。'),
		);
	if (choice.context && choice.context !== 'default') return fromContext(choice.context, configuration, around);
	const host = choice.host ?? (choice.context ? undefined : around.environment['DOCKER_HOST']);
	if (host) return fromEnvironment(host, configuration, around);
	const context = choice.context ?? currentContext(configuration, around);
	if (context && context !== 'default') return fromContext(context, configuration, around);
	return parseHost(defaultSocket(around), 'default', null);
}
