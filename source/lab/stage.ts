import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {say, type Text} from '../core/say.ts';
import {settling} from '../core/symptoms.ts';
import {docker} from './docker.ts';
import {writeDeep} from './folder.ts';
import {labelOf, projectLabelOf} from './labels.ts';
import {freePort} from './ports.ts';
import {until} from './until.ts';

export type StageOptions = {
	project: string;
	directory: string;
	fault: string;
	report: (line: Text) => void;
	signal?: AbortSignal;
};

/** What a fault may do to its own deployment, and nothing else. */
export class LabStage {
	readonly project: string;
	readonly directory: string;
	readonly fault: string;
	readonly signal: AbortSignal | undefined;
	readonly report: (line: Text) => void;
	/** Every password made for this deployment, by its name. */
	readonly secrets: Record<string, string> = {};

	constructor(options: StageOptions) {
		this.project = options.project;
		this.directory = options.directory;
		this.fault = options.fault;
		this.signal = options.signal;
		this.report = options.report;
	}

	/** A random password that stays the same within this deployment. */
	secret(name: string): string {
		this.secrets[name] ??= randomBytes(12).toString('hex');
		return this.secrets[name];
	}

	/** Remembers a password that the fault itself has chosen, so that the data can be checked later. */
	knownSecret(name: string, value: string): string {
		this.secrets[name] = value;
		return value;
	}

	freePort(): Promise<number> {
		return freePort();
	}

	write(files: Record<string, string>): Promise<unknown> {
		const mode = (path: string): number => (path === '.env' ? 0o600 : 0o644);
		return Promise.all(
			Object.entries(files).map(([path, text]) => writeDeep(join(this.directory, path), text, mode(path))),
		);
	}

	read(path: string): Promise<string> {
		return readFile(join(this.directory, path), 'utf8');
	}

	/** Changes lines of `.env` as a person with an editor would: null takes the line out, text is written as it is. */
	async setEnvironment(changes: Record<string, string | null>): Promise<void> {
		let text = await this.read('.env');
		for (const [name, value] of Object.entries(changes)) {
			const line = new RegExp(`^${name}=.*\n`, 'm');
			const replacement = value === null ? '' : `${name}=${value}\n`;
			text = line.test(text) ? text.replace(line, () => replacement) : text + replacement;
		}
		await this.write({'.env': text});
	}

	compose(...args: string[]): Promise<string> {
		return docker(['compose', '--project-name', this.project, ...args], {
			directory: this.directory,
			signal: this.signal,
		});
	}

	/** For what fails by design: a port that is taken, a dependency that never gets healthy. */
	composeMayFail(...args: string[]): Promise<string> {
		return this.compose(...args).catch(error => {
			this.signal?.throwIfAborted();
			return String(error);
		});
	}

	docker(...args: string[]): Promise<string> {
		return docker(args, {signal: this.signal});
	}

	/** Starts a container beside the project, with the labels by which it is found and removed again. */
	run(name: string, ...args: string[]): Promise<string> {
		const labels = ['--label', labelOf(this.fault), '--label', projectLabelOf(this.project)];
		return this.docker('run', '--detach', '--name', `${this.project}-${name}`, ...labels, ...args);
	}

	/** The container of a service; compose numbers them from 1. */
	container(service: string): string {
		return `${this.project}-${service}-1`;
	}

	/** Runs SQL over the server's own socket. The text goes through standard input: it may hold passwords. */
	sql(text: string, {service = 'db', user = 'postgres', database = 'postgres'} = {}): Promise<string> {
		const psql = ['psql', '--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', '-U', user, '-d', database];
		return docker(['exec', '-i', '-u', 'postgres', this.container(service), ...psql], {
			stdin: text,
			signal: this.signal,
		});
	}

	/** Runs a shell script in the container of a service. */
	shell(service: string, script: string): Promise<string> {
		return docker(['exec', '-i', this.container(service), 'sh', '-se'], {stdin: script, signal: this.signal});
	}

	async #restartCounts(services: readonly string[]): Promise<number[]> {
		const names = services.map(service => this.container(service));
		const counts = await this.docker('inspect', '--format', '{{.RestartCount}}', ...names);
		return counts.trim().split('\n').map(Number);
	}

	/** Waits until the services have failed and been started again at least once. */
	async crashLooping(...services: string[]): Promise<void> {
		this.report(say(`waiting for ${services.join(', ')} to fail`, `等待 ${services.join('、')} 出错`));
		await until(`${services.join(', ')} to fail`, this.signal, async () =>
			(await this.#restartCounts(services)).every(count => count >= 1),
		);
	}

	/** Waits until services that fail already have failed once more, now for the newest reason. */
	async crashAgain(...services: string[]): Promise<void> {
		const before = await this.#restartCounts(services);
		// Two more: the run that was under way may have begun before the change.
		await until(`${services.join(', ')} to fail again`, this.signal, async () =>
			(await this.#restartCounts(services)).every((count, index) => count >= (before[index] ?? 0) + 2),
		);
	}

	/** Waits until services that came back after a crash have run for so long that nobody takes them for a crash loop any more. */
	async settled(...services: string[]): Promise<void> {
		await this.ready(...services);
		const names = services.map(service => this.container(service));
		await until(`${services.join(', ')} to stay up`, this.signal, async () => {
			const starts = await this.docker('inspect', '--format', '{{.State.StartedAt}}', ...names);
			return starts
				.trim()
				.split('\n')
				.every(at => Date.now() - Date.parse(at) > settling);
		});
	}

	/** Waits until a text is in the log of a service. */
	logged(service: string, text: string): Promise<void> {
		return until(`"${text}" in the log of ${service}`, this.signal, async () =>
			(await this.logs(service)).includes(text),
		);
	}

	/** Waits until a text is in the log of a service several times. */
	loggedTimes(service: string, text: string, times: number): Promise<void> {
		return until(
			`"${text}" ${times} times in the log of ${service}`,
			this.signal,
			async () => (await this.logs(service)).split(text).length > times,
		);
	}

	/** Both streams of a service's log, or what came since a moment. */
	logs(service: string, since = '0'): Promise<string> {
		return docker(['logs', '--since', since, this.container(service)], {signal: this.signal, both: true});
	}

	/** Waits until the services say that they work, in the log of their present run. */
	async ready(...services: string[]): Promise<void> {
		if (services.length > 0)
			this.report(say(`waiting for ${services.join(', ')} to work`, `等待 ${services.join('、')} 正常运行`));
		for (const service of services) {
			await until(`${service} to be ready`, this.signal, async () => {
				const state = await this.docker(
					'inspect',
					'--format',
					'{{.State.Status}} {{.State.StartedAt}}',
					this.container(service),
				);
				const [status = '', startedAt = ''] = state.trim().split(' ');
				return status === 'running' && (await this.logs(service, startedAt)).includes('is ready');
			});
		}
	}
}
