import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {harmless, LineReader} from '../core/hostile.ts';
import type {ComposePlace, Container, ExecResult, ReadWorld} from '../core/world.ts';
import type {ComposeRunner} from '../core/write-world.ts';
import type {Endpoint} from './docker-endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

type Parts = {
	world: ReadWorld;
	project: string;
	endpoint: Endpoint;
	environment: Environment;
	signal: AbortSignal;
	/** Called when Compose has changed something behind the reader's back. */
	forget(): void;
};

/** How long a Compose call may go on after Ctrl-C: half a recreation is worse than a late answer. */
const graceAfterAbort = 20_000;

/** The engine that the program itself talks to, in the CLI's own words. */
export function engineOf(endpoint: Endpoint, environment: Environment): {flags: string[]; variables: Environment} {
	const {DOCKER_CONTEXT: _context, DOCKER_HOST: _host, COMPOSE_MEDIC_PASSWORD: _password, ...variables} = environment;
	return endpoint.context === 'default'
		? {flags: [], variables: {...variables, DOCKER_HOST: endpoint.url}}
		: {flags: ['--context', endpoint.context], variables};
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The flags by which Compose finds the same project again, from any folder. */
export function projectFlags(project: string, {workingDirectory, configFiles, envFiles}: ComposePlace): string[] {
	const isUsual = envFiles.length === 1 && workingDirectory !== null && envFiles[0] === join(workingDirectory, '.env');
	return [
		...['--project-name', project],
		...(workingDirectory ? ['--project-directory', workingDirectory] : []),
		...configFiles.flatMap(file => ['--file', file]),
		// Named only when it was: Compose notes the flag on the containers, and reads the usual file anyway.
		...(isUsual ? [] : envFiles.flatMap(file => ['--env-file', file])),
	];
}

/**
 * Runs the user's own `docker compose`. Standard input is closed, so that a question ends it instead of waiting; nothing is ever
 * answered on behalf of the user.
 */
export function createComposeRunner({world, project, endpoint, environment, signal, forget}: Parts): ComposeRunner {
	const engine = engineOf(endpoint, environment);
	let works: Promise<string | null> | null = null;
	let place: ComposePlace | null = null;
	void world.place().then(
		found => {
			place = found;
		},
		() => undefined,
	);

	function run(words: readonly string[], onLine?: (line: string) => void): Promise<ExecResult> {
		signal.throwIfAborted();
		return new Promise((resolve, reject) => {
			// A process group of its own: Ctrl-C in the terminal must not cut a recreation in half.
			const child = spawn('docker', [...engine.flags, 'compose', ...words], {
				env: engine.variables as NodeJS.ProcessEnv,
				stdio: ['ignore', 'pipe', 'pipe'],
				detached: true,
			});
			let timer: NodeJS.Timeout | undefined;
			const end = (): void => {
				timer = setTimeout(() => child.kill('SIGTERM'), graceAfterAbort);
			};
			signal.addEventListener('abort', end, {once: true});
			const output = {stdout: [] as Buffer[], stderr: [] as Buffer[]};
			const lines = new LineReader();
			for (const name of ['stdout', 'stderr'] as const)
				child[name].on('data', (chunk: Buffer) => {
					output[name].push(chunk);
					if (onLine) for (const line of lines.push(chunk)) onLine(harmless(line, text => world.redact(text)).trim());
				});
			child.on('error', reject);
			child.on('close', code => {
				clearTimeout(timer);
				signal.removeEventListener('abort', end);
				const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(output[name]).toString('utf8');
				resolve({code: code ?? 1, stdout: text('stdout'), stderr: text('stderr')});
			});
		});
	}

	/** The version of the plugin, or null when there is none. */
	const version = (): Promise<string | null> =>
		(works ??= run(['version', '--short']).then(
			({code, stdout}) => (code === 0 ? stdout.trim().replace(/^v/, '') : null),
			() => null,
		));

	const readable = async (): Promise<boolean> => {
		const {configFiles} = await world.place();
		const found = await Promise.all(configFiles.map(file => world.files.exists(file)));
		return configFiles.length > 0 && found.every(Boolean);
	};

	const containerOf = async (service: string): Promise<Container | undefined> =>
		(await world.docker.containers(project)).find(one => one.service === service && !one.oneOff);

	return {
		available: async () => (await readable()) && (await version()) !== null,

		async up(services, {forceRecreate, noDeps}, onLine) {
			const [, major = '2', minor = '0'] = /^(\d+)\.(\d+)/.exec((await version()) ?? '') ?? [];
			const plain = Number(major) > 2 || Number(minor) >= 20 ? ['--progress', 'plain'] : [];
			const flags = ['--detach', ...(forceRecreate ? ['--force-recreate'] : []), ...(noDeps ? ['--no-deps'] : [])];
			const result = await run(
				[...plain, ...projectFlags(project, await world.place()), 'up', ...flags, '--pull', 'missing', ...services],
				onLine,
			);
			forget();
			return result;
		},

		async wouldBlank(service) {
			const container = await containerOf(service);
			if (!container) return [];
			const {code, stdout} = await run([
				...projectFlags(project, await world.place()),
				'config',
				'--format',
				'json',
				service,
			]);
			if (code !== 0) return [];
			type Config = {services?: Record<string, {environment?: Record<string, string | null>}>};
			const planned = (JSON.parse(stdout) as Config).services?.[service]?.environment ?? {};
			const present = await world.docker.environment(container.id);
			return Object.entries(planned).flatMap(([name, value]) => (!value && present.get(name)?.open() ? [name] : []));
		},

		like(words) {
			const flags = place ? projectFlags(project, place) : ['--project-name', project];
			return ['docker', ...engine.flags, 'compose', ...flags, ...words].map(quoted).join(' ');
		},
	};
}

/** For a target that no engine manages. */
export const noCompose: ComposeRunner = {
	available: async () => false,
	up: () => Promise.reject(new Error('this target has no Compose project')),
	wouldBlank: async () => [],
	like: words => ['docker', 'compose', ...words].join(' '),
};
