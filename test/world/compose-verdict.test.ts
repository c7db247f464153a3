import {chmod, readFile, writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {composeVerdict} from '../../source/world/compose-verdict.ts';
import {withFolder} from '../helpers/cli.ts';

/** Asks a `docker` that is a script of the test's own. */
const ask = (script: string, options: {files?: string[]; signal?: AbortSignal} = {}) =>
	withFolder(async folder => {
		const docker = `${folder}/docker`;
		await writeFile(docker, `#!/bin/sh\necho "$@" >${folder}/words; env >${folder}/env; ${script}\n`);
		await chmod(docker, 0o755);
		const verdict = await composeVerdict({
			project: 'shop',
			place: {
				workingDirectory: '/srv/shop',
				configFiles: options.files ?? ['/srv/shop/compose.yaml'],
				envFiles: ['/srv/shop/.env'],
				shell: () => undefined,
			},
			endpoint: {context: 'default', url: 'unix:///x.sock', address: {socketPath: '/x.sock'}, tls: null},
			environment: {PATH: `${folder}:/usr/bin:/bin`, COMPOSE_MEDIC_PASSWORD: 's3cret'},
			redact: text => text.replaceAll('s3cret', '•••'),
			signal: options.signal ?? new AbortController().signal,
		});
		const told = async (name: string): Promise<string> => readFile(`${folder}/${name}`, 'utf8').catch(() => '');
		return {verdict, words: await told('words'), environment: await told('env')};
	});

test('only the question is asked, nothing is fetched, and no password is handed on', async () => {
	const {verdict, words, environment} = await ask('exit 0');
	expect(verdict).toEqual({kind: 'valid'});
	expect(words.trim()).toBe(
		'compose --project-name shop --project-directory /srv/shop --file /srv/shop/compose.yaml config --quiet',
	);
	expect(environment).toContain('COMPOSE_EXPERIMENTAL_GIT_REMOTE=false');
	expect(environment).toContain('COMPOSE_EXPERIMENTAL_OCI_REMOTE=false');
	expect(environment).toContain('DOCKER_HOST=unix:///x.sock');
	expect(environment).not.toContain('s3cret');
});

test('its complaint is told without warnings and without secrets', async () => {
	const says =
		'echo \'time="…" level=warning msg="version is obsolete"\' >&2; echo "validating: s3cret is not allowed" >&2; exit 15';
	expect((await ask(says)).verdict).toEqual({kind: 'invalid', says: 'validating: ••• is not allowed'});
});

test.each([
	['echo "docker: \'compose\' is not a docker command." >&2; exit 1'],
	['echo "unknown shorthand flag: \'p\' in -p" >&2; exit 125'],
	['exit 1'],
])('where Compose is missing or says nothing there is no judge: %s', async script => {
	expect((await ask(script)).verdict.kind).toBe('no-judge');
});

test('without files nobody is asked', async () => {
	const {verdict, words} = await ask('exit 0', {files: []});
	expect(verdict.kind).toBe('no-judge');
	expect(words).toBe('');
});

test('a Compose that never ends is left', async () => {
	const began = Date.now();
	expect((await ask('exec sleep 30', {signal: AbortSignal.timeout(300)})).verdict.kind).toBe('no-judge');
	expect(Date.now() - began).toBeLessThan(10_000);
});
