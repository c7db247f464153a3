import {expect, test} from 'vitest';
import type {Fact} from '../../source/core/fact.ts';
import {say} from '../../source/core/say.ts';
import {walk} from '../../source/core/walk.ts';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {composeVerdict} from '../../source/probes/compose-verdict.ts';
import {containerEnding} from '../../source/probes/container-ending.ts';
import {type DataOwner, dataOwner} from '../../source/probes/data-owner.ts';
import {type FileSpace, fileSpace} from '../../source/probes/file-space.ts';
import {imageState} from '../../source/probes/image-state.ts';
import {memoryUse} from '../../source/probes/memory-use.ts';
import {settingsFiles} from '../../source/probes/settings-files.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {projectLeftovers} from '../../source/tree/project-leftovers.ts';
import {resources} from '../../source/tree/resources.ts';
import {startUpFiles} from '../../source/tree/start-up-files.ts';

const found = (changes: Changes, unknown: readonly string[] = []) => {
	const facts = new Map(sampleFacts(changes));
	for (const key of unknown)
		facts.set(key, {state: 'unknown', why: say('no', '否'), at: '2026-01-02T03:04:05.000Z', ms: 1} satisfies Fact);
	const result = walk([...projectLeftovers, startUpFiles, ...resources], facts, labelOf);
	expect(result.wants.map(({probe, about}) => `${probe.id} ${about}`)).toEqual([]);
	return result.findings.map(({id, certainty, subject}) => `${id} ${subject} ${certainty}`);
};

const GiB = 1024 ** 3;
const crashing = {status: 'restarting', exitCode: 1, restartCount: 4} as const;
const folder = (uid: number, mode = 0o700): DataOwner['directory'] => ({
	kind: 'folder',
	uid,
	gid: uid,
	mode,
	size: 0,
	modifiedAt: '2026-01-01T00:00:00.000Z',
});
const owner = (change: Partial<DataOwner>) =>
	seen(dataOwner, 'db', {
		path: '/var/lib/postgresql/data',
		directory: folder(999),
		files: [],
		runsAs: {uid: 999, name: 'postgres'},
		handsOver: true,
		lock: null,
		sockets: [],
		...change,
	});
const settings = (command: string[] = []) =>
	seen(settingsFiles, 'db', {
		files: [{path: '/var/lib/postgresql/data/postgresql.conf', present: true, lines: [{line: 7, name: 'work_mem'}]}],
		command,
		hba: {path: '/var/lib/postgresql/data/pg_hba.conf', lines: [100]},
	});
const down = (text: string, also: Changes['also'] = [], more: Partial<Changes> = {}): Changes => ({
	services: {db: crashing},
	logs: {db: [{severity: 'FATAL', text}]},
	also,
	...more,
});

test('an owner that differs counts where nobody hands the files over, or where that was refused', () => {
	const foreign = {directory: folder(70)};
	expect(found(down('', [owner(foreign)]))).toEqual([]);
	expect(found(down('', [owner({...foreign, handsOver: false})]))).toEqual(['data-dir-permission db certain']);
	expect(
		found(down("chown: changing ownership of '/var/lib/postgresql/data': Operation not permitted", [owner(foreign)])),
	).toEqual(['data-dir-permission db certain']);
	// Without the number of the image's own user nothing can be compared.
	expect(found(down('', [owner({...foreign, handsOver: false, runsAs: {uid: null, name: 'app'}})]))).toEqual([]);
});

test('a refused chmod of the socket’s folder is printed by servers that start well', () => {
	const line = "chmod: changing permissions of '/var/run/postgresql': Operation not permitted";
	expect(
		found(down(line, [owner({runsAs: {uid: 1000, name: '1000'}, directory: folder(1000), handsOver: false})])),
	).toEqual([]);
});

test('a lock file is left over only while no other container has the directory', () => {
	const lock = owner({lock: {holds: 'pid', pid: 7}});
	const text = 'lock file "postmaster.pid" already exists';
	expect(found(down(text, [lock]))).toEqual(['stale-pid-lock db likely']);
	expect(found(down(text, [lock], {directory: {sharedWith: ['old/db']}}))).toEqual([]);
	expect(found(down(text, [owner({lock: null})]))).toEqual([]);
	expect(found(down('lock file "postmaster.pid" is empty', [owner({lock: {holds: 'nothing', pid: null}})]))).toEqual([
		'stale-pid-lock db certain',
	]);
});

