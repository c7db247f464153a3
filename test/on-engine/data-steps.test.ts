import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {type DataPlace, placeOf} from '../../source/core/data-place.ts';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {docker, dockerLines} from '../../source/lab/docker.ts';
import type {DataDirectory} from '../../source/probes/data-directory.ts';
import {steps} from '../../source/steps/index.ts';
import {createKeep} from '../../source/world/keep.ts';
import {openWorld} from '../../source/world/open.ts';

const data = '/var/lib/postgresql/data';

type Case = {name: string; image: string; kind: DataDirectory['kind']; below: boolean; method: DataPlace['method']};

const cases: Case[] = [
	{name: 'named volume', image: 'postgres:15-alpine', kind: 'named-volume', below: false, method: 'copy'},
	{name: 'anonymous volume', image: 'postgres:15', kind: 'anonymous-volume', below: false, method: 'copy'},
	{name: 'bind mount', image: 'postgres:15-alpine', kind: 'bind', below: false, method: 'swap-parent'},
	{name: 'bind mount with PGDATA below', image: 'postgres:15', kind: 'bind', below: true, method: 'swap-inside'},
	{
		name: 'named volume with PGDATA below',
		image: 'postgres:15-alpine',
		kind: 'named-volume',
		below: true,
		method: 'swap-inside',
	},
];

type Patient = {world: WriteWorld; place: DataPlace; id: string; rows(): Promise<string | null>};

/** One labelled server as Compose would have made it, with rows in it, gone afterwards with everything that was kept of it. */
async function withServer({image, kind, below, name}: Case, use: (patient: Patient) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'compose-medic-test-'));
	const project = `compose-medic-data-${name.replaceAll(/\W/g, '-').toLowerCase()}`;
	const id = `test-${project}`;
	const container = `${project}-db-1`;
	const volume = `${project}_data`;
	const source = kind === 'bind' ? join(folder, 'data') : volume;
	const mount = kind === 'anonymous-volume' ? [] : ['--volume', `${source}:${data}`];
	const clean = async (): Promise<void> => {
		await docker(['rm', '--force', '--volumes', container]).catch(() => '');
		// A test run that was killed leaves its helpers behind, and they hold the volume.
		const holders = await dockerLines(['ps', '--all', '--quiet', '--filter', `volume=${volume}`]);
		for (const one of holders) await docker(['rm', '--force', one]).catch(() => '');
		const kept = await dockerLines(['volume', 'ls', '--quiet', '--filter', `label=compose-medic.kept=${id}`]);
		for (const one of [volume, ...kept]) await docker(['volume', 'rm', one]).catch(() => '');
	};
	await clean();
	try {
		const labels = ['--label', `com.docker.compose.project=${project}`, '--label', 'com.docker.compose.service=db'];
		const environment = [
			'POSTGRES_PASSWORD=compose-medic',
			'POSTGRES_USER=shop',
			...(below ? [`PGDATA=${data}/pgdata`] : []),
		];
		await docker([
			'run',
			'--detach',
			'--name',
			container,
			...labels,
			...mount,
			...environment.flatMap(one => ['--env', one]),
			image,
		]);
		const {world: reader, grant} = await openWorld({project});
		const world = grant({
			keep: createKeep(join(folder, id)),
			signal: new AbortController().signal,
			settings: new Map(),
		});
		const anonymous = (await reader.docker.containers(project))[0]?.mounts[0]?.name ?? '';
		const place = placeOf({
			path: below ? `${data}/pgdata` : data,
			kind,
			source: kind === 'anonymous-volume' ? anonymous : source,
			mountedAt: data,
		} as DataDirectory);
		if (!place) throw new Error('no place');
		while (
			(await reader
				.database('db')
				.ready()
				.catch(() => 'no-answer')) !== 'accepting'
		)
			await sleep(300);
		const sql = (text: string) =>
			world.write.sql('db', text, {route: 'socket', database: 'postgres', superuser: 'shop'});
		await sql('create table rows as select n as id, md5(n::text) as value from generate_series(1, 5000) n;');
		await use({
			world,
			place,
			id,
			rows: () =>
				sql("select count(*), md5(string_agg(id || value, ',' order by id)) from rows;").then(
					({stdout}) => stdout.trim(),
					() => null,
				),
		});
	} finally {
		await clean();
		await docker([
			'run',
			'--rm',
			'--volume',
			`${folder}:/folder`,
			'--entrypoint',
			'find',
			image,
			'/folder',
			'-mindepth',
			'1',
			'-delete',
		]);
		await rm(folder, {recursive: true, force: true});
	}
}

const quiet = (): void => {};
const setAside = (method: DataPlace['method']): string[] =>
	method === 'copy' ? ['copy-data', 'prove-snapshot', 'empty-data-directory'] : ['swap-data-directory'];

const stepNamed = (id: string) => {
	const found = steps[id];
	if (!found) throw new Error(id);
	return found;
};

