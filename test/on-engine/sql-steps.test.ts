import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {docker} from '../../source/lab/docker.ts';
import {steps} from '../../source/steps/index.ts';
import {createKeep} from '../../source/world/keep.ts';
import {openWorld} from '../../source/world/open.ts';

// Steps that change a running server, where what they meet is not what their plan hoped for. One server serves all of them.

const project = 'compose-medic-sql-steps';
const container = `${project}-db-1`;
const volume = `${project}_data`;
const data = '/var/lib/postgresql/data';
const image = 'postgres:15-alpine';
const way = {service: 'db', route: 'socket', via: null, superuser: 'shop'};
const quiet = (): void => {};

let folder = '';
let world: WriteWorld;

const stepNamed = (id: string) => {
	const found = steps[id];
	if (!found) throw new Error(id);
	return found;
};
async function apply(id: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
	const step = stepNamed(id);
	const noted = await step.before({...way, ...input}, world, quiet);
	await step.apply({...way, ...input}, noted, world, quiet);
	return noted;
}
async function undo(id: string, input: Record<string, unknown>, noted: Record<string, unknown>): Promise<void> {
	const {undo: back} = stepNamed(id);
	if (typeof back !== 'function') throw new Error(`${id} has no undo`);
	await back({...way, ...input}, noted, world, quiet);
	await back({...way, ...input}, noted, world, quiet);
}

const sql = async (text: string): Promise<string> =>
	(await world.write.sql('db', text, {route: 'socket', database: 'shop', superuser: 'shop'})).stdout.trim();
async function ready(): Promise<void> {
	const answer = () =>
		world
			.database('db')
			.ready()
			.catch(() => 'no-answer');
	while ((await answer()) !== 'accepting') await sleep(200);
}
const altered = (): Promise<string> =>
	docker([
		'run',
		'--rm',
		'--network',
		'none',
		'--volume',
		`${volume}:/data:ro`,
		'--entrypoint',
		'cat',
		image,
		'/data/postgresql.auto.conf',
	]);

const remove = async (): Promise<void> => {
	await docker(['rm', '--force', '--volumes', container]).catch(() => '');
	await docker(['volume', 'rm', volume]).catch(() => '');
};

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'compose-medic-test-'));
	await remove();
	const labels = ['--label', `com.docker.compose.project=${project}`, '--label', 'com.docker.compose.service=db'];
	const environment = ['--env', 'POSTGRES_PASSWORD=compose-medic', '--env', 'POSTGRES_USER=shop'];
	const mount = ['--volume', `${volume}:${data}`];
	await docker(['run', '--detach', '--name', container, ...labels, ...environment, ...mount, image]);
	const {grant} = await openWorld({project});
	world = grant({keep: createKeep(join(folder, 'keep')), signal: new AbortController().signal, settings: new Map()});
	await ready();
}, 120_000);

afterAll(async () => {
	await remove();
	await rm(folder, {recursive: true, force: true});
});

test('a setting with which the server does not start is taken back in its file, byte for byte', async () => {
	await sql("alter system set work_mem = '5MB';");
	const before = await altered();
	const input = {name: 'shared_preload_libraries', value: 'no_such_library'};
	const noted = await apply('alter-system', input);
	await docker(['restart', '--time', '20', container]);
	for (let status = ''; status !== 'exited'; await sleep(200))
		status = (await docker(['inspect', '--format', '{{.State.Status}}', container])).trim();
	await undo('alter-system', input, noted);
	expect(await altered()).toBe(before);
	await docker(['start', container]);
	await ready();
	expect(await sql('show work_mem;')).toBe('5MB');
});

test('a value that was altered before comes back, one that was not is reset', async () => {
	const before = await altered();
	for (const name of ['work_mem', 'deadlock_timeout']) {
		const input = {name, value: '7000'};
		await undo('alter-system', input, await apply('alter-system', input));
	}
	expect(await altered()).toBe(before);
});

test('rows that are equal by the new rules stop a rebuild, and nothing half-built stays', async () => {
	await sql('create table names (name text, id int);');
	await sql("insert into names select 'twin', n from generate_series(1, 2) n;");
	await sql('create index names_name on names (name); create index names_id on names (id, name);');
	await sql("update pg_index set indisunique = true where indexrelid = 'names_name'::regclass;");
	const one = {bytes: 8192, unique: true, concurrently: true};
	const indexes = ['public.names_id', 'public.names_name'].map(index => ({...one, index}));
	await expect(apply('reindex-collation', {database: 'shop', indexes})).rejects.toMatchObject({code: 'duplicates'});
	expect(await sql('select count(*) from pg_index where not indisvalid;')).toBe('0');
	await sql('drop table names;');
});

