import {execFile} from 'node:child_process';
import {access, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {pageAnswer, pageOf} from '../../source/probes/page-answer.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld} from './fake-world.ts';

let server: Server;
let port = 0;

beforeAll(async () => {
	server = createServer(({url}, response) => {
		response.statusCode = Number(url?.slice(1)) || 200;
		if (response.statusCode === 307) response.setHeader('location', '/200');
		response.end('answer');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	port = (server.address() as AddressInfo).port;
});

afterAll(() => server.close());

const find = async (name: string): Promise<string | null> => {
	for (const folder of (process.env.PATH ?? '').split(delimiter)) {
		const path = join(folder, name);
		if (
			await access(path).then(
				() => true,
				() => false,
			)
		)
			return path;
	}
	return null;
};

/** Asks in a shell of this machine that knows these programs only. */
async function asked(programs: readonly string[], about: string): Promise<unknown> {
	const folder = await mkdtemp(join(tmpdir(), 'compose-medic-page-'));
	try {
		for (const name of [...programs, 'sh', 'sed', 'head']) {
			const path = name === 'node' ? process.execPath : await find(name);
			// Some are scripts, or look for their library beside themselves.
			const wrapper = `#!/bin/sh\nPATH='${process.env.PATH}' exec '${path}' "$@"\n`;
			if (path && programs.includes(name)) await writeFile(join(folder, name), wrapper, {mode: 0o755});
			else if (path) await symlink(path, join(folder, name));
		}
		const world = fakeWorld({
			containers: [container('web', {networks: []})],
			exec: (_id, [program = '', ...words]) =>
				new Promise(resolve => {
					execFile(program, words, {env: {PATH: folder}, encoding: 'utf8'}, (error, stdout, stderr) =>
						resolve({code: error ? 1 : 0, stdout, stderr}),
					);
				}),
		});
		return await pageAnswer.observe(world, about, new AbortController().signal);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

test.each([['curl'], ['wget'], ['python3'], ['node']])(
	'a page is asked for with %s, and the status is what counts',
	async program => {
		// What this machine has not got, an image has; node is always there.
		if (program !== 'node' && !(await find(program))) return;
		expect(await asked([program], pageOf('web', port, '/'))).toEqual({status: 200});
		expect(await asked([program], pageOf('web', port, '/404'))).toEqual({status: 404});
		expect(await asked([program], pageOf('web', port, '/502'))).toEqual({status: 502});
		expect(await asked([program], pageOf('web', port, '/307'))).toEqual({status: expect.any(Number)});
		expect(await asked([program], pageOf('web', 1, '/'))).toEqual({status: 'none'});
	},
);

test('an image without any such program has no answer for us', async () => {
	expect(await asked([], pageOf('web', port, '/'))).toEqual({status: null});
});
