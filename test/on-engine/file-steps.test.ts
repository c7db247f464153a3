import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {DataPlace} from '../../source/core/data-place.ts';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {docker} from '../../source/lab/docker.ts';
import {steps} from '../../source/steps/index.ts';
import {createKeep} from '../../source/world/keep.ts';
import {openWorld} from '../../source/world/open.ts';

const data = '/var/lib/postgresql/data';
const image = 'postgres:15';
const quiet = (): void => {};

const stepNamed = (id: string) => {
	const found = steps[id];
	if (!found) throw new Error(id);
	return found;
};

type Files = {
	world: WriteWorld;
	place: DataPlace;
	/** Runs a script as root with both volumes where the server has them. */
	shell(script: string): Promise<string>;
};

/** A server's container that was never started, with its data in one volume and a second one at `/space`. */
async function withFiles(name: string, options: string[], use: (files: Files) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'compose-medic-test-'));
	const project = `compose-medic-files-${name}`;
	const volumes = [`${project}_data`, `${project}_space`] as const;
	const mounts = ['--volume', `${volumes[0]}:${data}`, '--volume', `${volumes[1]}:/space`];
	const clean = async (): Promise<void> => {
		await docker(['rm', '--force', '--volumes', `${project}-db-1`]).catch(() => '');
		for (const one of volumes) await docker(['volume', 'rm', one]).catch(() => '');
	};
	await clean();
	try {
		const labels = ['--label', `com.docker.compose.project=${project}`, '--label', 'com.docker.compose.service=db'];
		await docker(['create', '--name', `${project}-db-1`, ...labels, ...mounts, ...options, image]);
		const {grant} = await openWorld({project});
		const world = grant({
			keep: createKeep(join(folder, 'kept')),
			signal: new AbortController().signal,
			settings: new Map(),
		});
		const run = ['run', '--rm', '--network', 'none', ...mounts, '--entrypoint', 'sh', image, '-euc'];
		await use({
			world,
			place: {path: data, source: volumes[0], mountedAt: data, kind: 'volume', method: 'copy'},
			shell: script => docker([...run, script]),
		});
	} finally {
		await clean();
		await rm(folder, {recursive: true, force: true});
	}
}

/** A data directory as far as owners go: a tablespace and `pg_wal` in the second volume, and files of three users. */
const populate = `
cd ${data}
mkdir -p base/1 pg_tblspc /space/hot/PG_15 /space/wal
echo 15 >PG_VERSION
for n in 1 2 3; do echo "$n" >base/1/$n; echo "$n" >/space/hot/PG_15/$n; echo "$n" >/space/wal/$n; done
echo x >'base/a file'
ln -s /space/hot pg_tblspc/16384
ln -s /space/wal pg_wal
chown -hR 0:0 ${data} /space/hot /space/wal
chown 999:999 PG_VERSION
chown 1000:50 base/1/2 'base/a file' /space/wal/3
`;

const list = `find ${data} /space -exec stat -c '%u:%g %a %n' {} + | sort`;

describe.concurrent('owners', () => {
	test('of a tablespace and a pg_wal elsewhere are changed as well, and put back to the last one', async () => {
		await withFiles('owners', [], async ({world, place, shell}) => {
			await shell(populate);
			const before = await shell(list);
			const {before: note, apply, undo} = stepNamed('change-owners');
			const input = {service: 'db', place, uid: 999};
			const noted = await note(input, world, quiet);
			expect(noted).toMatchObject({owner: '999:999', files: 19});
			expect(JSON.stringify(noted).length).toBeLessThan(500);
			const told: (number | undefined)[] = [];
			await apply(input, noted, world, (_says, done) => void told.push(done));
			expect(told.at(-1)).toBe(19);
			await apply(input, noted, world, quiet);
			const foreign = await shell(`find ${data} /space/hot /space/wal ! -user 999`);
			expect(foreign).toBe('');
			// What the server removes meanwhile does not come back.
			await shell('rm /space/wal/1');
			if (typeof undo !== 'function') throw new Error('no undo');
			await undo(input, noted, world, quiet);
			await undo(input, noted, world, quiet);
			expect(await shell(list)).toBe(before.replace(/.*\/space\/wal\/1\n/, ''));
		});
	});

	test('are not changed where everything is right, the user is another by now, or a part is out of reach', async () => {
		await withFiles('owners-refused', ['--user', '1000'], async ({world, place, shell}) => {
			const {before: note} = stepNamed('change-owners');
			await shell(`cd ${data}; echo 15 >PG_VERSION; chown -R 1000:0 .`);
			await expect(note({service: 'db', place, uid: 1000}, world, quiet)).rejects.toMatchObject({
				code: 'nothing-foreign',
			});
			await expect(note({service: 'db', place, uid: 999}, world, quiet)).rejects.toMatchObject({code: 'user-changed'});
			await shell(`cd ${data}; mkdir pg_tblspc; ln -s /srv pg_tblspc/1`);
			await expect(note({service: 'db', place, uid: 1000}, world, quiet)).rejects.toMatchObject({
				code: 'data-elsewhere',
			});
		});
	});
});

test('a mount that keeps what it is told is found to do so, and nothing is left on it', async () => {
	await withFiles('trial', [], async ({world, place, shell}) => {
		await shell(`cd ${data}; echo 15 >PG_VERSION; chown -R 999:999 .; chmod 700 .`);
		const before = await shell(list);
		const {before: note} = stepNamed('try-mount');
		expect(await note({service: 'db', place, wants: 'owners'}, world, quiet)).toEqual({});
		expect(await shell(list)).toBe(before);
	});
});