test('a half-built index of a killed run goes with the undo, one that was there before stays', async () => {
	await sql('create table halves (name text);');
	for (const name of ['halves_ccnew', 'halves_name_ccnew1']) await sql(`create index ${name} on halves (name);`);
	await sql("update pg_index set indisvalid = false where indexrelid = 'halves_ccnew'::regclass;");
	const input = {database: 'shop', indexes: []};
	const noted = await stepNamed('reindex-collation').before({...way, ...input}, world, quiet);
	await sql("update pg_index set indisvalid = false where indexrelid = 'halves_name_ccnew1'::regclass;");
	await undo('reindex-collation', input, noted);
	expect(await sql("select string_agg(indexrelid::regclass::text, ' ') from pg_index where not indisvalid;")).toBe(
		'halves_ccnew',
	);
	await sql('drop table halves;');
});

test('an extension that something was made with stays at its undo, an unused one goes', async () => {
	const input = {name: 'citext', database: 'shop', schema: 'public'};
	const noted = await apply('create-extension', input);
	await sql('create table mails (address citext);');
	await undo('create-extension', input, noted);
	expect(await sql("select count(*) from pg_extension where extname = 'citext';")).toBe('1');
	await sql('drop table mails;');
	await undo('create-extension', input, noted);
	expect(await sql("select count(*) from pg_extension where extname = 'citext';")).toBe('0');
});

test('a slot whose consumer came back is not dropped', async () => {
	await sql("select pg_create_physical_replication_slot('standby', true);");
	const receive = 'exec pg_receivewal -h /var/run/postgresql -U shop -S standby -D /tmp';
	await docker(['exec', '--detach', '--user', 'postgres', container, 'sh', '-c', receive]);
	const active = "select active from pg_replication_slots where slot_name = 'standby';";
	while ((await sql(active)) !== 't') await sleep(100);
	await expect(apply('drop-slot', {slot: 'standby', database: null})).rejects.toMatchObject({code: 'slot-in-use'});
	await sql('select pg_terminate_backend(active_pid) from pg_replication_slots;');
	await docker(['exec', container, 'sh', '-c', 'pid=$(pidof pg_receivewal) && kill $pid; true']);
	while ((await sql(active)) !== 'f') await sleep(100);
	await apply('drop-slot', {slot: 'standby', database: null});
	expect(await sql('select count(*) from pg_replication_slots;')).toBe('0');
});

const sessions = `select a.pid, to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.state, to_char(a.state_change at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from pg_stat_activity a where a.application_name = 'guest';`;

/** A client that says something, waits, and says something else. */
async function guest(script: string) {
	const run = `(${script}) | PGAPPNAME=guest psql -q -U shop -d shop`;
	await docker(['exec', '--detach', '--user', 'postgres', container, 'sh', '-c', run]);
	for (;;) {
		const [pid, born = '', state = '', since = '', transaction = ''] = (await sql(sessions)).split('\t');
		if (pid && state.startsWith('idle')) return {pid: Number(pid), born, state, since, transaction, who: 'guest'};
		await sleep(50);
	}
}
const guests = (): Promise<string> => sql("select count(*) from pg_stat_activity where application_name = 'guest';");

test('a session that has moved on since it was shown is left alone, the same one is ended', async () => {
	const session = await guest('echo "select 1;"; sleep 60');
	await apply('end-sessions', {sessions: [{...session, since: '2026-01-02T03:04:05.000000Z'}], way});
	await apply('end-sessions', {sessions: [{...session, born: '2026-01-02T03:04:05.000000Z'}], way});
	expect(await guests()).toBe('1');
	await apply('end-sessions', {sessions: [session], way});
	expect(await guests()).toBe('0');
});

test('a transaction that nobody waits for any more is left alone, and so is another one of the same session', async () => {
	await sql('create table held (n int);');
	const session = await guest('echo "begin; lock table held;"; sleep 60');
	const input = {...session, query: ''};
	await apply('end-blocker', input);
	expect(await guests()).toBe('1');
	const waiting = docker(['exec', container, 'psql', '-U', 'shop', '-d', 'shop', '-c', 'select count(*) from held']);
	const locks = "select count(*) from pg_stat_activity where wait_event_type = 'Lock';";
	while ((await sql(locks)) === '0') await sleep(50);
	await apply('end-blocker', {...input, transaction: '2026-01-02T03:04:05.000000Z'});
	expect(await sql(locks)).toBe('1');
	await apply('end-blocker', input);
	await waiting;
	expect(await guests()).toBe('0');
});

test('old rows are frozen in every database, and one that admits nobody is closed again', async () => {
	await sql('create table old_rows (n int);');
	// One transaction each, so that there is something to be older than.
	await sql(Array.from({length: 20}, (_, n) => `insert into old_rows values (${n});`).join('\n'));
	const age = "select age(relfrozenxid) from pg_class where oid = 'old_rows'::regclass;";
	expect(Number(await sql(age))).toBeGreaterThan(15);
	for (const database of ['shop', 'template0']) {
		const input = {database, olderThan: 10};
		const noted = await apply('vacuum-freeze', input);
		await undo('vacuum-freeze', input, noted);
	}
	expect(Number(await sql(age))).toBeLessThan(10);
	expect(await sql("select datallowconn, age(datfrozenxid) < 20 from pg_database where datname = 'template0';")).toBe(
		'f\tt',
	);
	expect(await sql('select count(*) from old_rows;')).toBe('20');
});