test('a setting is certain where it was found, and a client’s mistake is none', () => {
	const text = 'unrecognized configuration parameter "shared_bufers"';
	expect(found(down(text, [settings(['shared_bufers'])]))).toEqual(['config-invalid db certain']);
	expect(found(down(text, [settings()]))).toEqual(['config-invalid db likely']);
	expect(
		found({services: {db: crashing}, logs: {db: [{severity: 'ERROR', text}]}, also: [settings(), owner({})]}),
	).toEqual([]);
	expect(found({logs: {db: [{severity: 'FATAL', text}]}})).toEqual([]);
	const certificate = 'could not load server certificate file "server.crt": No such file or directory';
	expect(found(down(certificate, [settings(['ssl'])]))).toEqual(['config-invalid db certain']);
});

const machine = (available: number, containerKills: number | null = null) =>
	({machine: {total: 8 * GiB, available}, machineKills: 1, containerKills}) as const;
const ended = (name: string, signals: number[], remembered = true) =>
	seen(containerEnding, name, {
		signals: signals.map(signal => ({at: '2026-01-02T03:00:00.000Z', signal})),
		outOfMemory: false,
		stopped: false,
		remembered,
		grace: 10,
	});
const killed = {status: 'exited', exitCode: 137, finishedAt: '2026-01-02T03:00:00.000Z'} as const;

test('exit code 137 has three makers', () => {
	const web = (change: object, also: Changes['also'] = []): Changes => ({
		services: {web: {...killed, ...change}},
		also,
	});
	expect(found(web({oomKilled: true, memoryLimit: GiB}))).toEqual(['oom-killed web certain']);
	expect(found(web({oomKilled: true}, [seen(memoryUse, 'web', machine(GiB / 10))]))).toEqual([
		'host-memory-pressure web certain',
	]);
	expect(found(web({}, [seen(memoryUse, 'web', machine(4 * GiB)), ended('web', [9])]))).toEqual([
		'killed-not-oom web certain',
	]);
	expect(found(web({}, [seen(memoryUse, 'web', machine(4 * GiB)), ended('web', [], false)]))).toEqual([
		'killed-not-oom web likely',
	]);
	// A machine that is short now has not killed what the engine was told to kill.
	expect(found(web({}, [seen(memoryUse, 'web', machine(GiB / 10)), ended('web', [15, 9])]))).toEqual([
		'killed-not-oom web certain',
	]);
	expect(found(web({}), ['memory-use web', 'container-ending web'])).toEqual(['killed-not-oom web likely']);
});

test('the mark of an earlier life is no kill', () => {
	expect(found({services: {db: {oomKilled: true, memoryLimit: GiB}}})).toEqual([]);
	expect(found({services: {web: {status: 'exited', exitCode: 0, oomKilled: true, restartPolicy: 'no'}}})).toEqual([]);
});

test('a process of a living server: the kernel’s counter decides, and yesterday is history', () => {
	const line = {severity: 'LOG', text: 'server process (PID 79) was terminated by signal 9: Killed'} as const;
	const with_ = (kills: number | null, limit = GiB, available = 4 * GiB): Changes => ({
		services: {db: {memoryLimit: limit}},
		logs: {db: [line]},
		also: [seen(memoryUse, 'db', machine(available, kills))],
	});
	expect(found(with_(2))).toEqual(['oom-killed db certain']);
	expect(found(with_(0))).toEqual(['killed-not-oom db certain']);
	expect(found(with_(null))).toEqual(['oom-killed db likely']);
	expect(found(with_(0, 0, GiB / 10))).toEqual(['host-memory-pressure db likely']);
	expect(found({logs: {db: [{...line, at: '2026-01-01T20:00:00.000Z'}]}})).toEqual([]);
});

