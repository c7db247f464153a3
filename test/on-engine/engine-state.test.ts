import {spawnSync} from 'node:child_process';
import {chmod, copyFile, cp, mkdir} from 'node:fs/promises';
import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {cli, withFolder} from '../helpers/cli.ts';

const nobody = 65534;

test('no engine is a diagnosis with exit code 10, in JSON and in words', async () => {
	await withFolder(async folder => {
		const env = {DOCKER_HOST: `unix://${folder}/nobody-listens.sock`, XDG_STATE_HOME: folder};
		const json = await cli(['diagnose', '--project', 'shop', '--json'], {env});
		expect(json.code, json.stderr).toBe(10);
		const report = JSON.parse(json.stdout);
		expect(report.diagnoses.map(({id, certainty}: {id: string; certainty: string}) => [id, certainty])).toEqual([
			['docker-unreachable', 'certain'],
		]);
		const plain = await cli(['diagnose', '--project', 'shop'], {env});
		expect(plain.code).toBe(10);
		expect(plain.stdout + plain.stderr).toContain('systemctl start docker');
		// What would change something says the same, not that the deployment lacks what can't be seen.
		for (const words of [['fix', 'change-password'], ['snapshot'], ['undo'], ['forget', 'x']]) {
			const {code, stderr} = await cli([...words, '--project', 'shop'], {env});
			expect(code, `${words.join(' ')}: ${stderr}`).toBe(10);
		}
	});
});

test('a refused socket is told apart from a missing engine', async () => {
	await withFolder(async folder => {
		await chmod(folder, 0o755);
		const socket = `${folder}/docker.sock`;
		const server = createServer().listen(socket);
		await new Promise(resolve => server.once('listening', resolve));
		await chmod(socket, 0o600);
		// The other user must be able to read the program, wherever this checkout lies.
		await cp('dist', `${folder}/dist`, {recursive: true});
		await copyFile('package.json', `${folder}/package.json`);
		await mkdir(`${folder}/home`);
		await chmod(`${folder}/home`, 0o777);
		try {
			const run = await new Promise<{code: number | null; stdout: string}>(resolve => {
				const result = spawnSync(
					process.execPath,
					[`${folder}/dist/cli.js`, 'diagnose', '--project', 'shop', '--json', '--host', `unix://${socket}`],
					{
						uid: nobody,
						encoding: 'utf8',
						cwd: `${folder}/home`,
						env: {PATH: process.env['PATH'], HOME: `${folder}/home`},
					},
				);
				resolve({code: result.status, stdout: result.stdout});
			});
			expect(run.code, run.stdout).toBe(10);
			expect(JSON.parse(run.stdout).diagnoses.map(({id}: {id: string}) => id)).toEqual(['docker-permission-denied']);
		} finally {
			server.close();
		}
	});
});
