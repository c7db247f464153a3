import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import {seeing, walk} from '../../source/core/walk.ts';
import {sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {freeDiskSpace} from '../../source/fixes/free-disk-space.ts';
import {trimOf} from '../../source/fixes/parts/room.ts';
import {type DatabaseRoom, databaseRoom} from '../../source/probes/database-room.ts';
import {type FileSpace, fileSpace} from '../../source/probes/file-space.ts';
import {type LogTable, logTables, logTablesOf} from '../../source/probes/log-tables.ts';
import {type RoomTakers, roomTakers} from '../../source/probes/room-takers.ts';
import {removeOldLogs} from '../../source/steps/remove-old-logs.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';

const mib = 1024 ** 2;
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;

const takers: RoomTakers = {
	dangling: [{id: id('a'), bytes: 900 * mib, createdAt: '2026-01-01T00:00:00.000Z'}],
	unused: {count: 3, bytes: 4000 * mib},
	cache: [{id: 'k1', says: 'regular: npm ci', bytes: 200 * mib}],
	logs: [
		{
			service: 'api',
			folder: `/var/lib/docker/containers/${'c'.repeat(64)}`,
			live: {name: `${'c'.repeat(64)}-json.log`, bytes: 8000 * mib},
			rotated: [{name: `${'c'.repeat(64)}-json.log.1`, bytes: 10 * mib}],
		},
	],
};
const none: RoomTakers = {dangling: [], unused: {count: 0, bytes: 0}, cache: [], logs: []};
const room: DatabaseRoom = {
	databases: [{name: 'dify', bytes: 60 * mib, encoding: 'UTF8'}],
	tables: [{database: 'dify', name: 'public.workflow_runs', bytes: 50 * mib, dead: 10}],
	wal: {bytes: 64 * mib, ahead: 40 * mib, segment: 16 * mib, most: 1024 * mib, archiveFailures: null},
};
const table = (change: Partial<LogTable> = {}): LogTable => ({
	schema: 'public',
	name: 'workflow_runs',
	bytes: 50 * mib,
	rows: 1000,
	old: 990,
	bound: false,
	columns: ['id', 'created_at'],
	...change,
});

type World = {
	space?: Partial<FileSpace>;
	takers?: RoomTakers;
	room?: DatabaseRoom;
	tables?: LogTable[];
	/** The server stopped over it. */
	down?: boolean;
};

function answer(world: World, settings: Record<string, string> = {}): PlanAnswer {
	const space: FileSpace = {
		...{path: '/var/lib/postgresql/data', place: 'engine', source: 'shop_pgdata', data: true},
		...{bytes: 40_000 * mib, free: 0, files: null, freeFiles: null},
		...world.space,
	};
	const tables = world.tables ?? [];
	const facts = sampleFacts({
		...(world.down ? {services: {db: {status: 'exited', exitCode: 1}}, readiness: {state: 'down'}} : {}),
		logs: {db: [{severity: 'ERROR', text: 'could not extend file "base/1/2": No space left on device'}]},
		also: [
			seen(fileSpace, 'db', [space]),
			seen(roomTakers, '', world.takers ?? takers),
			seen(databaseRoom, 'db', world.room ?? room),
			...['2025-10-04', '2025-11-03'].map(day => seen(logTables, logTablesOf('db', 'dify', day), tables)),
		],
	});
	const finding = walk(chapters, facts, labelOf).findings.find(one => one.id === 'disk-full') as Finding;
	return freeDiskSpace.plan(seeing(facts), finding, settings);
}

const steps = (given: PlanAnswer): string[] => {
	if (given.kind !== 'plan') throw new Error(JSON.stringify(given));
	return given.steps.map(({step}) => step);
};
const ownDisk: World['space'] = {place: 'volume', bytes: 170 * mib, free: 4 * mib};

test('on the engine’s disk exactly what was shown goes, by its id', () => {
	const given = answer({});
	expect(steps(given)).toEqual([
		'save-evidence',
		'remove-images',
		'remove-build-cache',
		'remove-old-logs',
		'prove-writes',
	]);
	expect(given).toMatchObject({restarts: []});
	if (given.kind !== 'plan') return;
	expect(given.steps[1]?.input).toEqual({ids: [id('a')]});
	expect(given.steps[2]?.input).toEqual({ids: ['k1']});
	// The log that still grows stays, and so do images with a name.
	expect(given.steps[3]?.input).toMatchObject({rotated: [`${'c'.repeat(64)}-json.log.1`], live: null});
	expect(given.route?.en).toContain('3.9 GiB (left alone)');
});

test('a log that grows is emptied only where its owner says so, and its last lines are kept', () => {
	const given = answer({}, {'empty-logs': 'api'});
	if (given.kind !== 'plan') throw new Error(JSON.stringify(given));
	expect(given.steps.find(({step}) => step === 'remove-old-logs')?.input).toMatchObject({
		live: `${'c'.repeat(64)}-json.log`,
	});
	expect(given.steps[0]).toEqual({step: 'save-evidence', input: {services: ['db', 'api']}});
});

test('a server that stopped over it is started once there is room', () => {
	expect(steps(answer({down: true}))).toContain('start-database');
});

test('a volume with a file system of its own has nothing to gain from images', () => {
	const given = answer({space: ownDisk});
	expect(given).toMatchObject({kind: 'not-applicable', why: {en: expect.stringContaining('12 MiB more must be free')}});
	if (given.kind === 'not-applicable') expect(given.why.en).toContain('`pg_wal`: 64 MiB');
});

test('old run logs are asked for, and go only with the days that were named', () => {
	expect(answer({space: ownDisk, tables: [table()]})).toMatchObject({kind: 'asks', settings: [{key: 'older-than'}]});
	const given = answer({space: ownDisk, tables: [table()]}, {'older-than': '60d'});
	expect(steps(given)).toEqual(['save-evidence', 'put-rows-aside', 'prove-writes']);
	if (given.kind !== 'plan') return;
	expect(given.steps[1]?.input).toMatchObject({database: 'dify', table: 'workflow_runs', olderThan: '2025-11-03'});
	expect(given.route?.en).toContain('990 of 1000 rows');
});

test.each(['90', '0d', '-5d', '3 months', "1d'; drop table x; --"])('`older-than=%s` is refused', text => {
	expect(answer({space: ownDisk, tables: [table()]}, {'older-than': text})).toMatchObject({kind: 'not-applicable'});
});

test.each([
	['its server does not run', {down: true}],
	['other tables refer to it', {tables: [table({bound: true})]}],
	['too many rows stay to be written anew', {tables: [table({old: 500})]}],
] satisfies [string, World][])('nothing is taken out of a table when %s', (_why, world) => {
	expect(answer({space: ownDisk, tables: [table()], takers: none, ...world}, {'older-than': '90d'})).toMatchObject({
		kind: 'not-applicable',
	});
});

test('rows that stay must find their log in files that are there', () => {
	const small = {...room.wal, ahead: mib};
	expect(trimOf('dify', table(), 8 * mib, room.wal)).toMatchObject({fits: true});
	expect(trimOf('dify', table(), 8 * mib, small)).toMatchObject({fits: false});
	expect(trimOf('dify', table(), 60 * mib, small)).toMatchObject({fits: true});
});

test('no log file but those that were shown can be named, also by a plan that somebody has edited', async () => {
	const own = 'd'.repeat(64);
	const world = {
		target: {kind: 'compose', project: 'shop', stack: 'generic'},
		docker: {containers: async () => [{id: own, service: 'api', oneOff: false}]},
	} as never;
	const input = {service: 'api', folder: `/var/lib/docker/containers/${own}`, rotated: [] as string[], live: null};
	const look = (change: Partial<Parameters<typeof removeOldLogs.like>[0]>) =>
		removeOldLogs.before({...input, ...change}, world, () => {});
	await expect(look({rotated: [`${own}-json.log.2.gz`], live: `${own}-json.log`})).resolves.toEqual({});
	for (const rotated of ['config.v2.json', `${own}-json.log`, `../${own}-json.log.1`, `${'e'.repeat(64)}-json.log.1`])
		await expect(look({rotated: [rotated]})).rejects.toMatchObject({code: 'log-moved'});
	await expect(look({folder: '/var/lib/docker/containers/other'})).rejects.toMatchObject({code: 'log-moved'});
	await expect(look({live: 'hostconfig.json'})).rejects.toMatchObject({code: 'log-moved'});
});