const space = (change: Partial<FileSpace>): FileSpace => ({
	path: '/var/lib/postgresql/data',
	place: 'engine',
	source: 'shop_pgdata',
	data: true,
	bytes: 40 * GiB,
	free: 20 * GiB,
	files: 1_000_000,
	freeFiles: 900_000,
	...change,
});
const noSpace = {severity: 'ERROR', text: 'could not extend file "base/5/16384": No space left on device'} as const;

test('a full disk is told from one that can hold no more files, and from one that has room again', () => {
	const look = (...spaces: FileSpace[]): string[] =>
		found({logs: {db: [noSpace]}, also: [seen(fileSpace, 'db', spaces)]});
	expect(look(space({free: 0}))).toEqual(['disk-full db certain']);
	expect(look(space({freeFiles: 0}))).toEqual(['inode-exhausted db certain']);
	expect(look(space({}))).toEqual([]);
	// Four fifths used, or a disk of terabytes with little left in percent: there is room.
	expect(look(space({free: 8 * GiB}))).toEqual([]);
	expect(look(space({bytes: 4000 * GiB, free: 40 * GiB}))).toEqual([]);
	// Shared memory is no disk, however full.
	expect(look(space({}), space({place: 'shared-memory', path: '/dev/shm', data: false, free: 0}))).toEqual([]);
});

test('without a look a server that is down is likely right about its disk, and one that runs is not taken at its word for ever', () => {
	expect(found({services: {db: crashing}, logs: {db: [noSpace]}, also: [owner({})]}, ['file-space db'])).toEqual([
		'disk-full db likely',
	]);
});

test('a shared memory segment is never a full disk', () => {
	const text = 'could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device';
	const full = seen(fileSpace, 'db', [space({free: 0})]);
	expect(found({logs: {db: [{severity: 'ERROR', text}]}, also: [full]})).toEqual(['shm-too-small db likely']);
});

test('Compose is the judge of its files, and a blank variable is another matter', () => {
	const missing = {services: {web: {status: 'missing', id: '', startedAt: null}}} as const;
	const image = seen(imageState, 'web', {reference: 'x', present: true, platform: null, builds: false, program: null});
	const verdict = (says: string) => seen(composeVerdict, '', {kind: 'invalid', says} as const);
	expect(found({...missing, also: [image, verdict('yaml: line 3')]})).toEqual(['compose-invalid null certain']);
	expect(found({...missing, also: [image, verdict('required variable X is missing a value: x')]})).toEqual([]);
	expect(found({...missing, files: {problem: 'line 3'}, also: [image]})).toEqual([]);
});

test('what cannot be started for its processor is looked at; a script without an interpreter is not', () => {
	const look = (platform: string, program: object) =>
		found({
			services: {web: crashing},
			logs: {web: [{text: 'exec /run.sh: exec format error'}]},
			also: [
				seen(imageState, 'web', {
					reference: 'x',
					present: true,
					platform,
					builds: false,
					program: {path: '/run.sh', ...program} as never,
				}),
			],
		});
	expect(look('linux/arm64', {kind: 'script', interpreter: '/bin/sh'})).toEqual(['platform-mismatch web certain']);
	expect(look('linux/amd64', {kind: 'program', architecture: 'arm64'})).toEqual(['platform-mismatch web certain']);
	expect(look('linux/amd64', {kind: 'neither'})).toEqual([]);
});

test('a refused system call needs a filter that is to blame', () => {
	const look = (version: string, seccomp: 'none' | 'own' | 'unconfined') =>
		found({
			engine: {
				status: 'up',
				version,
				apiVersion: '1.41',
				id: 'e',
				os: 'linux',
				architecture: 'amd64',
				endpoint: 'unix:///x',
				context: 'default',
			},
			services: {
				web: {...crashing, confinement: {readOnlyRoot: false, capDrop: [], seccomp, tmpfs: [], stopGrace: 10}},
			},
			logs: {web: [{text: 'popen failure: Cannot allocate memory'}]},
		});
	expect(look('27.3.1', 'own')).toEqual(['seccomp-blocked web certain']);
	expect(look('20.10.5+dfsg1', 'none')).toEqual(['seccomp-blocked web likely']);
	expect(look('20.10.10', 'none')).toEqual([]);
	expect(look('19.03.15', 'unconfined')).toEqual([]);
});
