import {spawn} from 'node:child_process';
import {harmless} from '../core/hostile.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import type {ComposePlace, ComposeVerdict} from '../core/world.ts';
import {engineOf, projectFlags} from './compose-run.ts';
import type {Endpoint} from './docker-endpoint.ts';

type Parts = {
	project: string;
	place: ComposePlace;
	endpoint: Endpoint;
	environment: Readonly<Record<string, string | undefined>>;
	redact: (text: string) => string;
	signal: AbortSignal;
};

/** Reading the files takes Compose a fifth of a second; whatever takes longer waits for something that is not ours to wait for. */
const patience = 5000;

const mostBytes = 64 * 1024;

/** Files elsewhere (Git, registries) would have to be fetched, and a look must not fetch. The names are Compose's own. */
const stayHome = {COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false', COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false'};

const noJudge = (why: Text): ComposeVerdict => ({kind: 'no-judge', why});

/** What Compose complains about: its last words, without the warnings about variables and attributes that are no errors. */
function complaint(stderr: string): string {
	const lines = stderr.split('\n').map(line => line.trim());
	return lines
		.filter(line => line !== '' && !/level=warning|^WARN/.test(line))
		.slice(-6)
		.join(' ');
}

/** No plugin, or no CLI: the words of the docker CLI and of the shell's. */
const absent = /'compose' is not a docker command|unknown (?:shorthand )?flag|unknown command|docker: not found/;

/**
 * Asks the user's own Compose, by `docker compose config --quiet`, whether it accepts the files. That reads the files and writes
 * nothing; standard input is closed, and nothing is fetched.
 */
export function composeVerdict({
	project,
	place,
	endpoint,
	environment,
	redact,
	signal,
}: Parts): Promise<ComposeVerdict> {
	if (place.configFiles.length === 0)
		return Promise.resolve(noJudge(say('the Compose files are not known here', '这里不知道 Compose 文件在哪里')));
	const {flags, variables} = engineOf(endpoint, environment);
	const words = [...flags, 'compose', ...projectFlags(project, place), 'config', '--quiet'];
	return new Promise(resolve => {
		const child = spawn('docker', words, {
			env: {...variables, ...stayHome} as NodeJS.ProcessEnv,
			stdio: ['ignore', 'ignore', 'pipe'],
			signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
		});
		let stderr = '';
		child.stderr.on('data', (chunk: Buffer) => {
			if (stderr.length < mostBytes) stderr += chunk.toString('utf8');
		});
		child.on('error', error => resolve(noJudge(verbatim(redact(error.message)))));
		child.on('close', code => {
			if (code === 0) return resolve({kind: 'valid'});
			const says = harmless(complaint(stderr), redact);
			resolve(code === null || says === '' || absent.test(says) ? noJudge(verbatim(says)) : {kind: 'invalid', says});
		});
	});
}
