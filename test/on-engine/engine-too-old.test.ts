import {execFileSync, spawnSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {isOlder} from '../../source/core/compose-features.ts';
import {cli, withFolder} from '../helpers/cli.ts';

const api = execFileSync('docker', ['version', '--format', '{{.Server.APIVersion}}'], {encoding: 'utf8'}).trim();
const project = 'compose-medic-old-engine';

const file = `
services:
  db:
    image: postgres:15
    command: [sleep, "60"]
  app:
    image: node:20-alpine
    command: [sleep, "60"]
    volumes:
      - {type: image, source: "nginx:alpine", target: /pages}
`;

// A newer engine makes the container, and nothing is wrong then.
test.skipIf(!isOlder(api, '1.48'))('a real refusal of this engine is told as its age', async () => {
	await withFolder(async folder => {
		await writeFile(`${folder}/compose.yaml`, file);
		const compose = (...words: string[]) =>
			spawnSync('docker', ['compose', '--project-name', project, ...words], {cwd: folder, encoding: 'utf8'});
		try {
			expect(compose('up', '--detach', 'db').status).toBe(0);
			const refused = compose('up', '--detach');
			expect(refused.status, refused.stderr).not.toBe(0);
			const run = await cli(['diagnose', '--project', project, '--json'], {env: {XDG_STATE_HOME: folder}});
			const report = JSON.parse(run.stdout);
			const found = report.diagnoses.find(({id}: {id: string}) => id === 'engine-too-old');
			expect(found, run.stdout).toMatchObject({service: 'app', certainty: 'certain'});
			expect(report.symptoms, run.stdout).toContainEqual(
				expect.objectContaining({id: 'app:missing', explainedBy: expect.arrayContaining(['engine-too-old'])}),
			);
		} finally {
			compose('down', '--volumes', '--timeout', '1');
		}
	});
});
