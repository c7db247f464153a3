import {expect, test} from 'vitest';
import {createRedactor} from '../../source/core/redact.ts';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {putRowsAside} from '../../source/steps/put-rows-aside.ts';

type Input = Parameters<typeof putRowsAside.like>[0];

const input: Input = {
	...{route: 'socket', via: null, superuser: 'postgres'},
	...{service: 'db', database: 'dify', schema: 'public', table: 'workflow_runs'},
	...{columns: ['id', 'created_at'], olderThan: '2025-11-03'},
};
const before = {file: 'rows.copy.gz', rows: 5, sum: '-12', bytes: 1000};
const saved = ['1\ta\n2\tb\n', '3\tc\n4\td\n5\te\n'];

/** A server that counts: how many old rows it has, and what it was told. */
function server(old: number, freeKib = 9999) {
	const told: string[] = [];
	const state = {old};
	const world = {
		target: {kind: 'compose', project: 'shop', stack: 'dify'},
		docker: {
			containers: async () => [{id: 'a', service: 'db', oneOff: false, entrypoint: [], command: []}],
			environment: async () => new Map(),
			exec: async () => ({code: 0, stdout: `x\ntmpfs 10 10 ${freeKib} 1% /d\n`, stderr: ''}),
		},
		write: {
			async sql(_service: string, sql: string) {
				if (sql.includes('select count(*) from only')) return {code: 0, stdout: `${state.old}\n`, stderr: ''};
				told.push(sql);
				if (sql.includes('truncate')) state.old = 0;
				if (sql.includes('from stdin')) state.old += sql.split('\n').filter(line => /^\d\t/.test(line)).length;
				return {code: 0, stdout: '', stderr: ''};
			},
			rows: {
				async *pieces() {
					yield* saved;
				},
			},
		},
		signal: new AbortController().signal,
		redact: createRedactor().redact,
	} as unknown as WriteWorld;
	return {world, told, state};
}
const undo = (world: WriteWorld): Promise<void> => {
	if (typeof putRowsAside.undo !== 'function') throw new Error('it has no undo');
	return putRowsAside.undo(input, before, world, () => {});
};
const apply = (world: WriteWorld): Promise<void> => putRowsAside.apply(input, before, world, () => {});

test('the rows go in one transaction that first makes sure they are those that were saved', async () => {
	const {world, told} = server(5);
	await apply(world);
	const lines = told[0]?.split('\n') ?? [];
	expect(lines[0]).toBe('set search_path = pg_catalog;');
	const at = (word: string): number => lines.findIndex(line => line.includes(word));
	const order = [
		'begin;',
		'access exclusive',
		'(5::bigint, -12::numeric)',
		'create temp table',
		'truncate',
		'insert into',
		'commit;',
	];
	expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
	expect(order.map(at)).not.toContain(-1);
	// A resumed run finds them gone and does nothing.
	await apply(world);
	expect(told).toHaveLength(1);
});

test('loading back may be broken off anywhere and may be repeated', async () => {
	for (const there of [0, 1, 2, 3, 5]) {
		const {world, told, state} = server(there);
		await undo(world);
		expect(state.old).toBe(5);
		const loaded = told.flatMap(sql => sql.split('\n').filter(line => /^\d\t/.test(line)));
		expect(loaded).toEqual(['1\ta', '2\tb', '3\tc', '4\td', '5\te'].slice(there));
	}
});

test('rows are not loaded onto a disk that they would fill, nor beside rows that are not theirs', async () => {
	const full = server(0, 0);
	await expect(undo(full.world)).rejects.toMatchObject({code: 'no-space'});
	const more = server(6);
	await expect(undo(more.world)).rejects.toMatchObject({code: 'rows-changed'});
	expect([...full.told, ...more.told]).toEqual([]);
});

test('names are quoted, whoever chose them', () => {
	const odd = putRowsAside.like({...input, table: 'a"; drop table x; --', columns: ['b"c']});
	expect(odd).toContain('"a""; drop table x; --"');
	expect(odd).toContain('"b""c"');
});
