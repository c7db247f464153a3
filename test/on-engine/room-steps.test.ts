import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import Docker from 'dockerode';
import tar from 'tar-stream';
import {expect, test} from 'vitest';
import {roomTakers} from '../../source/probes/room-takers.ts';
import {removeOldLogs} from '../../source/steps/remove-old-logs.ts';
import {readDiskUse} from '../../source/world/docker-room.ts';
import {createDockerWriter} from '../../source/world/docker-writer.ts';
import {createKeep} from '../../source/world/keep.ts';
import {openWorld} from '../../source/world/open.ts';
import {withFolder} from '../helpers/cli.ts';

// Others use this engine: every image, record and log that goes here was made here, and is named by its id.
const engine = new Docker();
const docker = (words: string[]): string =>
	execFileSync('docker', words, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
	}).trim();
const there = (image: string): boolean => docker(['images', '--all', '--quiet', '--no-trunc']).includes(image);

test('exactly the images, cache records and log files that are named go', async () => {
	await withFolder(async folder => {
		const mark = `compose-medic-room-${randomBytes(4).toString('hex')}`;
		const made: string[] = [];
		const build = async (content: string, tag?: string): Promise<string> => {
			const pack = tar.pack();
			pack.entry({name: 'Dockerfile'}, `FROM scratch\nLABEL compose-medic.lab=${mark}\nCOPY file /\n`);
			pack.entry({name: 'file'}, content);
			pack.finalize();
			// Version 2 is BuildKit, which needs no plugin of the command line this way.
			const options = {version: '2', ...(tag ? {t: tag} : {})} as const;
			const progress = (await engine.buildImage(pack as never, options)) as unknown as NodeJS.ReadableStream;
			for await (const _chunk of progress);
			const all = docker(['images', '--quiet', '--no-trunc', '--filter', `label=compose-medic.lab=${mark}`]);
			const fresh = all.split('\n').find(id => !made.includes(id));
			if (!fresh) throw new Error('nothing was built');
			made.push(fresh);
			return fresh;
		};
		const diskUse = async () => (await readDiskUse(engine)).cache.map(({id}) => id);
		const known = await diskUse();
		docker([
			...['run', '--detach', '--name', mark, '--label', `com.docker.compose.project=${mark}`],
			...['--label', 'com.docker.compose.service=talker', '--label', `compose-medic.lab=${mark}`],
			...['--label', 'com.docker.compose.oneoff=False', '--network', 'none', '--entrypoint', 'sh'],
			...['--log-opt', 'max-size=2k', '--log-opt', 'max-file=3', 'redis:6-alpine'],
			...['-c', 'n=0; while [ $n -lt 100 ]; do echo "line $n"; n=$((n + 1)); done; exec sleep 600'],
		]);
		try {
			const unwanted = await build(`${mark} one`);
			const sibling = await build(`${mark} two`);
			const named = await build(`${mark} three`, `${mark}:latest`);
			const opened = await openWorld({project: mark});
			const {signal} = new AbortController();
			const world = opened.grant({keep: createKeep(join(folder, 'kept')), signal, settings: new Map()});
			try {
				const before = await roomTakers.observe(opened.world, '', signal);
				const ids = before.dangling.map(({id}) => id);
				expect(ids).toEqual(expect.arrayContaining([unwanted, sibling]));
				expect(ids).not.toContain(named);

				await world.write.docker.removeDanglingImage(unwanted);
				await world.write.docker.removeDanglingImage(unwanted);
				expect(there(unwanted)).toBe(false);
				expect(there(sibling)).toBe(true);
				await expect(world.write.docker.removeDanglingImage(named)).rejects.toMatchObject({code: 'image-in-use'});
				docker(['create', '--name', `${mark}-user`, '--label', `compose-medic.lab=${mark}`, sibling, 'x']);
				await expect(world.write.docker.removeDanglingImage(sibling)).rejects.toMatchObject({code: 'image-in-use'});
				expect(there(sibling) && there(named)).toBe(true);

				const records = (await diskUse()).filter(one => !known.includes(one));
				const [record = '', ...others] = records;
				expect(others.length).toBeGreaterThan(0);
				await world.write.docker.removeBuildCache(record);
				await world.write.docker.removeBuildCache(record);
				const left = await diskUse();
				expect(left).not.toContain(record);
				expect(left).toEqual(expect.arrayContaining([...known, ...others]));

				const [log] = before.logs;
				if (!log) throw new Error('no log was seen');
				expect(log.rotated.map(({name}) => name.replace(/^.*-json/, ''))).toEqual(['.log.1', '.log.2']);
				expect(log.live?.bytes).toBeGreaterThan(0);
				const rotated = log.rotated.map(({name}) => name);
				const input = {service: 'talker', folder: log.folder, rotated, live: log.live?.name ?? null};
				const noted = await removeOldLogs.before(input, world, () => {});
				await removeOldLogs.apply(input, noted, world, () => {});
				const after = (await roomTakers.observe(opened.world, '', signal)).logs[0];
				expect(after?.rotated).toEqual([]);
				expect(after?.live?.bytes).toBe(0);
				docker(['restart', '--time', '0', mark]);
				await sleep(500);
				expect(docker(['logs', '--tail', '1', mark])).toBe('line 99');
			} finally {
				await opened.close();
			}
		} finally {
			docker([
				'rm',
				'--force',
				...docker(['ps', '--all', '--quiet', '--filter', `label=compose-medic.lab=${mark}`]).split('\n'),
			]);
			for (const image of made) if (there(image)) docker(['rmi', image]);
			const writer = createDockerWriter(engine);
			for (const id of await diskUse()) if (!known.includes(id)) await writer.removeBuildCache(id);
		}
	});
});