describe.concurrent('an empty data directory, and the old one back', () => {
	test.each(cases)('$name', async one => {
		await withServer(one, async ({world, place, rows}) => {
			expect(place.method).toBe(one.method);
			const before = await rows();
			expect(before).toMatch(/^5000\t/);
			const input = {service: 'db', place, clients: []};
			const done: {id: string; noted: Record<string, unknown>}[] = [];
			for (const id of ['measure-data', 'stop-database', ...setAside(one.method), 'start-database']) {
				const noted = await stepNamed(id).before(input, world, quiet);
				done.push({id, noted});
				await stepNamed(id).apply(input, noted, world, quiet);
				// A run that goes on after a kill does the same again.
				await stepNamed(id).apply(input, noted, world, quiet);
			}
			expect(await rows()).toBeNull();
			for (const {id, noted} of done.reverse()) {
				const {undo} = stepNamed(id);
				if (typeof undo !== 'function') continue;
				await undo(input, noted, world, quiet);
				await undo(input, noted, world, quiet);
			}
			expect(await rows()).toBe(before);
		});
	});
});

test('nothing is emptied without a proven copy, or when the copy was touched', async () => {
	const [named] = cases;
	if (!named) throw new Error('no case');
	await withServer({...named, name: 'named volume unproven'}, async ({world, place, rows}) => {
		const before = await rows();
		const input = {service: 'db', place, clients: []};
		const noted: Record<string, Record<string, unknown>> = {};
		const run = async (id: string): Promise<void> => {
			noted[id] = await stepNamed(id).before(input, world, quiet);
			await stepNamed(id).apply(input, noted[id], world, quiet);
		};
		for (const id of ['measure-data', 'stop-database', 'copy-data']) await run(id);
		await expect(run('empty-data-directory')).rejects.toMatchObject({code: 'snapshot-unproven'});
		const volume = String(noted['copy-data']?.['volume']);
		await docker([
			'run',
			'--rm',
			'--volume',
			`${volume}:/copy`,
			'--entrypoint',
			'rm',
			named.image,
			'/copy/global/pg_control',
		]);
		await expect(run('prove-snapshot')).rejects.toMatchObject({name: 'Trouble'});
		await expect(run('empty-data-directory')).rejects.toMatchObject({code: 'snapshot-missing'});
		const {undo} = stepNamed('stop-database');
		if (typeof undo === 'function') await undo(input, noted['stop-database'] ?? {}, world, quiet);
		expect(await rows()).toBe(before);
	});
});

describe.concurrent('a copy of the data', () => {
	const [named] = cases;
	if (!named) throw new Error('no case');

	/** The server stopped and everything ready for a copy; the server comes back afterwards, with its rows. */
	const stopped = (
		name: string,
		use: (patient: Patient & {copy: {volume: string; noted: Record<string, unknown>}}) => Promise<void>,
	): Promise<void> =>
		withServer({...named, name}, async patient => {
			const {world, place, rows} = patient;
			const before = await rows();
			const input = {service: 'db', place, clients: []};
			const stop = stepNamed('stop-database');
			const halted = await stop.before(input, world, quiet);
			await stop.apply(input, halted, world, quiet);
			const noted = await stepNamed('copy-data').before(input, world, quiet);
			await use({...patient, copy: {volume: String(noted['volume']), noted}});
			const {undo} = stepNamed('copy-data');
			if (typeof undo !== 'function') throw new Error('no undo');
			await undo(input, noted, world, quiet);
			expect(await world.docker.volume(String(noted['volume']))).toBeNull();
			if (typeof stop.undo === 'function') await stop.undo(input, halted, world, quiet);
			expect(await rows()).toBe(before);
		});

	const kept = (id: string): string[] => ['--label', `compose-medic.kept=${id}`];

	test('that finds no room says so, and is taken back', async () => {
		await stopped('copy without room', async ({world, place, id, copy}) => {
			const tiny = ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', 'o=size=8m'];
			await docker(['volume', 'create', ...kept(id), ...tiny, copy.volume]);
			await expect(
				stepNamed('copy-data').apply({service: 'db', place}, copy.noted, world, quiet),
			).rejects.toMatchObject({code: 'no-space'});
		});
	});

	test('that is broken off by Ctrl-C ends at once, and the next one goes on', async () => {
		await stopped('copy broken off', async ({world, place, copy}) => {
			const controller = new AbortController();
			const breaking = (_says: unknown, _done?: number, total?: number): void => {
				if (total !== undefined) controller.abort();
			};
			const broken = {...world, signal: controller.signal};
			const step = stepNamed('copy-data');
			await expect(step.apply({service: 'db', place}, copy.noted, broken, breaking)).rejects.toThrow('abort');
			const holders = await dockerLines(['ps', '--all', '--quiet', '--filter', `volume=${copy.volume}`]);
			expect(holders).toEqual([]);
			await step.apply({service: 'db', place}, copy.noted, world, quiet);
			const list = ['run', '--rm', '--volume', `${copy.volume}:/copy`, '--entrypoint', 'sh', named.image, '-c'];
			const inode = async (): Promise<string> => docker([...list, 'stat -c "%i %Z" /copy/PG_VERSION']);
			const first = await inode();
			await docker([...list, 'truncate -s 100 /copy/global/pg_control']);
			await step.apply({service: 'db', place}, copy.noted, world, quiet);
			expect(await inode()).toBe(first);
		});
	});
});
